"""One client before the coach.

Notes, next steps, links onward; and nothing of it for anybody else.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments.actions import clients as client_actions
from assessments.actions import grants as grant_actions
from assessments.actions import locks, retention
from assessments.actions import share_links as share_link_actions
from assessments.models import Coach, NextStep, Owner, Participation, ShareLink
from assessments.queries import clients as client_queries
from assessments.queries import grants as grant_queries
from assessments.queries import invitations
from assessments.queries import share_links as share_link_queries
from content.models import AuditEntry
from tests.support.coaching import invite, join, joined
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def client_of(coach: Coach) -> Participation:
    """Ann shares strengths with Carla, who may share them onward."""
    return joined(invite(coach, scope="strengths", onward=True))


def link_of(participation: Participation, **changes: Any) -> ShareLink:
    return client_actions.make_onward_link(
        participation,
        **{"scope": "summary", "label": "The manager", "days": 30} | changes,
    )


def test_notes_are_kept_as_written(coach: Coach, client_of: Participation) -> None:
    client_actions.set_notes(client_of, notes="First.")
    client_of.refresh_from_db()
    client_actions.set_notes(client_of, notes="Second,\nlonger.")
    row = client_queries.own_participation(coach, client_of.pk)
    assert row is not None
    assert row.participation.notes == "Second,\nlonger."


def test_notes_that_another_window_has_saved_are_not_overwritten(
    client_of: Participation,
) -> None:
    client_actions.set_notes(client_of, notes="Mine.")
    with pytest.raises(client_actions.NotesChanged):
        client_actions.set_notes(client_of, notes="Later.")
    client_of.refresh_from_db()
    assert client_of.notes == "Mine."


def test_steps_are_added_ticked_and_removed_in_order(
    coach: Coach, client_of: Participation
) -> None:
    first, second = (
        client_actions.add_step(client_of, text=text)
        for text in ("Read chapter 3", "Talk to somebody")
    )
    client_actions.toggle_step(first, done=True)
    moment = NextStep.objects.get(pk=first.pk).done_at
    client_actions.toggle_step(first, done=True)
    assert [
        (step.text, step.done_at) for step in client_queries.steps_of(client_of)
    ] == [
        ("Talk to somebody", None),
        ("Read chapter 3", moment),
    ]
    assert moment is not None
    client_actions.toggle_step(first, done=False)
    assert NextStep.objects.get(pk=first.pk).done_at is None
    client_actions.remove_step(second)
    assert client_queries.steps_of(client_of) == [first]


def test_open_steps_come_first_in_the_order_of_their_days(
    client_of: Participation,
) -> None:
    today = timezone.localdate()
    late, soon, none, done = (
        client_actions.add_step(client_of, text=text, due_on=day)
        for text, day in (
            ("Late", today + timedelta(days=9)),
            ("Soon", today),
            ("None", None),
            ("Done", today - timedelta(days=1)),
        )
    )
    assert done.is_overdue
    client_actions.toggle_step(done, done=True)
    done.refresh_from_db()
    assert not any(step.is_overdue for step in (late, soon, none, done))
    assert client_queries.steps_of(client_of) == [soon, late, none, done]


@pytest.mark.parametrize(
    ("zone", "overdue"),
    [("Pacific/Kiritimati", True), ("", False), ("Pacific/Pago_Pago", False)],
)
def test_step_is_overdue_where_the_coach_is_for_coach_and_client(
    coach: Coach, client_of: Participation, zone: str, overdue: bool
) -> None:
    Coach.objects.filter(pk=coach.pk).update(time_zone=zone)
    tomorrow = timezone.localdate() + timedelta(days=1)
    client_actions.add_step(client_of, text="Read", due_on=tomorrow)
    client_actions.share_steps(client_of, shared=True)
    with time_machine.travel(datetime.combine(tomorrow, time(12), tzinfo=UTC)):
        row = client_queries.own_participation(coach, client_of.pk)
        assert row is not None
        [mine] = client_queries.steps_of(row.participation)
        [grant] = grant_queries.grants_of(client_of.attempt.owner)
        assert [mine.is_overdue, grant.steps[0].is_overdue] == [overdue, overdue]
        # Both have already read the coach with the rest.
        assert asked(lambda: mine.is_overdue or grant.steps[0].is_overdue) == []


def test_an_open_step_is_not_added_twice(client_of: Participation) -> None:
    step = client_actions.add_step(client_of, text="Read")
    assert client_actions.add_step(client_of, text="Read") == step
    tomorrow = timezone.localdate() + timedelta(days=1)
    client_actions.add_step(client_of, text="Read", due_on=tomorrow)
    client_actions.toggle_step(step, done=True)
    client_actions.add_step(client_of, text="Read")
    assert len(client_queries.steps_of(client_of)) == 3


def test_a_client_marks_only_steps_that_are_shown(client_of: Participation) -> None:
    step = client_actions.add_step(client_of, text="Read")
    with pytest.raises(locks.OwnerGone):
        client_actions.toggle_step(step, done=True, by_client=True)
    client_actions.share_steps(client_of, shared=True)
    client_actions.toggle_step(step, done=True, by_client=True)
    step.refresh_from_db()
    assert (step.done_by_client, step.done_at is None) == (True, False)
    client_actions.toggle_step(step, done=False, by_client=True)
    step.refresh_from_db()
    assert (step.done_by_client, step.done_at) == (False, None)
    step = NextStep.objects.select_related("participation__attempt").get()
    grant_actions.withdraw(client_of)
    with pytest.raises(locks.OwnerGone):
        client_actions.toggle_step(step, done=True, by_client=True)


def test_client_has_a_bounded_number_of_steps(client_of: Participation) -> None:
    NextStep.objects.bulk_create(
        NextStep(participation=client_of, text="Read")
        for _ in range(client_actions.MAX_STEPS)
    )
    with pytest.raises(client_actions.TooManySteps):
        client_actions.add_step(client_of, text="One more")


def test_client_sees_the_steps_while_they_are_shared(client_of: Participation) -> None:
    step = client_actions.add_step(client_of, text="Read chapter 3")
    owner = client_of.attempt.owner
    assert [grant.steps for grant in grant_queries.grants_of(owner)] == [[]]
    client_actions.share_steps(client_of, shared=True)
    assert [grant.steps for grant in grant_queries.grants_of(owner)] == [[step]]
    client_actions.share_steps(client_of, shared=False)
    assert [grant.steps for grant in grant_queries.grants_of(owner)] == [[]]


def test_grants_take_two_queries_however_many_there_are(
    coach: Coach,
    other_coach: Coach,
    client_of: Participation,
    django_assert_num_queries: Any,
) -> None:
    owner = client_of.attempt.owner
    with django_assert_num_queries(1):
        grant_queries.grants_of(owner)
    for inviting in (coach, other_coach):
        grant = grant_actions.attach(
            invite(inviting), result=client_of.attempt.result, name="Ann"
        )
        client_actions.add_step(grant, text="Read chapter 3")
        client_actions.share_steps(grant, shared=True)
    with django_assert_num_queries(2):
        grants = grant_queries.grants_of(owner)
        assert [
            (grant.participation.invitation.coach.name, len(grant.steps), grant.shown)
            for grant in grants
        ] == [
            ("Otto", 1, True),
            ("Carla", 1, True),
            ("Carla", 0, True),
        ]


def test_link_onward_shows_the_result_until_the_coach_ends_it(
    coach: Coach, client_of: Participation
) -> None:
    link = link_of(client_of, scope="strengths")
    assert Client().get(f"/r/{link.token}/").status_code == 200
    assert client_queries.onward_links_of(client_of) == [link]
    assert coach.user is not None
    client_actions.revoke_onward_link(link, by=coach.user)
    client_actions.revoke_onward_link(link, by=coach.user)
    assert Client().get(f"/r/{link.token}/").status_code == 404
    assert [
        (entry.by, str(entry)) for entry in AuditEntry.objects.filter(act="revoke")
    ] == [(coach.user, f"revoked a coach's share link, number {link.pk}")]


def test_owner_sees_whose_link_it_is_and_ends_it(client_of: Participation) -> None:
    link = link_of(client_of)
    own = share_link_actions.make_share_link(
        client_of.attempt.result, scope="summary", label="Mine", days=7
    )
    made = {
        each.pk: (each.label, each.made_by)
        for each in share_link_queries.own_share_links(client_of.attempt.owner)
    }
    assert made == {link.pk: ("The manager", "Carla"), own.pk: ("Mine", None)}
    share_link_actions.revoke_share_link(link)
    assert [
        grant.links for grant in grant_queries.grants_of(client_of.attempt.owner)
    ] == [0]
    assert Client().get(f"/r/{link.token}/").status_code == 404


@pytest.mark.parametrize(
    ("granted", "asked", "refused"),
    [
        (granted, asked, asked_place > granted_place)
        for granted_place, granted in enumerate(("summary", "strengths", "answers"))
        for asked_place, asked in enumerate(("summary", "strengths", "answers"))
    ],
)
def test_link_shows_no_more_than_was_granted(
    coach: Coach, granted: str, asked: str, refused: bool
) -> None:
    participation = joined(invite(coach, scope=granted, onward=True))
    if refused:
        with pytest.raises(client_actions.TooWide):
            link_of(participation, scope=asked)
    else:
        assert link_of(participation, scope=asked).scope == asked
    assert ShareLink.objects.count() == (0 if refused else 1)


def test_no_link_without_consent_to_links(coach: Coach) -> None:
    with pytest.raises(client_actions.NotOnward):
        link_of(joined(invite(coach)))


def test_no_link_without_a_result_that_the_coach_sees(coach: Coach) -> None:
    invitation = invite(coach, onward=True)
    unfinished, careless, old = (
        join(invitation),
        joined(invitation, "Ben", "careless"),
        joined(invitation, "Cy"),
    )
    for participation in (unfinished, careless):
        with pytest.raises(share_link_actions.NotShareable):
            link_of(participation)
    with (
        time_machine.travel(old.attempt.result.expires_at),
        pytest.raises(share_link_actions.NotShareable),
    ):
        link_of(old)


def test_coach_and_owner_each_have_their_own_bound_of_links(
    client_of: Participation,
) -> None:
    for _ in range(share_link_actions.MAX_USABLE_LINKS):
        link_of(client_of)
    with pytest.raises(share_link_actions.TooManyLinks):
        link_of(client_of)
    assert share_link_actions.make_share_link(
        client_of.attempt.result, scope="summary", label="", days=7
    ).works
    share_link_actions.revoke_share_link(
        ShareLink.objects.filter(participation=client_of)[0]
    )
    assert link_of(client_of).works


@pytest.mark.parametrize("end", ["withdraw", "delete"])
def test_nothing_is_written_for_a_client_who_has_gone(
    client_of: Participation, end: str
) -> None:
    step = client_actions.add_step(client_of, text="Read chapter 3")
    if end == "withdraw":
        grant_actions.withdraw(client_of)
    else:
        retention.delete_everything(Owner.objects.get())
    for act in (
        lambda: client_actions.set_notes(client_of, notes="Late"),
        lambda: client_actions.add_step(client_of, text="Late"),
        lambda: client_actions.share_steps(client_of, shared=True),
        lambda: client_actions.toggle_step(step, done=True),
        lambda: client_actions.remove_step(step),
        lambda: link_of(client_of),
    ):
        with pytest.raises(locks.OwnerGone):
            act()
    assert not NextStep.objects.exists()
    assert not ShareLink.objects.exists()


def test_other_coach_finds_nothing(
    coach: Coach, other_coach: Coach, client_of: Participation
) -> None:
    step, link = client_actions.add_step(client_of, text="Read"), link_of(client_of)
    rows = {
        invitations.own_invitation: client_of.invitation_id,
        client_queries.own_participation: client_of.pk,
        client_queries.own_step: step.pk,
        client_queries.own_onward_link: link.pk,
    }
    assert [read(other_coach, pk) for read, pk in rows.items()] == [None] * 4
    assert [read(coach, pk) is not None for read, pk in rows.items()] == [True] * 4
    assert invitations.invitations_of(other_coach) == []


def test_owner_own_link_is_no_link_of_the_coach(
    coach: Coach, client_of: Participation
) -> None:
    own = share_link_actions.make_share_link(
        client_of.attempt.result, scope="answers", label="", days=7
    )
    assert client_queries.own_onward_link(coach, own.pk) is None
    assert client_queries.onward_links_of(client_of) == []


def test_results_of_a_client_are_those_of_the_same_group(
    coach: Coach, client_of: Participation
) -> None:
    elsewhere = grant_actions.attach(
        invite(coach), result=client_of.attempt.result, name="Anonymous"
    )
    somebody = joined(client_of.invitation, "Ben")
    for participation in (client_of, elsewhere, somebody):
        assert [
            row.participation for row in client_queries.results_of_client(participation)
        ] == [participation]


def test_held_link_works_for_whom_it_was_made(coach: Coach) -> None:
    participation = joined(
        invite(coach, onward=True, held_until=timezone.now() + timedelta(days=2))
    )
    assert Client().get(f"/r/{link_of(participation).token}/").status_code == 200
