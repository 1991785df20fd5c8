"""Coaches and a client at once.

Rounds of real threads keep every invariant. CONCURRENCY_ROUNDS asks for more of them,
and `make soak` does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from assessments import keys
from assessments.actions import (
    attempts,
    clients,
    coach_erasure,
    coaches,
    grants,
    people,
    result_requests,
    retention,
    share_links,
)
from assessments.actions import invitations as invitation_actions
from assessments.actions.locks import lock_owner
from assessments.models import (
    Attempt,
    Client,
    Coach,
    Departure,
    Invitation,
    NextStep,
    Owner,
    Participation,
    Result,
    ResultRequest,
    ShareLink,
    Version,
)
from assessments.queries import grants as grant_queries
from assessments.queries import invitations as invitation_queries
from assessments.queries.departures import Withdrawn
from content.models import AuditEntry
from tests.support.coaching import (
    again,
    alone,
    answer,
    invite,
    join,
    joined,
    make_coach,
)
from tests.support.threads import ROUNDS, at_once, kinds

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]


@pytest.fixture
def approver(questionnaire: Version) -> User:
    return User.objects.create_user("mara")


@pytest.fixture
def coach(approver: User) -> Coach:
    return make_coach("Carla", by=approver)


@pytest.fixture
def other_coach(approver: User) -> Coach:
    return make_coach("Otto", by=approver)


def link(participation: Participation) -> Callable[[], object]:
    return partial(
        clients.make_onward_link, participation, scope="summary", label="", days=7
    )


def test_withdrawing_while_links_and_steps_are_made_leaves_nothing_of_that_coach(
    coach: Coach, other_coach: Coach
) -> None:
    invitation, other = invite(coach, onward=True), invite(other_coach, onward=True)
    for _ in range(ROUNDS):
        mine = joined(invitation)
        theirs = grants.attach(other, result=mine.attempt.result, name="Ann")
        outcomes = at_once(
            link(mine),
            partial(clients.add_step, mine, text="Read"),
            partial(grants.withdraw, mine),
            link(theirs),
        )
        assert set(kinds(outcomes[:2])) <= {"ShareLink", "NextStep", "OwnerGone"}
        assert kinds(outcomes[2:]) == ["ShareLink", "Withdrawn"]
        assert list(Participation.objects.all()) == [theirs]
        assert [each.participation for each in ShareLink.objects.all()] == [theirs]
        assert not NextStep.objects.exists()
        retention.delete_everything(mine.attempt.owner)


def test_deleting_everything_while_links_are_made_leaves_none(coach: Coach) -> None:
    invitation = invite(coach, onward=True)
    for _ in range(ROUNDS):
        participation = joined(invitation)
        outcomes = at_once(
            link(participation),
            partial(retention.delete_everything, participation.attempt.owner),
        )
        assert kinds(outcomes) in (["Deleted", "OwnerGone"], ["Deleted", "ShareLink"])
        assert not ShareLink.objects.exists()
        assert not Participation.objects.exists()


def test_last_place_goes_once(coach: Coach) -> None:
    for _ in range(ROUNDS):
        invitation = invite(coach, max_uses=2)
        join(invitation)
        result = alone()
        owners = Owner.objects.count()
        outcomes = at_once(
            partial(join, invitation, "Ben"),
            partial(join, invitation, "Cy"),
            partial(grants.attach, invitation, result=result, name="Dora"),
        )
        assert kinds(outcomes) == ["Participation", "UsedUp", "UsedUp"]
        assert invitation_queries.places_taken(invitation) == 2
        # Whoever was refused has left no row behind.
        assert Owner.objects.count() - owners == sum(
            isinstance(each, Participation) for each in outcomes[:2]
        )


def test_closing_a_workspace_while_somebody_joins_leaves_nobody_held(
    coach: Coach, approver: User
) -> None:
    for _ in range(ROUNDS):
        invitation = invite(coach, held_until=timezone.now() + timedelta(days=3))
        outcomes = at_once(
            partial(join, invitation),
            partial(coaches.close_workspace, coach, by=approver),
        )
        assert kinds(outcomes) in (
            ["NoneType", "Participation"],
            ["Closed", "NoneType"],
        )
        assert not Participation.objects.filter(held_until__gt=timezone.now()).exists()
        coaches.open_workspace(coach, by=approver)


def test_place_that_a_withdrawal_frees_goes_once(coach: Coach) -> None:
    for _ in range(ROUNDS):
        invitation = invite(coach, max_uses=1)
        first = join(invitation)
        outcomes = at_once(
            partial(grants.withdraw, first),
            partial(join, invitation, "Ben"),
            partial(join, invitation, "Cy"),
        )
        assert kinds(outcomes) in (
            ["Participation", "UsedUp", "Withdrawn"],
            ["UsedUp", "UsedUp", "Withdrawn"],
        )
        assert invitation_queries.places_taken(invitation) == kinds(outcomes).count(
            "Participation"
        )


def test_fewer_places_and_one_more_client_at_once_stay_within_the_places(
    coach: Coach,
) -> None:
    for _ in range(ROUNDS):
        invitation = invite(coach, max_uses=2)
        join(invitation)
        outcomes = at_once(
            partial(
                invitation_actions.change_invitation,
                invitation,
                label="Spring",
                expires_at=None,
                max_uses=1,
            ),
            partial(join, invitation),
        )
        assert kinds(outcomes) in (
            ["NoneType", "UsedUp"],
            ["Participation", "Refused"],
        )
        invitation.refresh_from_db()
        assert invitation_queries.places_taken(invitation) == invitation.max_uses


def test_double_click_of_somebody_new_is_one_person_in_one_place(coach: Coach) -> None:
    for _ in range(ROUNDS):
        invitation, key = invite(coach, max_uses=1), keys.new_key()
        owners = Owner.objects.count()
        outcomes = at_once(*[partial(join, invitation, key=key)] * 3)
        assert set(map(str, outcomes)) == {"Ann"}
        assert (Owner.objects.count() - owners, invitation.participations.count()) == (
            1,
            1,
        )


def test_double_click_of_an_owner_opens_one_attempt_and_attaches_one_result(
    coach: Coach,
) -> None:
    for _ in range(ROUNDS):
        result = alone()
        invitation, other = invite(coach), invite(coach)
        outcomes = at_once(
            *[partial(join, invitation, owner=result.owner)] * 2,
            *[partial(grants.attach, other, result=result, name="Ann")] * 2,
        )
        assert kinds(outcomes) == ["Participation"] * 4
        assert (invitation.participations.count(), other.participations.count()) == (
            1,
            1,
        )
        assert Attempt.objects.filter(owner=result.owner, finished_at=None).count() == 1


def test_double_click_on_consent_to_a_newer_result_is_one_grant(coach: Coach) -> None:
    for _ in range(ROUNDS):
        first = joined(invite(coach))
        owner = first.attempt.owner
        attempts.start_again(owner, version=first.attempt.version, form="full")
        newer = answer(owner)
        assert (
            kinds(at_once(*[partial(grants.agree_to_newer, first, result=newer)] * 2))
            == ["Participation"] * 2
        )
        assert Participation.objects.filter(attempt__owner=owner).count() == 2


def test_deleting_everything_while_joining_leaves_nothing(coach: Coach) -> None:
    for _ in range(ROUNDS):
        result, invitation = alone(), invite(coach)
        outcomes = at_once(
            partial(join, invitation, owner=Owner(pk=result.owner_id)),
            partial(grants.attach, invitation, result=result, name="Ann"),
            partial(retention.delete_everything, Owner(pk=result.owner_id)),
        )
        assert set(kinds(outcomes)) <= {
            "Participation",
            "OwnerGone",
            "AlreadyIn",
            "Deleted",
        }
        assert not Owner.objects.filter(pk=result.owner_id).exists()
        assert not Participation.objects.exists()
        assert not Result.objects.exists()


def test_releasing_while_somebody_joins_holds_nobody(coach: Coach) -> None:
    for _ in range(ROUNDS):
        invitation = invite(coach, held_until=timezone.now() + timedelta(days=3))
        join(invitation)
        outcomes = at_once(
            partial(invitation_actions.release, invitation),
            partial(join, invitation),
            partial(join, invitation),
        )
        assert kinds(outcomes) == ["NoneType", "Participation", "Participation"]
        assert not invitation.participations.filter(
            held_until__gt=timezone.now()
        ).exists()


def test_finishing_while_withdrawing_keeps_the_result_and_no_grant(
    coach: Coach,
) -> None:
    invitation = invite(coach)
    for _ in range(ROUNDS):
        participation = join(invitation)
        owner = participation.attempt.owner
        outcomes = at_once(
            partial(answer, owner), partial(grants.withdraw, participation)
        )
        assert kinds(outcomes) == ["Result", "Withdrawn"]
        assert not invitation.participations.exists()


def test_two_managers_approve_at_once_and_one_account_and_one_entry_come_of_it(
    approver: User,
) -> None:
    for number in range(ROUNDS):
        email = f"nora{number}@example.org"
        at_once(
            *[partial(coaches.ask_for_account, name="Nora", email=email, works_with="")]
            * 2
        )
        asked = Coach.objects.get(email=email)
        assert kinds(
            at_once(*[partial(coaches.approve_coach, asked, by=approver)] * 2)
        ) == ["AlreadyApproved", "str"]
        assert User.objects.filter(email=email).count() == 1
    assert AuditEntry.objects.filter(act="approve").count() == ROUNDS


def test_agreeing_to_a_request_while_its_link_is_ended_or_it_is_declined(
    coach: Coach,
) -> None:
    for _ in range(ROUNDS):
        result = alone()
        shared = share_links.make_share_link(result, scope="summary", label="", days=7)
        asked = result_requests.ask_for_result(coach, shared, label="Our talk")
        outcomes = at_once(
            partial(result_requests.agree_to_request, asked, name="Ann"),
            partial(result_requests.agree_to_request, asked, name="Ann"),
            partial(share_links.revoke_share_link, shared),
            partial(result_requests.decline_result, asked),
        )
        assert kinds(outcomes[2:]) == ["NoneType", "NoneType"]
        agreed = kinds(outcomes[:2])
        assert agreed in (["Participation"] * 2, ["RequestGone"] * 2)
        declined = agreed == ["RequestGone"] * 2
        assert ResultRequest.objects.filter(pk=asked.pk).exists() == declined
        assert result.attempt.participations.count() == (0 if declined else 1)
        shared.refresh_from_db()
        assert not shared.works
        retention.delete_everything(result.owner)
        assert not ResultRequest.objects.exists()


def test_asking_twice_at_once_is_one_request(coach: Coach) -> None:
    for _ in range(ROUNDS):
        result = alone()
        shared = share_links.make_share_link(result, scope="summary", label="", days=7)
        ask = partial(result_requests.ask_for_result, coach, shared, label="Talk")
        asked = at_once(ask, ask, partial(retention.delete_everything, result.owner))
        assert set(kinds(asked[:2])) <= {"ResultRequest", "OwnerGone"}
        assert not ResultRequest.objects.exists()
        assert not coach.invitations.exists()


def test_removing_while_the_client_withdraws_is_one_departure(coach: Coach) -> None:
    group = invite(coach, onward=True, max_uses=1)
    for _ in range(ROUNDS):
        grant = join(group)
        owner = grant.attempt.owner
        clients.set_notes(grant, notes="Ask about the team.")
        clients.add_step(grant, text="Read")
        outcomes = at_once(
            partial(grants.remove_client, grant),
            partial(grants.withdraw, grant),
            partial(clients.add_step, grant, text="Ask"),
        )
        assert set(kinds(outcomes)) <= {
            "NoneType",
            "Withdrawn",
            "NextStep",
            "OwnerGone",
        }
        [departure] = Departure.objects.all()
        withdrew = outcomes[1] != Withdrawn(notes=False, steps=0, links=0)
        assert (departure.removed, departure.owner) == (
            (False, None) if withdrew else (True, owner)
        )
        assert departure.had_notes
        assert departure.steps in (1, 2)
        for model in (Participation, NextStep, Client):
            assert not model._default_manager.exists()
        assert invitation_queries.places_taken(group) == 0
        retention.delete_everything(owner)
        Departure.objects.all().delete()


def test_removing_while_somebody_joins_and_another_deletes_leaves_one_place_taken(
    coach: Coach,
) -> None:
    for _ in range(ROUNDS):
        group = invite(coach, max_uses=2)
        first, second = join(group), join(group, "Ben")
        outcomes = at_once(
            partial(grants.remove_client, first),
            partial(join, group, "Cem"),
            partial(retention.delete_everything, second.attempt.owner),
        )
        assert kinds(outcomes)[0] == "Deleted"
        assert set(kinds(outcomes)) <= {
            "Deleted",
            "NoneType",
            "Participation",
            "UsedUp",
        }
        joined_in = isinstance(outcomes[1], Participation)
        assert invitation_queries.places_taken(group) == joined_in
        departures = Departure.objects.filter(invitation=group)
        assert sorted(each.removed for each in departures) == [False, True]


@pytest.mark.parametrize("for_all", [True, False])
def test_releasing_while_the_client_opens_early_shows_it_once_and_for_good(
    coach: Coach, for_all: bool
) -> None:
    until = timezone.now() + timedelta(days=3)
    grant = joined(invite(coach, held_until=until))
    result, group = grant.attempt.result, grant.invitation
    release = (
        partial(invitation_actions.release, group)
        if for_all
        else partial(grants.release_client, grant)
    )
    for _ in range(ROUNDS):
        Invitation.objects.update(held_until=until)
        Participation.objects.update(held_until=until, opened_early_at=None)
        outcomes = at_once(release, partial(grants.open_early, result), release)
        assert kinds(outcomes) == ["NoneType"] * 3
        grant.refresh_from_db()
        assert not grant.is_held
        # Opened early is only said of what was held at that moment.
        opened = grant.opened_early_at
        assert opened is None or opened < grant.held_until
        assert opened is not None or grant.held_until < until
        assert grant_queries.hold_on_result(result) is None


def test_releasing_while_the_client_withdraws_or_is_removed_is_safe(
    coach: Coach,
) -> None:
    for _ in range(ROUNDS):
        until = timezone.now() + timedelta(days=3)
        group = invite(coach, held_until=until)
        grant = join(group)
        outcomes = at_once(
            partial(invitation_actions.release, group),
            partial(grants.release_client, grant),
            partial(grants.withdraw, grant),
            partial(grants.remove_client, grant),
        )
        assert kinds(outcomes) == ["NoneType"] * 3 + ["Withdrawn"]
        assert not group.participations.exists()
        assert group.departures.count() == 1
        group.refresh_from_db()
        assert not group.is_holding


def test_erasing_a_coach_while_clients_come_and_go_leaves_no_grant(
    approver: User,
) -> None:
    """Each locks several rows, and no two wait for each other."""
    for number in range(ROUNDS):
        coach = make_coach(f"Nora{number}", by=approver)
        group, other = invite(coach), invite(coach)
        first, result = join(group), alone()
        shared = share_links.make_share_link(result, scope="summary", label="", days=7)
        erased, *outcomes = at_once(
            partial(coach_erasure.erase_coach, coach, by=approver),
            partial(join, group, "Ben"),
            partial(join, other, "Cy"),
            partial(grants.withdraw, first),
            partial(result_requests.ask_for_result, coach, shared, label="Our talk"),
            partial(invite, coach),
        )
        names = [type(outcome).__name__ for outcome in outcomes]
        assert set(names[:2]) <= {"Participation", "Closed"}
        assert names[2:] == ["Withdrawn", "ResultRequest", "Invitation"]
        if isinstance(erased, coach_erasure.NotErasable):  # an invitation came between
            coach_erasure.erase_coach(coach, by=approver)
        else:
            assert erased is None
        assert not Participation.objects.exists()
        assert not coach.clients.exists()


def test_adopting_a_grant_beside_a_request_of_its_coach_waits_for_nobody_twice(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = join(invite(coach))
    answer(grant.attempt.owner)
    link = share_links.make_share_link(
        again(grant.attempt.owner), scope="summary", label="", days=7
    )
    Participation.objects.update(client=None)
    Client.objects.all().delete()
    locked, asking = Event(), Event()
    make_client = people.client_for

    def client_once_asked(*args: Any, **kwargs: Any) -> Client:
        locked.set()
        asking.wait(0.5)  # in vain, where the request waits for the coach
        return make_client(*args, **kwargs)

    def lock_owner_late(owner_id: int) -> None:
        locked.wait(0.5)
        asking.set()
        lock_owner(owner_id)

    monkeypatch.setattr(people, "client_for", client_once_asked)
    monkeypatch.setattr(result_requests, "lock_owner", lock_owner_late)
    adopted, asked = at_once(
        people.adopt_grants,
        partial(result_requests.ask_for_result, coach, link, label="Please"),
    )
    assert adopted == 1
    assert isinstance(asked, ResultRequest)


def test_grants_are_adopted_while_their_coach_asks_and_their_owner_joins(
    coach: Coach,
) -> None:
    other = invite(coach)
    for _ in range(ROUNDS):
        grant = join(invite(coach))
        owner = grant.attempt.owner
        answer(owner)
        result = again(owner)
        link = share_links.make_share_link(result, scope="summary", label="", days=7)
        Participation.objects.filter(pk=grant.pk).update(client=None)
        adopted, asked, attached = at_once(
            people.adopt_grants,
            partial(result_requests.ask_for_result, coach, link, label="Please"),
            partial(grants.attach, other, result=result, name="Ann B."),
        )
        assert adopted == 1
        assert isinstance(asked, ResultRequest | result_requests.AlreadySeen)
        assert isinstance(attached, Participation)
        retention.delete_everything(owner)
