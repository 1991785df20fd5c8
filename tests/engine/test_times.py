"""Seconds per question, and changes between sittings: sums, medians, errors."""

from __future__ import annotations

import statistics as plain
from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.engine.consistency import lean_statistics, proposed, retest_se_squared
from assessments.engine.quality import ALARM_LIMITS, quality
from assessments.engine.statistics import median_seconds_on
from assessments.engine.sums import (
    TIME_BUCKETS,
    Finished,
    ItemSums,
    Sums,
    add_up,
    lean_of,
    time_bucket_of,
)
from tests.support.engine.people import finished, make_people

EDGES = [
    1,
    2**0.5,
    2,
    8**0.5,
    4,
    32**0.5,
    8,
    128**0.5,
    16,
    512**0.5,
    32,
    2048**0.5,
    64,
    8192**0.5,
    128,
]
TENTHS = st.integers(0, 6000).map(lambda tenths: tenths / 10)


@given(TENTHS)
def test_time_bucket_is_how_many_edges_are_reached(seconds: float) -> None:
    assert time_bucket_of(seconds) == sum(seconds >= edge for edge in EDGES)


def timed(timings: dict[str, float], outcome: str = "close") -> Finished:
    return Finished({}, outcome, None, timings)


people_timed = st.lists(
    st.dictionaries(st.sampled_from(["T1", "T2", "S5", "X9"]), TENTHS), max_size=12
)


@given(people_timed, people_timed)
def test_times_of_parts_add_up_to_those_of_the_whole_and_equal_plain_counting(
    one: list[dict[str, float]], other: list[dict[str, float]]
) -> None:
    whole = add_up(default_questionnaire(), "full", map(timed, one + other))
    parts = [
        add_up(default_questionnaire(), "full", map(timed, part))
        for part in (one, other)
    ]
    assert parts[0] + parts[1] == whole
    for question in ("T1", "T2", "S5", "E1"):
        expected = Counter(
            time_bucket_of(each[question]) for each in one + other if question in each
        )
        assert whole.items.get(question, ItemSums()).times == expected


def test_times_of_careless_and_of_those_without_script_are_not_counted() -> None:
    people = [
        timed({"T1": 3}, "careless"),
        timed({"T1": 3}, "too_few"),
        timed({}),
        timed({"T1": 5.0}),
    ]
    assert add_up(default_questionnaire(), "full", people).items["T1"].times == {
        time_bucket_of(5): 1
    }


def seconds_on(question: str, *counts: tuple[float, int]) -> Sums:
    buckets = Counter({time_bucket_of(seconds): count for seconds, count in counts})
    return Sums(
        items={
            question: ItemSums(
                **{f"time_{bucket}": count for bucket, count in buckets.items()}
            )
        }
    )


@pytest.mark.parametrize(
    ("counts", "median"),
    [
        ([(4, 50)], 2**2.25),  # half through the bucket from 4 to 5.66 s
        ([(4, 25), (8, 25)], 2**2.5),  # at the end of its bucket
        ([(2, 10), (8, 40)], 2 ** (3 + 15 / 40 / 2)),
        ([(0.2, 50)], 2**-0.25),
        ([(500, 50)], 2**7.25),
        ([(4, 49)], None),
    ],
)
def test_median_stands_between_the_edges_of_its_bucket(
    counts: list[tuple[float, int]], median: float | None
) -> None:
    assert median_seconds_on(seconds_on("T1", *counts).items["T1"]) == (
        median and pytest.approx(median)
    )


def test_median_of_many_people_is_near_the_plain_one() -> None:
    chance = Random(5)
    people = [round(chance.lognormvariate(2.1, 0.5), 1) for _ in range(5000)]
    sums = add_up(
        default_questionnaire(), "full", [timed({"E3": seconds}) for seconds in people]
    )
    assert median_seconds_on(sums.items["E3"]) == pytest.approx(
        plain.median(people), rel=0.03
    )


@pytest.mark.parametrize(
    ("seconds", "raised"),
    [(2.0, ["question_seconds"]), (4.0, []), (16.1, []), (32.0, ["question_seconds"])],
)
def test_question_answered_too_quickly_or_too_slowly_is_named(
    seconds: float, raised: list[str]
) -> None:
    found = quality(default_questionnaire(), "short", seconds_on("T2", (seconds, 50)))
    assert [(alarm.statistic, alarm.place) for alarm in found.alarms] == [
        (statistic, "T2") for statistic in raised
    ]
    assert ALARM_LIMITS["question_seconds", None].below == 3
    assert ALARM_LIMITS["question_seconds", None].above == 25


def test_lean_of_an_attempt_is_that_of_its_score_and_none_with_a_skip() -> None:
    for answers in make_people(200, seed=31):
        scores = score(default_questionnaire(), answers, form="full").scores
        skipped = any(
            answers[question] is None
            for question in answers
            if not question.startswith("S")
        )
        assert lean_of(default_questionnaire(), "full", answers) == (
            None if skipped or scores is None else scores.lean
        )


def test_retest_error_is_the_spread_of_changes_over_root_two() -> None:
    chance = Random(6)
    changes = [Fraction(round(chance.gauss(3, 20) * 16), 16) for _ in range(100)]
    squared = retest_se_squared(Counter(map(str, changes)))
    assert squared == plain.variance(changes) / 2
    assert retest_se_squared(Counter(map(str, changes[1:]))) is None


@pytest.fixture(scope="module")
def sums() -> Sums:
    return add_up(default_questionnaire(), "full", finished(make_people(2000, seed=32)))


def test_smaller_retest_error_changes_nothing_but_itself(sums: Sums) -> None:
    before = lean_statistics(default_questionnaire(), "full", sums)
    after = lean_statistics(
        default_questionnaire(),
        "full",
        sums + Sums(retests=Counter({"5": 60, "-5": 60})),
    )
    assert (after.retests, after.se_retest) == (
        120,
        pytest.approx((25 * 120 / 119 / 2) ** 0.5),
    )
    assert (before.retests, before.se_retest) == (0, None)
    assert after.se == after.se_answers == before.se
    assert (after.reliability, after.other_questions) == (
        before.reliability,
        before.other_questions,
    )
    assert (before.steadiness_known, before.another_day) == (False, None)
    assert after.steadiness_known
    assert after.another_day.share.value > after.other_questions.share.value


def test_larger_retest_error_is_shown_and_carried_into_both_constants(
    sums: Sums,
) -> None:
    before = lean_statistics(default_questionnaire(), "full", sums)
    changes = Counter({"20": 60, "-20": 60})
    after = lean_statistics(
        default_questionnaire(), "full", sums + Sums(retests=changes)
    )
    squared = retest_se_squared(changes)
    assert (after.se, after.se_answers) == (
        pytest.approx(float(squared) ** 0.5),
        before.se,
    )
    assert (after.v_trade_off, after.v_enjoyment) == (
        before.v_trade_off,
        before.v_enjoyment,
    )
    v_t, v_e = before.v_trade_off, before.v_enjoyment
    grown = squared / (
        Fraction("1406.25") * v_t / 12
        + Fraction("39.0625") * v_e * (Fraction(1, 4) + Fraction(1, 4))
    )
    assert grown > 1
    assert (after.proposed_v_trade_off, after.proposed_v_enjoyment) == (
        proposed(v_t * grown),
        proposed(v_e * grown),
    )
    # By 2.3 the constants give the larger error again, but for the rounding up.
    back = (
        Fraction("1406.25") * after.proposed_v_trade_off / 12
        + Fraction("39.0625") * after.proposed_v_enjoyment / 2
    )
    assert squared <= back < squared * Fraction("1.1")
    assert after.reliability < before.reliability
    assert after.another_day.kappa.value < before.other_questions.kappa.value


def test_retest_error_alone_stands_without_the_rest() -> None:
    found = lean_statistics(
        default_questionnaire(), "full", Sums(retests=Counter({"0": 50, "8": 50}))
    )
    assert (found.retests, found.se_retest, found.se) == (
        100,
        pytest.approx((1600 / 99 / 2) ** 0.5),
        None,
    )


def test_every_bucket_has_a_column() -> None:
    assert ItemSums(
        **{f"time_{bucket}": bucket + 1 for bucket in range(TIME_BUCKETS)}
    ).times == {b: b + 1 for b in range(TIME_BUCKETS)}
