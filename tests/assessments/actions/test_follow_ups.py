"""Consent to be asked how it turned out, and the two answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.actions import attempts, follow_ups, sums
from assessments.actions.sums import roll_up
from assessments.models import (
    Attempt,
    CountDay,
    FollowUp,
    Owner,
    Result,
    Version,
)
from tests.support.later import months_later
from tests.support.taker import Taker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def result(questionnaire: Version) -> Result:
    visitor = Taker()
    visitor.take("both")
    return visitor.result()


def test_consent_is_given_once_for_an_owner(result: Result) -> None:
    first = follow_ups.agree(result)
    newer = attempts.change_answer(result, "T6", 5)
    assert newer != result
    assert follow_ups.agree(newer) == first
    assert FollowUp.objects.get().result == result


@pytest.mark.parametrize("reason", ["careless", "staff", "too late", "gone by then"])
def test_consent_is_refused(result: Result, reason: str) -> None:
    if reason == "careless":
        Result.objects.update(outcome="careless")
    elif reason == "staff":
        Attempt.objects.update(by_staff=True)
    elif reason == "too late":
        months_later()
    else:
        Result.objects.update(expires_at=timezone.now() + timedelta(days=100))
    result = Result.objects.select_related("attempt").get()
    with pytest.raises(follow_ups.NotAsked):
        follow_ups.agree(result)
    assert not FollowUp.objects.exists()


def test_answers_are_stored_once_and_from_five_months_on(result: Result) -> None:
    with pytest.raises(follow_ups.NotAsked):
        follow_ups.answer(result.owner, chosen="first", liking=4)
    follow_ups.agree(result)
    with pytest.raises(follow_ups.NotAsked):
        follow_ups.answer(result.owner, chosen="first", liking=4)
    months_later()
    follow_ups.answer(result.owner, chosen="first", liking=4)
    follow_ups.answer(result.owner, chosen="second", liking=0)
    stored = FollowUp.objects.get()
    assert (stored.chosen, stored.liking, stored.counted) == ("first", 4, False)
    assert stored.answered_at is not None


def test_expired_result_is_not_asked_about(result: Result) -> None:
    follow_ups.agree(result)
    months_later()
    Result.objects.update(expires_at=timezone.now())
    with pytest.raises(follow_ups.NotAsked):
        follow_ups.answer(result.owner, chosen="first", liking=4)


def test_taking_back_deletes_all(result: Result) -> None:
    follow_ups.agree(result)
    follow_ups.take_back(result.owner)
    follow_ups.take_back(result.owner)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"chosen": "first"},
        {"liking": 3},
        {"chosen": "neither", "liking": 3},
        {"chosen": "first", "liking": 5},
        {"chosen": "pilot"},
        {"counted": True},
    ],
    ids=str,
)
def test_database_refuses_answers_that_do_not_fit(
    result: Result, wrong: dict[str, object]
) -> None:
    follow_ups.agree(result)
    if wrong != {"chosen": "first"} and "counted" not in wrong:
        wrong = wrong | {"answered_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(**wrong)


def test_everything_goes_with_the_result(result: Result) -> None:
    follow_ups.agree(result)
    result.delete()
    assert not FollowUp.objects.exists()


def turnout() -> dict[str, int]:
    return dict(
        CountDay.objects.filter(kind=CountDay.Kind.TURNOUT).values_list("key", "n")
    )


def test_roll_up_counts_wishes_and_answers_once(result: Result) -> None:
    Result.objects.update(wish="first")
    follow_ups.agree(result)
    now = timezone.now() + timedelta(hours=1)
    roll_up(now=now)
    wishes = CountDay.objects.filter(kind=CountDay.Kind.WISH)
    assert list(wishes.values_list("key", "n")) == [("first", 1)]
    assert turnout() == {}
    months_later()
    follow_ups.answer(result.owner, chosen="second", liking=4)
    for _ in range(2):
        roll_up(now=now)
    found = turnout()
    assert {key.rpartition("|")[0] for key in found} == {
        *("liking|second", "lean|second", "liked|second", "wish|second"),
        "liked_wish|second",
    }
    assert set(found.values()) == {1}
    assert FollowUp.objects.get().counted
    follow_ups.take_back(result.owner)
    assert turnout() == found


def test_skipped_answers_are_counted_as_skipped(result: Result) -> None:
    follow_ups.agree(result)
    months_later()
    follow_ups.answer(result.owner, chosen="", liking=None)
    roll_up(now=timezone.now() + timedelta(hours=1))
    assert turnout() == {"liking||": 1}


def test_answers_are_counted_slice_by_slice(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Taker()
    other.take("clear_project")
    for row in (result, other.result()):
        follow_ups.agree(row)
    months_later()
    for owner in Owner.objects.all():
        follow_ups.answer(owner, chosen="neither", liking=None)
    monkeypatch.setattr(sums, "SLICE", 1)
    roll_up(now=timezone.now() + timedelta(hours=1))
    assert turnout() == {"liking|neither|": 2}
