"""The mean difference of two sides, its interval, and what decides. Rule P10."""

from __future__ import annotations

from math import inf, sqrt
from random import Random
from statistics import fmean, stdev

import pytest

from assessments.engine.desirability import (
    EVEN,
    MAX_APART,
    MAX_RATERS,
    MIN_RATERS,
    OFF,
    UNSETTLED,
    Gap,
    gap_of_form,
    gap_of_trade_off,
    gaps_of_forms,
)
from tests.support.engine.breaking import DEFAULT, PLACES
from tests.support.engine.cases import make_questionnaire

HALF = 1.6448536269514722


@pytest.mark.parametrize(
    ("mean", "half_width", "verdict"),
    [
        (0.0, 0.0, EVEN),
        (0.0, 0.499, EVEN),
        (-0.3, 0.199, EVEN),
        (0.3, 0.201, UNSETTLED),
        (0.0, 0.501, UNSETTLED),  # reaches beyond both limits
        (0.5, 0.0, UNSETTLED),
        (0.7, 0.201, UNSETTLED),
        (0.7, 0.199, OFF),
        (-0.7, 0.199, OFF),
        (-0.7, 0.201, UNSETTLED),
    ],
)
def test_verdict_needs_the_whole_interval(
    mean: float, half_width: float, verdict: str
) -> None:
    gap = Gap(MAX_APART, MIN_RATERS, mean, half_width / HALF)
    assert gap.verdict == verdict
    assert (gap.more == 0) == (verdict != UNSETTLED)
    few = Gap(MAX_APART, MIN_RATERS - 1, mean, half_width / HALF)
    assert (few.verdict, few.more) == (UNSETTLED, 1)


@pytest.mark.parametrize("mean", [0.0, 0.2, -0.4, 0.6, -0.9, 1.0])
def test_as_many_more_as_told_decide_if_nothing_else_changes(mean: float) -> None:
    spread, raters = 2.5, 45
    gap = Gap(MAX_APART, raters, mean, spread / sqrt(raters))
    assert gap.verdict == UNSETTLED
    more = gap.more
    if more is None:
        assert abs(abs(mean) - MAX_APART) < HALF * spread / sqrt(MAX_RATERS)
        return
    decided, not_yet = (
        Gap(MAX_APART, n, mean, spread / sqrt(n))
        for n in (raters + more, raters + more - 1)
    )
    assert (decided.verdict != UNSETTLED, not_yet.verdict) == (True, UNSETTLED)


@pytest.mark.parametrize("raters", [0, 1])
def test_without_two_raters_there_is_no_interval(raters: int) -> None:
    sheets = [{"T1.project": 6, "T1.product": 4}] * raters + [{"T1.project": 7}]
    gap = gap_of_trade_off(DEFAULT.questions_of("full")[0], sheets)
    assert gap == Gap(MAX_APART, raters, 2.0 * raters, inf)
    assert (gap.verdict, gap.more) == (UNSETTLED, 40 - raters)


@pytest.mark.parametrize(
    ("mean", "better"), [(0.1, "project"), (-0.1, "product"), (0.0, ""), (0.004, "")]
)
def test_better_side(mean: float, better: str) -> None:
    assert Gap(MAX_APART, 40, mean, 1.0).better == better


def test_error_is_that_of_the_differences_within_raters() -> None:
    random = Random(5)
    sheets = [
        {place: random.randint(1, 7) for place in sorted(PLACES)} for _ in range(50)
    ]
    trade_offs = [f"T{number}" for number in range(1, 13)]
    rows = [
        [sheet[f"{name}.project"] - sheet[f"{name}.product"] for name in trade_offs]
        for sheet in sheets
    ]
    first = [row[0] for row in rows]
    gap = gap_of_trade_off(DEFAULT.questions_of("full")[0], sheets)
    assert gap.raters == 50
    assert gap.mean == pytest.approx(fmean(first))
    assert gap.error == pytest.approx(stdev(first) / sqrt(50))
    for form, count in (("full", 12), ("short", 8)):
        own = [fmean(row[:count]) for row in rows]
        whole = gap_of_form(DEFAULT, form, sheets)
        assert whole.raters == 50
        assert whole.mean == pytest.approx(fmean(own))
        assert whole.error == pytest.approx(stdev(own) / sqrt(50))


def test_form_takes_each_trade_off_alike_whoever_rated_it() -> None:
    """Forty rate everything, and forty others T1 alone, which stays one of twelve."""
    everything = [dict.fromkeys(PLACES, 4) for _ in range(40)]
    for place, sheet in enumerate(everything):
        sheet["T1.project"] = 4 + place % 2
    one_only = [{"T1.project": 5, "T1.product": 4}] * 40
    gap = gap_of_form(DEFAULT, "full", [*everything, *one_only])
    assert (gap.raters, gap.mean) == (40, pytest.approx(0.75 / 12))
    differences = [place % 2 for place in range(40)] + [1] * 40
    assert gap.error == pytest.approx(stdev(differences) / 12 / sqrt(80))


def test_form_with_a_trade_off_that_nobody_rated_has_no_mean() -> None:
    sheet = {place: 7 if place.endswith("project") else 1 for place in PLACES}
    del sheet["T12.product"]
    assert gaps_of_forms(DEFAULT, [sheet] * 50) == {
        "full": Gap(0.15),
        "short": Gap(0.15, 50, 6.0, 0.0),
    }
    assert gap_of_form(DEFAULT, "short", [sheet]) == Gap(0.15, 1, 6.0, inf)


def test_form_without_trade_offs_is_undecided() -> None:
    def none(definition: dict) -> None:
        definition["sections"] = [
            section
            for section in definition["sections"]
            if section["kind"] != "trade_off"
        ]

    gap = gap_of_form(make_questionnaire(none), "full", [])
    assert (gap.raters, gap.verdict) == (0, UNSETTLED)
