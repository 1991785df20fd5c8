"""What else the roll-up counts.

Seconds per question, second sittings; and when seconds go.
"""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.actions import attempts, retention
from assessments.actions.retention import forget_timings
from assessments.actions.sums import roll_up
from assessments.management.commands.forget_old import TIMINGS_KEPT
from assessments.models import Attempt, Result, RollUp, Version
from tests.support.dom import parse
from tests.support.rollup import ALWAYS, LATER, again, retests, sums_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.database
MONTH = timedelta(days=30)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "counted"),
    [
        (timedelta(days=2) - timedelta(seconds=1), []),
        (timedelta(days=2), [("full", "-225/4", 1)]),
        (timedelta(days=30), [("full", "-225/4", 1)]),
        (timedelta(days=30, seconds=1), []),
    ],
)
def test_second_sitting_is_compared_with_the_first(
    visitor: Taker, after: timedelta, counted: list[tuple[str, str, int]]
) -> None:
    visitor.take("clear_project")  # 425/8
    again(visitor, "both", after=after)  # -25/8
    assert retests() == counted


@pytest.mark.django_db
def test_second_sitting_is_compared_though_the_first_is_long_rolled_up(
    visitor: Taker, questionnaire: Version
) -> None:
    visitor.take("both")
    roll_up(now=timezone.now() + LATER)
    again(visitor, "both", after=timedelta(days=5))
    assert retests() == [("full", "0", 1)]
    day = visitor.result().finished_at.date()
    assert sums_of(questionnaire, "full", since=day, until=day).retests == {"0": 1}


@pytest.mark.django_db
def test_third_corrected_careless_or_other_form_sitting_is_no_second_one(
    visitor: Taker,
) -> None:
    days = timedelta(days=3)
    visitor.take("both")
    attempts.finish(attempts.correct(visitor.result()).owner)
    Result.objects.filter(number=2).update(finished_at=timezone.now() + days)
    again(visitor, "careless", after=days)
    Attempt.objects.filter(result__number=3).update(made_from=None)
    assert retests() == []
    again(visitor, "close", after=timedelta(0))
    assert [key for _, key, _ in retests()] == ["25/8"]
    again(visitor, "clear_project", after=days)
    assert [key for _, key, _ in retests()] == ["25/8"]


@pytest.mark.django_db
def test_sitting_with_a_skip_that_moves_the_lean_is_passed_over(
    visitor: Taker,
) -> None:
    visitor.take("lean_product")
    days = timedelta(days=3)
    again(visitor, "clear_project", after=days)
    again(visitor, "clear_short", after=days)
    assert retests() == []


@pytest.mark.django_db
def test_retest_counts_each_visitor_alone(visitor: Taker, stranger: Taker) -> None:
    for taker in (visitor, stranger):
        taker.take("both")
        again(taker, "close", after=timedelta(days=10))
    assert retests() == [("full", "25/8", 2)]


def timed(visitor: Taker) -> None:
    visitor.start()
    for number in range(1, 7):
        visitor.answer(
            number,
            answers_of("both"),
            page=visitor.page(number) | {"time-T1": "7.3", "time-S1": "2.0"},
        )
    Attempt.objects.filter(finished_at=None).update(seconds=300)
    visitor.client.post("/quiz/review/")


@pytest.mark.django_db
def test_seconds_go_thirty_days_after_finishing_once_they_are_in_the_sums(
    visitor: Taker, stranger: Taker, questionnaire: Version
) -> None:
    timed(visitor)
    finished_at = visitor.result().finished_at
    assert forget_timings(now=finished_at + MONTH, kept=MONTH) == 0  # not rolled up yet
    roll_up(now=finished_at + LATER)
    timed(stranger)
    assert (
        forget_timings(now=finished_at + MONTH - timedelta(seconds=1), kept=MONTH) == 0
    )
    assert forget_timings(now=finished_at + 2 * MONTH, kept=MONTH) == 1
    assert forget_timings(now=finished_at + 2 * MONTH, kept=MONTH) == 0
    assert visitor.result().attempt.timings == {}
    assert stranger.result().attempt.timings == {
        "T1": 7.3,
        "S1": 2.0,
    }  # above the watermark
    sums = sums_of(questionnaire, "full", **ALWAYS)
    assert {
        question: item.times for question, item in sums.items.items() if item.times
    } == {"T1": {6: 1}, "S1": {3: 1}}


@pytest.mark.django_db
def test_daily_command_empties_the_seconds_and_says_so(visitor: Taker) -> None:
    timed(visitor)
    roll_up(now=timezone.now() + LATER)
    said = []
    for _ in range(2):
        out = StringIO()
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            call_command("forget_old", stdout=out)
        said.append(out.getvalue())
    assert said == ["Deleted the seconds per question of 1 finished attempts.\n", ""]
    assert (visitor.result().attempt.timings, visitor.result().outcome) == ({}, "both")


@pytest.mark.django_db
def test_privacy_page_names_what_is_kept_for_the_sums(visitor: Taker) -> None:
    page = parse(visitor.client.get("/privacy/"))
    [seconds] = page.texts("main li:text(seconds each question)")
    assert re.findall(r"\d+", seconds) == [str(TIMINGS_KEPT.days)]
    assert len(page.all("main li:text(signed in as staff)")) == 1


@pytest.mark.django_db
def test_unfinished_attempt_keeps_its_seconds_and_they_are_never_counted(
    visitor: Taker, questionnaire: Version
) -> None:
    visitor.start()
    visitor.answer(1, answers_of("both"), page=visitor.page(1) | {"time-T1": "7.3"})
    RollUp.objects.create(watermark=10**6)
    assert forget_timings(now=timezone.now() + 2 * MONTH, kept=MONTH) == 0
    assert visitor.attempt.timings == {"T1": 7.3}
    retention.forget_old(now=timezone.now() + timedelta(days=8))
    assert sums_of(questionnaire, "full", **ALWAYS).items["T1"].times == {}
