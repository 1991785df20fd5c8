"""The roll-up counts every finished result once.

Repeated, killed, twice at once, out of order.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import StringIO
from operator import attrgetter
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assessments.actions import attempts, retention
from assessments.actions.sums import RolledUp, roll_up
from assessments.engine.sums import (
    ITEM_SUMS,
    SCALE_SUMS,
    Finished,
    Sums,
    add_up,
    dropout_sums,
    week_of,
)
from assessments.models import (
    Attempt,
    CountDay,
    ItemDay,
    Result,
    RollUp,
    ScaleDay,
    Version,
)
from assessments.queries import sums as sum_queries
from assessments.queries import versions
from tests.support.rollup import (
    ALWAYS,
    LATER,
    killed_at_every_write,
    sums_of,
    watermark,
)
from tests.support.taker import Taker
from tests.support.threads import at_once
from tools.fill_results import fill

pytestmark = pytest.mark.database


def directly(version: Version, form: str, **which: object) -> Sums:
    """The sums straight from the stored results, in one go."""
    results = Result.objects.filter(
        version=version, form=form, attempt__made_from=None, **which
    ).select_related("attempt")
    finished = [
        Finished(
            json.loads(result.answers),
            result.outcome,
            result.seconds,
            result.attempt.timings,
        )
        for result in results
    ]
    return add_up(versions.questionnaire_of(version), form, finished) + Sums(
        retests=retests(results)
    )


def retests(results: Iterable[Result]) -> Counter[str]:
    """From the replies.

    Second lean less first, of all who came twice, answered all that moves the lean, and
    left 2 to 30 days between.
    """
    by_owner = defaultdict(list)
    for result in sorted(results, key=attrgetter("number")):
        answers = json.loads(result.answers)
        if result.outcome != "careless" and all(
            answers[question] is not None
            for question in answers
            if question[0] in ("T", "E")
        ):
            by_owner[result.owner_id].append(result)
    pairs = [each[:2] for each in by_owner.values() if len(each) > 1]
    near = [
        (one, two)
        for one, two in pairs
        if timedelta(days=2) <= two.finished_at - one.finished_at <= timedelta(days=30)
    ]
    return Counter(str(lean(two) - lean(one)) for one, two in near)


def lean(result: Result) -> Fraction:
    return Fraction(json.loads(result.reply)["lean"])


def stored_sums(version: Version) -> dict[str, Sums]:
    return {form: sums_of(version, form, **ALWAYS) for form in ("full", "short")}


def expected_sums(version: Version, **which: object) -> dict[str, Sums]:
    return {form: directly(version, form, **which) for form in ("full", "short")}


@pytest.mark.django_db
def test_sums_of_batches_and_days_equal_those_of_all_results_at_once(
    questionnaire: Version, settled: datetime, small_batches: None
) -> None:
    fill(questionnaire, count=500, seed=1, until=settled, days=5)
    done = roll_up(now=settled)
    assert done == RolledUp(
        seen=500, counted=Result.objects.filter(attempt__made_from=None).count()
    )
    assert done.counted < done.seen
    found = stored_sums(questionnaire)
    assert found == expected_sums(questionnaire)
    assert found["full"].retests
    assert found["full"].items["T1"].times
    assert {day.weekday() for day in ItemDay.objects.values_list("day", flat=True)} == {
        0
    }


@pytest.mark.django_db
def test_nothing_is_added_to_a_closed_week(
    questionnaire: Version, settled: datetime
) -> None:
    monday = settled.date() - timedelta(days=settled.weekday())
    fill(questionnaire, count=100, seed=1, until=settled, days=20)
    roll_up(now=settled)
    assert sum_queries.open_from() in (monday, monday - timedelta(days=7))
    span = {"since": date.min, "until": date.max - timedelta(days=7)}
    before = sum_queries.published_blocks(**span)
    assert before
    # Late ones, as after a roll-up that did not run.
    fill(questionnaire, count=60, seed=2, until=settled - timedelta(days=8), days=9)
    done = roll_up(now=settled)
    assert done.counted > 40
    assert sum_queries.published_blocks(**span) == before
    Result.objects.all().delete()
    assert sum_queries.published_blocks(**span) == before
    later = settled + timedelta(days=7)
    roll_up(now=later)
    after = sum_queries.published_blocks(**span)[questionnaire.pk, "full"]
    assert (
        after[: len(before[questionnaire.pk, "full"])]
        == before[questionnaire.pk, "full"]
    )
    assert sum_queries.sum_of(after).outcomes.total() > 40


@pytest.mark.django_db
def test_weeks_that_wait_are_named(questionnaire: Version, settled: datetime) -> None:
    assert sum_queries.waiting_from(questionnaire, "full") is None
    assert (
        sum_queries.published_blocks(since=settled.date(), until=settled.date()) == {}
    )
    fill(questionnaire, count=5, seed=1, until=settled, days=1)
    roll_up(now=settled + timedelta(days=8))
    published_at = questionnaire.published_at.date()
    assert sum_queries.waiting_from(questionnaire, "full") == week_of(published_at)


@pytest.mark.django_db
def test_range_gives_the_sums_of_its_whole_weeks_alone(
    questionnaire: Version, settled: datetime
) -> None:
    fill(questionnaire, count=200, seed=2, until=settled, days=20)
    roll_up(now=settled)
    middle = settled.date() - timedelta(days=9)
    monday = middle - timedelta(days=middle.weekday())
    first = sums_of(
        questionnaire, "full", since=date.min, until=monday - timedelta(days=4)
    )
    rest = sums_of(questionnaire, "full", since=middle, until=date(9999, 1, 1))
    assert first == directly(questionnaire, "full", finished_at__date__lt=monday)
    assert first + rest == stored_sums(questionnaire)["full"]
    assert rest.outcomes


@pytest.mark.django_db
def test_lean_is_counted_as_the_reply_states_it(
    questionnaire: Version, settled: datetime
) -> None:
    fill(questionnaire, count=200, seed=3, until=settled, days=2)
    roll_up(now=settled)
    for form, sums in stored_sums(questionnaire).items():
        moving = [
            q.id
            for q in versions.questionnaire_of(questionnaire).questions_of(form)
            if q.kind != "shared"
        ]
        results = Result.objects.filter(form=form, attempt__made_from=None).exclude(
            outcome="careless"
        )
        complete = [
            result
            for result in results
            if None not in map(json.loads(result.answers).get, moving)
        ]
        assert sorted(sums.leans.elements()) == sorted(
            json.loads(result.reply)["lean"] for result in complete
        )


@pytest.mark.django_db
def test_rolling_up_twice_is_rolling_up_once(
    questionnaire: Version, settled: datetime
) -> None:
    fill(questionnaire, count=100, seed=4, until=settled, days=2)
    roll_up(now=settled)
    before = stored_sums(questionnaire)
    assert roll_up(now=settled) == RolledUp(seen=0, counted=0)
    assert stored_sums(questionnaire) == before


@pytest.mark.django_db
def test_careless_result_is_an_outcome_and_nothing_else(
    visitor: Taker, questionnaire: Version
) -> None:
    visitor.take("careless")
    roll_up(now=timezone.now() + LATER)
    assert stored_sums(questionnaire)["full"] == Sums(
        outcomes=directly(questionnaire, "full").outcomes
    )
    assert CountDay.objects.get().key == "careless"


@pytest.mark.django_db
def test_result_made_from_another_is_left_out(
    visitor: Taker, questionnaire: Version
) -> None:
    visitor.take("both")
    attempts.finish(attempts.correct(visitor.result()).owner)
    assert roll_up(now=timezone.now() + LATER) == RolledUp(seen=2, counted=1)
    assert stored_sums(questionnaire)["full"].outcomes == {"both": 1}


@pytest.mark.django_db
def test_result_waits_ten_minutes_and_holds_back_all_that_come_after_it(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("both")
    stranger.take("close")
    now = timezone.now()
    Result.objects.filter(pk=visitor.result().pk).update(
        finished_at=now - timedelta(minutes=9)
    )
    Result.objects.filter(pk=stranger.result().pk).update(
        finished_at=now - timedelta(minutes=11)
    )
    assert roll_up(now=now) == RolledUp(seen=0, counted=0)
    assert roll_up(now=now + timedelta(minutes=2)) == RolledUp(seen=2, counted=2)


@pytest.mark.django_db
def test_result_deleted_before_the_roll_up_is_never_counted_after_it_stays(
    visitor: Taker, stranger: Taker, questionnaire: Version
) -> None:
    visitor.take("both")
    retention.delete_everything(visitor.owner)
    stranger.take("close")
    roll_up(now=timezone.now() + LATER)
    retention.delete_everything(stranger.owner)
    assert stored_sums(questionnaire)["full"].outcomes == {"close": 1}


@pytest.mark.django_db
def test_command_says_what_it_did_and_nothing_when_there_was_nothing(
    visitor: Taker,
) -> None:
    visitor.take("both")
    said = []
    for _ in range(2):
        out = StringIO()
        with time_machine.travel(timezone.now() + LATER):
            call_command("rollup", stdout=out)
        said.append(out.getvalue())
    assert said == ["Looked at 1 new results and added 1 of them to the sums.\n", ""]


@pytest.mark.django_db
def test_forgetting_an_unfinished_attempt_counts_where_it_was_left(
    visitor: Taker, stranger: Taker, questionnaire: Version
) -> None:
    stranger.take("both")
    visitor.start()
    visitor.answer(1, {"T1": "1", "T2": "skip"})
    day = timezone.now().date()
    for _ in range(2):
        retention.forget_old(now=timezone.now() + timedelta(days=8))
    sums = sums_of(questionnaire, "full", since=day, until=day)
    assert {
        question: (item.reached, item.left_here)
        for question, item in sums.items.items()
    } == {"T1": (1, 0), "T2": (1, 0), "T3": (1, 1)}
    assert not Attempt.objects.filter(finished_at=None).exists()


@pytest.mark.django_db
def test_forgotten_attempt_is_added_to_what_was_rolled_up_on_its_day(
    visitor: Taker, stranger: Taker, questionnaire: Version
) -> None:
    stranger.take("both")
    visitor.start()
    roll_up(now=timezone.now() + LATER)
    retention.forget_old(now=timezone.now() + timedelta(days=8))
    questionnaire_itself = versions.questionnaire_of(questionnaire)
    assert stored_sums(questionnaire)["full"] == directly(
        questionnaire, "full"
    ) + dropout_sums(questionnaire_itself, "full", {})


@pytest.mark.django_db
def test_forgetting_a_corrected_attempt_counts_nothing(visitor: Taker) -> None:
    visitor.take("both")
    attempts.correct(visitor.result())
    retention.forget_old(now=timezone.now() + timedelta(days=8))
    assert not ItemDay.objects.exists()


def test_columns_are_the_engines_sums() -> None:
    for model, names in ((ItemDay, ITEM_SUMS), (ScaleDay, SCALE_SUMS)):
        assert tuple(field.name for field in model._meta.fields)[-len(names) :] == names


def test_two_roll_ups_at_once_count_everything_once(
    live: Version, small_batches: None
) -> None:
    now = timezone.now()
    fill(live, count=1000, seed=5, until=now, days=2)
    done = at_once(lambda: roll_up(now=now), lambda: roll_up(now=now))
    assert sum(each.seen for each in done if isinstance(each, RolledUp)) == 1000
    assert stored_sums(live) == expected_sums(live)


@pytest.mark.django_db
def test_the_slower_of_two_roll_ups_leaves_the_rest_to_the_other(
    questionnaire: Version, settled: datetime, small_batches: None
) -> None:
    """And closes no week that the other has not counted yet."""
    fill(questionnaire, count=150, seed=8, until=settled, days=20)
    others: list[RolledUp] = []

    def overtaken(execute: Any, sql: str, *rest: Any) -> Any:
        """The other roll-up runs after this one has read its results."""
        answer = execute(sql, *rest)
        if "assessments_result" in sql and not others:
            others.append(RolledUp(0, 0))
            others.append(roll_up(now=settled, slices=1))
        return answer

    with connection.execute_wrapper(overtaken):
        assert roll_up(now=settled) == RolledUp(0, 0)
    assert RollUp.objects.get().open_from is None
    assert others[1].seen + roll_up(now=settled).seen == 150
    assert RollUp.objects.get().open_from is not None
    assert stored_sums(questionnaire) == expected_sums(questionnaire)


def test_roll_up_and_forgetting_at_once_lose_no_count(
    live: Version, small_batches: None, settings: Any
) -> None:
    now = timezone.now()
    fill(live, count=700, seed=6, until=now, days=1)
    for _ in range(20):
        attempts.start(version=live, form="full")
    Attempt.objects.filter(finished_at=None).update(
        changed_at=Result.objects.latest("finished_at").finished_at
    )
    settings.UNFINISHED_KEPT = timedelta(0)
    at_once(lambda: roll_up(now=now), lambda: retention.forget_old(now=now))
    first = versions.questionnaire_of(live).questions_of("full")[0].id
    expected = directly(live, "full").items[first]
    found = stored_sums(live)["full"].items[first]
    assert (found.reached, found.left_here, found.n) == (
        expected.reached + 20,
        20,
        expected.n,
    )


def test_roll_up_killed_before_any_write_and_repeated_counts_everything_once(
    live: Version, as_a_process: None
) -> None:
    fill(live, count=200, seed=7, until=timezone.now(), days=3)
    assert killed_at_every_write() >= 9
    assert watermark() == Result.objects.latest("pk").pk
    assert stored_sums(live) == expected_sums(live)
