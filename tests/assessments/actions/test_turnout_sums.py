"""Answered follow-ups are counted once, whoever else counts or deletes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessments.actions import sums
from assessments.actions.sums import RolledUp, roll_up
from assessments.models import CountDay, FollowUp, Result, RollUp, Version
from tests.support.threads import at_once
from tools.fill_results import fill

pytestmark = pytest.mark.database
ANSWERED = datetime(2027, 6, 3, 23, 30, tzinfo=UTC)  # a Thursday


@pytest.fixture
def slices_of_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "SLICE", 10)


def answered(version: Version, count: int) -> int:
    """One follow-up for each owner of so many results, which are in the sums already.

    Gives the number of follow-ups.
    """
    fill(version, count=count, seed=2, until=timezone.now(), days=2)
    firsts = {
        result.owner_id: result for result in Result.objects.order_by("-pk")
    }.values()
    FollowUp.objects.bulk_create(
        FollowUp(
            owner_id=result.owner_id,
            result=result,
            consented_at=result.finished_at,
            answered_at=ANSWERED,
            chosen="neither",
        )
        for result in firsts
    )
    RollUp.objects.create(watermark=Result.objects.latest("pk").pk)
    return len(firsts)


def counted() -> int:
    return sum(CountDay.objects.filter(kind="turnout").values_list("n", flat=True))


@pytest.mark.django_db
def test_as_many_slices_as_asked_for(
    questionnaire: Version, slices_of_ten: None
) -> None:
    asked = answered(questionnaire, 60)
    roll_up(now=timezone.now(), slices=2)
    assert counted() == 20 < asked
    roll_up(now=timezone.now())
    assert counted() == asked
    assert CountDay.objects.filter(kind="turnout", day="2027-05-31").exists()


@pytest.mark.django_db
def test_nothing_to_count_locks_for_the_end_of_a_week_alone(
    questionnaire: Version,
) -> None:
    now = timezone.now()
    assert roll_up(now=now) == RolledUp(0, 0)
    assert RollUp.objects.get().watermark == 0

    def reading(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        assert sql.lstrip().startswith("SELECT")
        return execute(sql, *rest)

    with connection.execute_wrapper(reading):
        assert roll_up(now=now) == RolledUp(0, 0)


@pytest.mark.django_db
def test_nothing_is_marked_where_adding_fails(
    questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answered(questionnaire, 10)

    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(sums, "_add_rows", full)
        with pytest.raises(OSError, match="disk full"):
            roll_up(now=timezone.now())
    assert not FollowUp.objects.filter(counted=True).exists()
    roll_up(now=timezone.now())
    assert counted() == asked


def test_two_roll_ups_at_once_count_each_answer_once(
    live: Version, slices_of_ten: None
) -> None:
    asked = answered(live, 100)
    now = timezone.now()
    done = at_once(lambda: roll_up(now=now), lambda: roll_up(now=now))
    assert done == [RolledUp(0, 0)] * 2
    assert counted() == asked
    assert not FollowUp.objects.filter(counted=False).exists()


def test_one_that_is_being_deleted_is_passed_over(live: Version) -> None:
    """The other one holds its row until the roll-up is through."""
    asked = answered(live, 30)

    def roll_up_meanwhile() -> RolledUp:
        return roll_up(now=timezone.now())

    with transaction.atomic():
        FollowUp.objects.latest("pk").delete()
        if connection.vendor == "postgresql":  # SQLite has one writer at a time
            assert at_once(roll_up_meanwhile) == [RolledUp(0, 0)]
    roll_up_meanwhile()
    assert counted() == asked - 1
