"""People invited by name, the coach and strangers in the same second.

Rounds of real threads keep every invariant. CONCURRENCY_ROUNDS asks for more of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from assessments import keys
from assessments.actions import (
    coaches,
    finish_mail,
    grants,
    invitation_mail,
    muting,
    personal_links,
)
from assessments.actions import invitations as invitation_actions
from assessments.actions.personal_links import Person
from assessments.models import (
    Client,
    Coach,
    Invitation,
    Owner,
    Participation,
    PersonalLink,
    Version,
)
from assessments.queries import invitations as invitation_queries
from tests.support.coaching import alone, invite, join
from tests.support.smtp import MailServer, real_mail
from tests.support.threads import ROUNDS, at_once, kinds

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]
ADA = Person("Ada", "ada@example.org")
# What a person may meet who is too late.
LATE = {"UsedUp", "LinkUsed", "Closed"}


@pytest.fixture
def coach(live_coach: Coach) -> Coach:
    return live_coach


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


def linked(invitation: Invitation, person: Person = ADA) -> PersonalLink:
    personal_links.invite_people(invitation, [person])
    return PersonalLink.objects.select_related("client").get(
        invitation=invitation, client__name=person.name
    )


def join_by(
    link: PersonalLink, name: str, *, owner: Owner | None = None
) -> Callable[[], object]:
    return partial(
        grants.join,
        link.invitation,
        owner=owner,
        new_key=keys.new_key(),
        name=name,
        version=Version.objects.get(),
        link=link,
    )


def check(invitation: Invitation) -> None:
    """What holds of a group and of its coach's clients whatever has happened."""
    taken = invitation_queries.places_taken(invitation)
    assert invitation.max_uses is None or taken <= invitation.max_uses
    for grant in invitation.participations.select_related("client"):
        assert grant.client is not None
        assert grant.client.coach_id == invitation.coach_id
    for link in invitation.personal_links.all():
        owners = {
            grant.attempt.owner_id
            for grant in Participation.objects.filter(
                invitation=invitation, client=link.client_id
            ).select_related("attempt")
        }
        assert len(owners) <= 1
    # Nobody is a client without a grant and without a link.
    assert not Client.objects.filter(participations=None, personal_links=None).exists()


def test_last_place_goes_to_one_of_personal_and_open_codes(coach: Coach) -> None:
    for number in range(ROUNDS):
        group = invite(coach, max_uses=2)
        link = linked(group)
        outcomes = at_once(
            join_by(link, "Ada"),
            join_by(link, "Bea"),
            partial(join, group, "Cy"),
            partial(join, group, "Dan"),
        )
        assert kinds(outcomes) == [
            "LinkUsed",
            "Participation",
            "Participation",
            "UsedUp",
        ], number
        assert invitation_queries.places_taken(group) == 2
        check(group)


def test_place_is_kept_or_taken_while_people_are_invited(coach: Coach) -> None:
    for _ in range(ROUNDS):
        group = invite(coach, max_uses=1)
        outcomes = at_once(
            partial(join, group, "Cy"),
            partial(personal_links.invite_people, group, [ADA]),
            partial(personal_links.invite_people, group, [ADA]),
        )
        met = set(kinds(outcomes))
        assert met <= {"Participation", "int", "UsedUp", "TooFewPlaces"}
        assert invitation_queries.places_taken(group) == 1
        assert group.personal_links.count() + group.participations.count() == 1
        check(group)


def test_list_that_is_sent_twice_makes_everybody_once(coach: Coach) -> None:
    people = [Person(f"P{number}", f"p{number}@example.org") for number in range(5)]
    for _ in range(ROUNDS):
        group = invite(coach)
        made = at_once(*[partial(personal_links.invite_people, group, people)] * 3)
        assert sorted(map(int, made)) == [0, 0, 5]  # type: ignore[call-overload]
        assert group.personal_links.count() == 5


def test_grant_is_confirmed_while_its_link_is_taken_back(coach: Coach) -> None:
    for _ in range(ROUNDS):
        group = invite(coach)
        link, result = linked(group), alone()
        outcomes = at_once(
            partial(
                grants.attach,
                group,
                result=result,
                name="Ada",
                link=PersonalLink.objects.select_related("client").get(pk=link.pk),
            ),
            partial(personal_links.remove_person, link),
        )
        met = kinds(outcomes)
        assert met in (["LinkInUse", "Participation"], ["Closed", "NoneType"])
        granted = "Participation" in met
        assert group.participations.count() == group.personal_links.count() == granted
        check(group)


def test_link_is_used_while_its_person_withdraws(coach: Coach) -> None:
    for _ in range(ROUNDS):
        group = invite(coach)
        link = linked(group)
        first = join_by(link, "Ada")()
        assert isinstance(first, Participation)
        outcomes = at_once(
            partial(grants.withdraw, first),
            join_by(link, "Bea"),
            join_by(link, "Ada", owner=first.attempt.owner),
        )
        assert set(kinds(outcomes)) <= {"Withdrawn", "Participation"} | LATE
        check(group)


def test_two_links_are_used_by_each_others_clients(coach: Coach) -> None:
    for _ in range(ROUNDS):
        before, group, other = invite(coach), invite(coach), invite(coach)
        ada, ben = join(before, "Ada"), join(before, "Ben")
        one, two = linked(group), linked(other, Person("Ben"))
        outcomes = at_once(
            join_by(one, "Ada", owner=ada.attempt.owner),
            join_by(two, "Ada", owner=ada.attempt.owner),
            join_by(two, "Ben", owner=ben.attempt.owner),
        )
        assert set(kinds(outcomes)) <= {"Participation", "LinkUsed"}
        for each in (before, group, other):
            check(each)


def test_group_is_closed_while_people_join_and_are_mailed(
    coach: Coach, server: MailServer
) -> None:
    for _ in range(ROUNDS):
        group = invite(coach)
        link = linked(group)
        outcomes = at_once(
            partial(invitation_actions.close, group),
            join_by(link, "Ada"),
            partial(invitation_mail.send_invitations, group),
        )
        assert set(kinds(outcomes)) <= {
            "NoneType",
            "Participation",
            "Closed",
            "Sent",
            "Ended",
        }
        assert not group.personal_links.exclude(email="").exists()
        check(group)


def test_workspace_is_closed_while_people_are_invited(coach: Coach) -> None:
    manager = coach.approved_by
    assert manager is not None
    group = invite(coach)
    for number in range(ROUNDS):
        coaches.open_workspace(coach, by=manager)
        person = Person(f"P{number}", f"p{number}@example.org")
        invited, closed = at_once(
            partial(personal_links.invite_people, group, [person]),
            partial(coaches.close_workspace, coach, by=manager),
        )
        assert closed is None
        there = group.personal_links.filter(name=person.name)
        if isinstance(invited, personal_links.Ended):
            assert not there.exists()
        else:
            assert (invited, there.get().email) == (1, "")
        with pytest.raises(personal_links.Ended):
            personal_links.invite_people(group, [ADA])


def test_three_presses_mail_everybody_once(coach: Coach, server: MailServer) -> None:
    for _ in range(ROUNDS):
        group = invite(coach)
        linked(group)
        server.received.clear()
        outcomes = at_once(
            *[partial(invitation_mail.send_invitations, group)] * 3,
        )
        assert kinds(outcomes) == ["Sent"] * 3
        assert [mail.to for mail in server.received] == [[ADA.email]]


def test_two_stop_at_once_and_two_jobs_tell_once(
    coach: Coach, server: MailServer
) -> None:
    for number in range(ROUNDS):
        person = Person("Ada", f"ada{number}@example.org")
        link = linked(invite(coach), person)
        outcomes = at_once(*[partial(muting.stop_mail, link=link, digest=None)] * 3)
        assert kinds(outcomes) == ["NoneType"] * 3
        assert muting.muted([person.email]) == {person.email}
    assert at_once(
        *[partial(finish_mail.tell_coaches, when=Coach.FinishMail.DAILY)] * 2
    ) == [0, 0]
