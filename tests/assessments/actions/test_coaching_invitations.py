"""Codes, terms and states of invitations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import keys
from assessments.actions import invitations as invitation_actions
from assessments.models import Coach, Invitation, Participation
from assessments.queries import grants
from assessments.queries import invitations as invitation_queries
from assessments.queries.invitations import State
from tests.support.coaching import invite, join, joined

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@given(
    st.text(alphabet=keys.ALPHABET, min_size=10, max_size=10),
    st.randoms(use_true_random=False),
)
def test_code_is_read_however_a_hand_writes_it(code: str, chance: Any) -> None:
    written = (
        keys.spaced(code)
        .replace("0", chance.choice("0oO"))
        .replace("1", chance.choice("1iIlL"))
    )
    assert (
        keys.read_code(
            f" {chance.choice([written, written.lower(), written.replace('-', ' ')])}\n"
        )
        == code
    )


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567890A", "12345-6789U", "12345-6789!", "1" * 201]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert keys.read_code(text) is None


def test_new_codes_are_read_back_and_shown_in_two_fives() -> None:
    code = keys.new_code()
    assert keys.read_code(code) == code
    assert [len(part) for part in keys.spaced(code).split("-")] == [5, 5]


def test_invitation_is_found_by_its_code_alone(coach: Coach) -> None:
    invitation = invite(coach)
    assert (
        invitation_queries.invitation_by_code(keys.spaced(invitation.code).lower())
        == invitation
    )
    assert invitation_queries.invitation_by_code("00000-00000") is None
    assert invitation_queries.invitation_by_code("nonsense") is None


def test_making_it_twice_with_one_code_makes_one(coach: Coach) -> None:
    first = invite(
        coach, code="0000000001", held_until=timezone.now() + timedelta(days=3)
    )
    assert invite(coach, code="0000000001", held_until=first.held_until) == first
    assert Invitation.objects.count() == 1


def test_code_that_another_group_or_coach_has_gives_way_to_a_new_one(
    coach: Coach, other_coach: Coach
) -> None:
    first = invite(coach, code="0000000001")
    others = [
        invite(coach, code="0000000001", label="Autumn"),
        invite(other_coach, code="0000000001"),
    ]
    assert Invitation.objects.count() == 3
    assert len({first.code, *(each.code for each in others)}) == 3
    assert [(each.coach, each.label) for each in others] == [
        (coach, "Autumn"),
        (other_coach, "Spring course"),
    ]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"held_until": timedelta(days=30, minutes=1)}, "held_until"),
        ({"held_until": timedelta(minutes=-1)}, "held_until"),
        ({"expires_at": timedelta(minutes=-1)}, "expires_at"),
        ({"max_uses": 0}, "max_uses"),
    ],
)
def test_impossible_terms_are_refused_at_their_field(
    coach: Coach, terms: dict[str, Any], field: str
) -> None:
    moments = {
        name: timezone.now() + value if isinstance(value, timedelta) else value
        for name, value in terms.items()
    }
    with pytest.raises(invitation_actions.Refused) as refused:
        invite(coach, **moments)
    assert refused.value.field == field
    assert not Invitation.objects.exists()


def test_results_may_be_held_for_thirty_days(coach: Coach) -> None:
    until = timezone.now() + timedelta(days=30)
    assert invite(coach, held_until=until).held_until == until


def test_label_date_and_places_may_change_and_terms_stay(coach: Coach) -> None:
    invitation = invite(coach, scope="strengths", max_uses=3)
    until = timezone.now() + timedelta(days=5)
    invitation_actions.change_invitation(
        invitation, label="Summer course", expires_at=until, max_uses=1
    )
    found = invitation_queries.own_invitation(coach, invitation.pk)
    assert found is not None
    assert (found.label, found.expires_at, found.max_uses, found.scope) == (
        "Summer course",
        until,
        1,
        "strengths",
    )


def test_terms_that_another_window_has_saved_are_not_overwritten(coach: Coach) -> None:
    invitation = invite(coach)
    terms = {"expires_at": None, "max_uses": None}
    invitation_actions.change_invitation(invitation, label="Mine", **terms)
    with pytest.raises(invitation_actions.TermsChanged):
        invitation_actions.change_invitation(invitation, label="Later", **terms)
    assert Invitation.objects.get().label == "Mine"


def test_places_do_not_fall_below_those_taken(coach: Coach) -> None:
    invitation = invite(coach)
    join(invitation)
    join(invitation, "Ben")
    with pytest.raises(invitation_actions.Refused, match="2 places are taken"):
        invitation_actions.change_invitation(
            invitation, label="Spring", expires_at=None, max_uses=1
        )
    invitation_actions.change_invitation(
        invitation, label="Spring", expires_at=None, max_uses=2
    )
    assert Invitation.objects.get().max_uses == 2


def test_date_that_is_past_may_stay_but_no_past_one_may_come(coach: Coach) -> None:
    day = timezone.now() + timedelta(days=1)
    invitation = invite(coach, expires_at=day)
    with time_machine.travel(day + timedelta(days=1)):
        invitation_actions.change_invitation(
            invitation, label="Over", expires_at=day, max_uses=None
        )
        invitation.refresh_from_db()
        with pytest.raises(invitation_actions.Refused, match="in the future"):
            invitation_actions.change_invitation(
                invitation,
                label="Over",
                expires_at=day + timedelta(hours=1),
                max_uses=None,
            )
    assert Invitation.objects.get().label == "Over"


NOW = datetime.fromisoformat("2026-12-01T12:00:00Z")


@given(
    closed=st.booleans(),
    left=st.sampled_from([None, -1, 0, 1]),
    places=st.sampled_from([None, 1, 2, 3]),
    people=st.integers(0, 4),
    account=st.sampled_from(["open", "closed", "none"]),
)
def test_state_is_the_first_reason_that_holds(
    closed: bool, left: int | None, places: int | None, people: int, account: str
) -> None:
    coach = Coach(user=None if account == "none" else User(is_active=account == "open"))
    invitation = Invitation(
        coach=coach,
        closed_at=NOW if closed else None,
        expires_at=None if left is None else NOW + timedelta(seconds=left),
        max_uses=places,
    )
    with time_machine.travel(NOW, tick=False):
        state = invitation_queries.state_of(invitation, people)
    reasons = [
        (State.CLOSED, closed or account != "open"),
        (State.EXPIRED, left in (-1, 0)),
        (State.FULL, places is not None and people >= places),
        (State.OPEN, True),
    ]
    assert state == next(reason for reason, holds in reasons if holds)


def test_closing_and_reopening(coach: Coach) -> None:
    invitation = invite(coach)
    invitation_actions.close(invitation)
    first = Invitation.objects.get().closed_at
    invitation_actions.close(invitation)
    assert [group.state for group in invitation_queries.invitations_of(coach)] == [
        State.CLOSED
    ]
    assert Invitation.objects.get().closed_at == first
    invitation_actions.reopen(invitation)
    assert [group.state for group in invitation_queries.invitations_of(coach)] == [
        State.OPEN
    ]


def test_releasing_ends_the_hold_for_those_who_are_in_and_those_to_come(
    coach: Coach,
) -> None:
    until = timezone.now() + timedelta(days=7)
    invitation, other = invite(coach, held_until=until), invite(coach, held_until=until)
    early, elsewhere = joined(invitation), joined(other)
    invitation_actions.release(invitation)
    late = joined(invitation, "Ben")
    held = {
        row.pk: grants.hold_on_result(row.attempt.result) is not None
        for row in Participation.objects.select_related("attempt__result")
    }
    assert held == {early.pk: False, late.pk: False, elsewhere.pk: True}


def test_releasing_never_holds_longer(coach: Coach) -> None:
    invitation = invite(coach, held_until=timezone.now() + timedelta(days=1))
    participation = joined(invitation)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        invitation_actions.release(invitation)
    assert Invitation.objects.get().held_until == invitation.held_until
    assert Participation.objects.get().held_until == participation.held_until
