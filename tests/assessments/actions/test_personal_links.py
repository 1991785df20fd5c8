"""People invited by name: made once, joined by one person, gone when not needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from assessments import keys
from assessments.actions import (
    coaches,
    grants,
    invitations,
    muting,
    personal_links,
    retention,
)
from assessments.actions.personal_links import Person
from assessments.models import (
    Client,
    Coach,
    Invitation,
    MutedAddress,
    Owner,
    Participation,
    PersonalLink,
    Version,
)
from assessments.queries import invitations as invitation_queries
from assessments.queries import personal_links as links_read
from tests.support.coaching import (
    again,
    alone,
    answer,
    everything_of,
    invite,
    join,
    joined,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADA = Person("Ada Lovelace", "ada@example.org")


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def linked(invitation: Invitation, person: Person = ADA) -> PersonalLink:
    personal_links.invite_people(invitation, [person])
    return PersonalLink.objects.get(invitation=invitation, client__name=person.name)


def test_invitation_never_takes_the_code_of_a_personal_link(
    group: Invitation, other_coach: Coach
) -> None:
    link = linked(group)
    other = invite(other_coach, code=link.code)
    assert other.code != link.code
    way = invitation_queries.way_in(link.code)
    assert way is not None
    assert (way.invitation, way.link) == (group, link)


def join_by(
    link: PersonalLink, name: str = "Ada", *, owner: Owner | None = None
) -> Participation:
    return grants.join(
        link.invitation,
        owner=owner,
        new_key=keys.new_key(),
        name=name,
        version=Version.objects.get(),
        link=link,
    )


def stored(link: PersonalLink) -> PersonalLink:
    return PersonalLink.objects.select_related("client").get(pk=link.pk)


def test_each_name_becomes_a_client_with_a_link_once(group: Invitation) -> None:
    listed = [ADA, Person("Ben"), Person("Ben"), Person("Cy", "ada@example.org")]
    assert personal_links.invite_people(group, listed) == 2
    assert personal_links.invite_people(group, listed) == 0
    assert personal_links.invite_people(group, [Person("Dan", "ben@example.org")]) == 1
    assert personal_links.invite_people(group, [Person("ben", "b@example.org")]) == 0
    assert [
        (link.client.name, link.email, link.client.coach)
        for link in links_read.not_started(group)
    ] == [
        ("Ada Lovelace", "ada@example.org", group.coach),
        ("Ben", "", group.coach),
        ("Dan", "ben@example.org", group.coach),
    ]


def test_names_keep_places(coach: Coach) -> None:
    group = invite(coach, max_uses=3)
    join(group, "Ann")
    with pytest.raises(personal_links.TooFewPlaces) as raised:
        personal_links.invite_people(group, [Person(name) for name in "ABC"])
    assert raised.value.free == 2
    assert not PersonalLink.objects.exists()
    personal_links.invite_people(group, [Person("A"), Person("B")])
    assert invitation_queries.places_taken(group) == 3
    with pytest.raises(grants.UsedUp):
        join(group, "Cy")
    with pytest.raises(grants.UsedUp):
        grants.attach(group, result=alone(), name="Cy")
    with pytest.raises(invitations.Refused):
        invitations.change_invitation(group, label="", expires_at=None, max_uses=2)
    join_by(PersonalLink.objects.earliest("pk"))
    status = invitation_queries.status_of(group)
    assert (status.people, status.not_started, status.invited) == (2, 1, 3)
    [row] = invitation_queries.invitations_of(coach)
    assert (row.status, row.state) == (status, invitation_queries.State.FULL)


def test_nobody_is_invited_into_what_has_ended(group: Invitation) -> None:
    link = linked(group)
    invitations.close(group)
    with pytest.raises(personal_links.Ended):
        personal_links.invite_people(group, [Person("Ben")])
    with pytest.raises(grants.Closed):
        join_by(link)
    assert stored(link).email == ""
    invitations.reopen(group)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(personal_links.Ended):
        personal_links.invite_people(group, [Person("Ben")])
    with pytest.raises(grants.Expired):
        join_by(link)
    Invitation.objects.all().delete()
    with pytest.raises(personal_links.Ended):
        personal_links.invite_people(group, [Person("Ben")])


def test_closing_the_workspace_empties_addresses(coach: Coach) -> None:
    link = linked(invite(coach))
    assert coach.approved_by is not None
    coaches.close_workspace(coach, by=coach.approved_by)
    assert stored(link).email == ""


def test_link_is_for_one_person(group: Invitation) -> None:
    link = linked(group)
    joined_by = join_by(link)
    owner = joined_by.attempt.owner
    client = stored(link).client
    assert joined_by.client == client
    assert (client.name, client.private_name) == ("Ada", "Ada Lovelace")
    assert join_by(link, owner=owner) == joined_by
    with pytest.raises(grants.LinkUsed):
        join_by(link, "Ben")
    with pytest.raises(grants.LinkUsed):
        grants.attach(group, result=alone(), name="Ben", link=link)
    answer(owner)
    with pytest.raises(grants.AlreadyIn):
        join_by(link, owner=owner)
    newer = again(owner)
    assert grants.attach(group, result=newer, name="Ada", link=link).client == client
    assert Client.objects.get() == client


def test_same_name_is_kept_once(group: Invitation) -> None:
    link = linked(group)
    join_by(link, ADA.name)
    assert stored(link).client.private_name == ""


def test_link_finds_the_client_that_its_person_is_already(coach: Coach) -> None:
    first = joined(invite(coach), "Ada")
    owner, known = first.attempt.owner, first.client
    assert known is not None
    spring, autumn = invite(coach), invite(coach)
    link, later = linked(spring), linked(autumn)
    Client.objects.filter(pk=link.client_id).update(tag="team")
    PersonalLink.objects.filter(pk=later.pk).update(client=link.client_id)
    Client.objects.filter(pk=later.client_id).delete()
    assert (
        grants.attach(spring, result=first.attempt.result, name="Ada", link=link).client
        == known
    )
    known.refresh_from_db()
    assert (known.name, known.private_name) == ("Ada", "Ada Lovelace")
    # The other link of who was invited may be for somebody else.
    invited = Client.objects.exclude(pk=known.pk).get()
    assert (stored(link).client, stored(later).client) == (known, invited)
    assert invited.tag == "team"
    # Invited again, by another name: the link that was used last stays.
    third = linked(autumn, Person("A. L."))
    assert join_by(third, "Ada", owner=owner).client == known
    known.refresh_from_db()
    assert known.private_name == "Ada Lovelace"


def test_a_tag_stays_when_an_invited_entry_becomes_one_with_it(coach: Coach) -> None:
    first = joined(invite(coach), "Ada")
    Client.objects.filter(pk=first.client_id).update(tag="own")
    spring = invite(coach)
    link = linked(spring)
    Client.objects.filter(pk=link.client_id).update(tag="team")
    grants.attach(spring, result=first.attempt.result, name="Ada", link=link)
    assert Client.objects.get().tag == "own"


def test_client_of_somebody_else_stays_when_a_link_moves(coach: Coach) -> None:
    """The coach had joined two people in one."""
    first, other = joined(invite(coach), "Ada"), joined(invite(coach), "Ben")
    spring = invite(coach)
    link = linked(spring)
    PersonalLink.objects.filter(pk=link.pk).update(client=other.client)
    grant = grants.attach(spring, result=first.attempt.result, name="Ada", link=link)
    other.refresh_from_db()
    assert (grant.client, stored(link).client) == (first.client, first.client)
    assert other.client not in (None, first.client)


def test_address_goes_when_its_person_has_finished(group: Invitation) -> None:
    link, other = linked(group), linked(group, Person("Ben", "ben@example.org"))
    grant = join_by(link)
    assert stored(link).email == ADA.email
    told = everything_of(grant.attempt.owner)["participations"][0]["personal_link"]
    assert (told["email"], told["sent"], told["reminders"]) == (ADA.email, None, 0)
    PersonalLink.objects.update(sent_at=timezone.now(), reminded_at=timezone.now())
    answer(grant.attempt.owner)
    assert (stored(link).email, stored(other).email) == ("", "ben@example.org")
    grants.attach(group, result=alone(), name="Ben", link=other)
    assert stored(other).email == ""


def test_withdrawing_takes_link_and_client_along(group: Invitation) -> None:
    grants.withdraw(join_by(linked(group)))
    assert not Client.objects.exists()
    assert not PersonalLink.objects.exists()


@pytest.mark.parametrize("back", [True, False])
def test_link_outlasts_abandoned_answers(group: Invitation, back: bool) -> None:
    link = linked(group)
    owner = join_by(link, "Secret").attempt.owner
    later = timezone.now() + timedelta(days=8)
    with time_machine.travel(later):
        assert [row.pk for row in links_read.not_started(group)] == [link.pk]
        if back:
            join_by(link, "Ada", owner=owner)
            assert stored(link).client.name == "Ada"
            return
        retention.forget_old(now=later)
        assert not Participation.objects.exists()
        assert stored(link).client.name == "Ada Lovelace"
        join_by(link, "Ada")


def test_abandoned_answers_of_the_same_name_and_of_nobody_invited(
    group: Invitation,
) -> None:
    link = linked(group)
    join_by(link, ADA.name)
    join(group, "Ben")
    later = timezone.now() + timedelta(days=8)
    with time_machine.travel(later):
        retention.forget_old(now=later)
    assert Client.objects.get() == stored(link).client


def test_removing_somebody_who_has_not_joined(coach: Coach) -> None:
    group = invite(coach)
    link, used = linked(group), linked(group, Person("Ben"))
    join_by(used, "Ben")
    personal_links.remove_person(link)
    personal_links.remove_person(link)
    assert PersonalLink.objects.get() == used
    assert Client.objects.get() == stored(used).client
    with pytest.raises(personal_links.LinkInUse):
        personal_links.remove_person(used)
    with pytest.raises(grants.Closed):
        join_by(link)
    assert not Owner.objects.filter(attempts__isnull=True).exists()
    # Of a client with more than this link, only the link goes.
    autumn = invite(coach)
    more = linked(autumn, Person("Ben"))
    PersonalLink.objects.filter(pk=more.pk).update(client=used.client_id)
    personal_links.remove_person(more)
    assert stored(used).client.name == "Ben"


def test_daily_job_empties_what_is_not_needed(coach: Coach) -> None:
    group, ended, closed = invite(coach), invite(coach), invite(coach)
    link, late, shut = linked(group), linked(ended), linked(closed)
    now = timezone.now()
    assert personal_links.forget_invited(now=now) == 0
    Invitation.objects.filter(pk=ended.pk).update(expires_at=now)
    Invitation.objects.filter(pk=closed.pk).update(closed_at=now)
    assert personal_links.forget_invited(now=now) == 2
    assert [stored(row).email for row in (link, late, shut)] == [ADA.email, "", ""]
    grant = join_by(link)
    answer(grant.attempt.owner)
    # A server of the release before finished the attempt.
    PersonalLink.objects.filter(pk=link.pk).update(email=ADA.email)
    assert personal_links.forget_invited(now=now) == 1
    personal_links.forget_invited(now=now + timedelta(days=366))
    assert PersonalLink.objects.get() == link


def test_daily_job_leaves_who_joins_just_then(
    group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = linked(group)

    def too_late(link: PersonalLink) -> None:
        raise personal_links.LinkInUse

    monkeypatch.setattr(personal_links, "remove_person", too_late)
    personal_links.forget_invited(now=timezone.now() + timedelta(days=366))
    assert PersonalLink.objects.get() == link


def test_codes_lead_to_invitations_and_links(group: Invitation) -> None:
    link = linked(group)
    by_group, by_link = (
        invitation_queries.way_in(keys.spaced(row.code).lower())
        for row in (group, link)
    )
    assert by_group == invitation_queries.WayIn(group)
    assert by_link == invitation_queries.WayIn(group, link)
    assert [way.code for way in (by_group, by_link) if way] == [group.code, link.code]
    for code in ("0000000000", "nonsense"):
        assert invitation_queries.way_in(code) is None


def test_list_of_the_invited(group: Invitation, other_coach: Coach) -> None:
    names = ["Zoe", "Ada", "Ben", "Cy"]
    links = {name: linked(group, Person(name)) for name in names}
    finished = join_by(links["Ada"], "Ada")
    answer(finished.attempt.owner)
    joined = join_by(links["Ben"], "Ben")
    listed = [
        (row.link.client.name, row.stage, row.finished, row.grant)
        for row in links_read.invited_people(group)
    ]
    assert listed == [
        ("Cy", "invited", False, None),
        ("Zoe", "invited", False, None),
        ("Ben", "joined", False, joined.pk),
        ("Ada", "shared", True, finished.pk),
    ]
    assert links_read.own_link(group.coach, links["Cy"].pk) == links["Cy"]
    assert links_read.own_link(other_coach, links["Cy"].pk) is None
    assert links_read.is_used_by_another(links["Ben"], None)
    assert not links_read.is_used_by_another(links["Ben"], joined.attempt.owner_id)
    assert not links_read.is_used_by_another(links["Cy"], None)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_once(
    group: Invitation, rows: int, django_assert_num_queries: object
) -> None:
    personal_links.invite_people(group, [Person(f"P{row}") for row in range(rows)])
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(links_read.invited_people(group)) == rows
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert links_read.joined_by_code(group) == {}
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len([link.client for link in links_read.not_started(group)]) == rows


def test_stopping_is_for_every_coach(coach: Coach, other_coach: Coach) -> None:
    link, other = linked(invite(coach)), linked(invite(other_coach))
    muting.stop_mail(link=link, digest=None)
    first = stored(link).stopped_at
    muting.stop_mail(link=stored(link), digest=None)
    assert [stored(row).email for row in (link, other)] == ["", ""]
    assert stored(other).stopped_at is not None
    assert stored(link).stopped_at == first is not None
    assert MutedAddress.objects.count() == 1
    assert ADA.email not in str(MutedAddress.objects.values().get())
    again = linked(invite(coach), Person("Ada", ADA.email))
    assert (again.email, again.stopped_at is not None) == ("", True)


@pytest.mark.parametrize("new_secret", [False, True])
def test_stopping_empties_the_address_elsewhere_when_it_is_gone_here(
    coach: Coach, other_coach: Coach, new_secret: bool
) -> None:
    ben = Person("Ben", "ben@example.org")
    link, other = linked(invite(coach)), linked(invite(other_coach))
    another = linked(other.invitation, ben)
    token = muting.stop_token(ADA.email)
    invitations.close(link.invitation)
    before = settings.SECRET_KEY
    changed = {"SECRET_KEY": "n" * 50, "SECRET_KEY_FALLBACKS": [before]}
    with override_settings(**changed if new_secret else {}):
        muting.stop_mail(link=stored(link), digest=muting.read_stop_token(token))
        assert muting.muted([ADA.email, ben.email]) == {ADA.email}
    assert [stored(row).email for row in (link, other, another)] == ["", "", ben.email]
    assert stored(other).stopped_at is not None
    assert stored(another).stopped_at is None


def test_stopping_works_when_link_and_address_are_gone() -> None:
    token = muting.stop_token(ADA.email)
    digest = muting.read_stop_token(token)
    assert muting.read_stop_token(token[:-1]) is None
    assert muting.muted([ADA.email]) == set()
    muting.stop_mail(link=None, digest=digest)
    muting.stop_mail(link=None, digest=None)
    assert muting.muted([ADA.email, "ben@example.org"]) == {ADA.email}


def test_stopping_outlasts_a_change_of_the_secret_key() -> None:
    before = settings.SECRET_KEY
    token = muting.stop_token(ADA.email)
    muting.stop_mail(link=None, digest=muting.read_stop_token(token))
    with override_settings(SECRET_KEY="n" * 50):
        assert muting.muted([ADA.email]) == set()
        assert muting.read_stop_token(token) is None
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[before]):
        assert muting.muted([ADA.email]) == {ADA.email}
        digest = muting.read_stop_token(token)
        assert digest
        assert muting.is_digest_of(digest, ADA.email)
        assert not muting.is_digest_of(digest, "ben@example.org")


def test_address_alone_is_taken_away(group: Invitation) -> None:
    link = linked(group)
    muting.forget_address(link)
    assert (stored(link).email, stored(link).stopped_at) == ("", None)
    assert not MutedAddress.objects.exists()
