"""How far the lean can be trusted, worked out from sums.

Error variances, standard error, reliability, and how often a second sitting would give
the same side (docs/instrument.md sections 2.3, 2.4 and 6).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, exp, sqrt
from operator import mul
from statistics import NormalDist
from typing import NamedTuple

from .parts import FULL, Constants
from .questionnaire import Definition
from .scales import ASKED_TWICE, FormScales, Scale, form_scales
from .statistics import (
    MIN_FOR_ERROR_VARIANCE,
    Z_95,
    Estimate,
    covariance,
    scale_statistics,
)
from .sums import ScaleSums, Sums

MIN_FOR_RETEST = 100
STEP = Fraction(1, 20)  # proposed constants are whole steps
MIN_V, MAX_V = Fraction(3, 4), Fraction(2)

PROJECT, UNDECIDED, PRODUCT = range(3)  # the places of bands


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a second sitting would give the same of project, undecided, product.

    `share` is of all people, 0 to 1. `kappa` is how far it is above chance: 0 where
    people agree as often as the shares of the bands alone would make them, 1 where all
    of them do.
    """

    share: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class LeanStatistics:
    """Statistics of the lean of one version and form; None below 300 people.

    Variances are in squared button steps, errors in points. `se_answers` is the
    standard error that the answers of one sitting imply. `se_retest` comes from
    `retests` people who returned within 2 to 30 days; it is None below 100. `se` is the
    larger of the two, and the proposed constants and `reliability` use it.

    `other_questions` is about a second form that asks about the same lines in other
    words, at the same sitting; it is None where no line has two trade-offs, as in the
    short form. `another_day` is about the same questions again, from `se_retest`.
    """

    v_trade_off: Fraction | None
    v_enjoyment: Fraction | None
    # For the next version; from the full form alone.
    proposed_v_trade_off: Fraction | None
    proposed_v_enjoyment: Fraction | None
    retests: int
    se_answers: float | None
    se_retest: float | None
    se: float | None
    reliability: float | None
    other_questions: Agreement | None
    another_day: Agreement | None

    @property
    def steadiness_known(self) -> bool:
        """Whether enough people came back to show how answers vary over days."""
        return self.se_retest is not None


def proposed(variance: Fraction) -> Fraction:
    """The constant for the next version: rounded up to 1/20, between 3/4 and 2."""
    return min(max(STEP * ceil(variance / STEP), MIN_V), MAX_V)


def se_squared(
    constants: Constants,
    scales: FormScales,
    v_trade_off: Fraction,
    v_enjoyment: Fraction,
) -> Fraction:
    """The error variance of a lean without skips, in squared points.

    See docs/instrument.md section 2.3.
    """
    n, first, second = (
        len(scales.trade_offs.items),
        *(len(scale.items) for scale in scales.enjoyment),
    )
    of_enjoyment = (
        (25 * constants.enjoyment_weight) ** 2
        * v_enjoyment
        * (Fraction(1, first) + Fraction(1, second))
    )
    return (50 * constants.trade_off_weight) ** 2 * v_trade_off / n + of_enjoyment


def moments(leans: Counter[str]) -> tuple[Fraction, Fraction]:
    """Exact mean and variance of counted leans.

    Raises ZeroDivisionError below 2 people.
    """
    n = leans.total()
    sx = sum(count * Fraction(lean) for lean, count in leans.items())
    sxx = sum(count * Fraction(lean) ** 2 for lean, count in leans.items())
    return Fraction(sx, n), Fraction(n * sxx - sx * sx, n * (n - 1))


def retest_se_squared(retests: Counter[str]) -> Fraction | None:
    """Half the variance of the changes between two leans, in squared points.

    None below 100 people.
    """
    return moments(retests)[1] / 2 if retests.total() >= MIN_FOR_RETEST else None


def named_from_squared(constants: Constants, version_se_squared: Fraction) -> Fraction:
    """The square of the smallest absolute lean that names a role, in squared points.

    See rules 4 and 5 of docs/instrument.md section 2.5.
    """
    leans = max(
        constants.leans_z_squared * version_se_squared, constants.leans_floor**2
    )
    clear = max(
        constants.clear_z_squared * version_se_squared, constants.clear_floor**2
    )
    return min(leans, clear)


def same_lines_variance(scale: Scale, sums: Sums) -> Fraction | None:
    """The error variance of one trade-off answer where what a line has of its own
    counts as true, in button steps squared; None below 300 people.

    `scale` is `FormScales.asked_twice`. Its halves ask about the same lines in other
    words, so only errors remain in the difference between them.
    """
    totals = sums.scales.get(scale.name, ScaleSums())
    if totals.n < MIN_FOR_ERROR_VARIANCE:
        return None
    odd, even, both = (
        covariance(totals.n, totals.s_odd, totals.s_odd, totals.s_odd_odd),
        covariance(totals.n, totals.s_even, totals.s_even, totals.s_even_even),
        covariance(totals.n, totals.s_odd, totals.s_even, totals.s_odd_even),
    )
    return (odd + even - 2 * both) / len(scale.items)


class Placed(NamedTuple):
    """A lean that so many people had, in points, and the place of its band."""

    lean: float
    band: int
    people: int


def band_agreement(
    leans: Counter[str],
    *,
    error_variance: Fraction | None,
    people: int,
    named_from_squared: Fraction,
) -> Agreement | None:
    """How many people a second sitting would put into the band of their first one.

    `error_variance` is that of one lean, in squared points; `people` is how many people
    it was measured on. The 95 % interval holds the sampling error of its ratio to the
    variance of the leans, with each variance's error as under a normal distribution.

    None below 300 leans, where leans don't vary, and without an error.
    """
    n = leans.total()
    if n < MIN_FOR_ERROR_VARIANCE or not error_variance:
        return None
    mean, variance = moments(leans)
    if not variance:
        return None
    placed = [
        Placed(float(lean), _band(lean, named_from_squared), count)
        for lean, count in ((Fraction(text), count) for text, count in leans.items())
    ]
    error = float(error_variance)
    times = exp(Z_95 * sqrt(2 / (people - 1) + 2 / (n - 1)))
    shares, kappas = zip(
        *(
            _second_sitting(
                placed,
                mean=float(mean),
                variance=float(variance),
                error_variance=error * factor,
                bound=sqrt(named_from_squared),
            )
            for factor in (1, times, 1 / times)
        ),
        strict=True,
    )
    return Agreement(
        Estimate(shares[0], min(shares), max(shares), n),
        Estimate(kappas[0], min(kappas), max(kappas), n),
    )


def _band(lean: Fraction, named_from_squared: Fraction) -> int:
    if lean * lean < named_from_squared:
        return UNDECIDED
    return PROJECT if lean > 0 else PRODUCT


def _second_sitting(
    placed: list[Placed],
    *,
    mean: float,
    variance: float,
    error_variance: float,
    bound: float,
) -> tuple[float, float]:
    """The expected share of people in the same band, and kappa.

    The true lean of someone with the lean x is normal. Its mean is M + r(x - M), where
    M is the mean of all leans and r the reliability; its variance is r times the error
    variance. The second lean adds an error of its own, so it is normal with the same
    mean and (1 + r) times the error variance. This is the method of Livingston and
    Lewis (source 24 of docs/instrument.md), with the first sitting as it was.
    """
    error_variance = min(error_variance, variance)
    reliability = 1 - error_variance / variance
    second = NormalDist(0, sqrt(error_variance * (1 + reliability)))
    same = 0.0
    first, again = [0, 0, 0], [0.0, 0.0, 0.0]
    for lean, band, people in placed:
        expected = mean + reliability * (lean - mean)
        project, product = second.cdf(expected - bound), second.cdf(-expected - bound)
        chances = project, 1 - project - product, product
        same += people * chances[band]
        first[band] += people
        for place, chance in enumerate(chances):
            again[place] += people * chance
    n = sum(first)
    by_chance = sum(map(mul, first, again)) / n**2
    # Where everybody is in one band, agreement says nothing.
    kappa = (same / n - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0
    return same / n, kappa


def lean_statistics(questionnaire: Definition, form: str, sums: Sums) -> LeanStatistics:
    """What the sums of one form say about its lean."""
    scales, constants = form_scales(questionnaire, form), questionnaire.constants
    v_trade_off = scale_statistics(scales.trade_offs, sums).error_variance
    by_role = [
        scale_statistics(scale, sums).error_variance for scale in scales.enjoyment
    ]
    variances = [variance for variance in by_role if variance is not None]
    v_enjoyment = (
        Fraction(sum(variances), len(variances))
        if len(variances) == len(by_role)
        else None
    )
    of_answers = of_other_questions = None
    if v_trade_off is not None and v_enjoyment is not None:
        of_answers = se_squared(constants, scales, v_trade_off, v_enjoyment)
    same_lines = same_lines_variance(scales.asked_twice, sums)
    if same_lines is not None and v_enjoyment is not None:
        of_other_questions = se_squared(constants, scales, same_lines, v_enjoyment)
    of_retest = retest_se_squared(sums.retests)
    squared = (
        max(of_answers, of_retest or of_answers) if of_answers is not None else None
    )
    # The constants hold the error of one answer. Where retests show a larger standard
    # error, both variances are scaled up until the formula of docs/instrument.md
    # section 2.3 gives it.
    grown = squared / of_answers if squared and of_answers else Fraction(1)
    # One sitting does not show what changes from day to day, so it cannot narrow.
    at_least = (
        (constants.v_trade_off, constants.v_enjoyment)
        if of_retest is None
        else (MIN_V, MIN_V)
    )
    spread = (
        moments(sums.leans) if sums.leans.total() >= MIN_FOR_ERROR_VARIANCE else None
    )
    reliability = (
        float(1 - squared / spread[1])
        if squared is not None and spread and spread[1]
        else None
    )
    other_questions = another_day = None
    if scales.lean is not None:
        again = partial(
            band_agreement,
            sums.leans,
            named_from_squared=named_from_squared(constants, scales.lean.se_squared),
        )
        other_questions = again(
            error_variance=of_other_questions,
            people=sums.scales.get(ASKED_TWICE, ScaleSums()).n,
        )
        another_day = again(error_variance=of_retest, people=sums.retests.total())
    return LeanStatistics(
        v_trade_off=v_trade_off,
        v_enjoyment=v_enjoyment,
        proposed_v_trade_off=max(proposed(v_trade_off * grown), at_least[0])
        if form == FULL and v_trade_off is not None
        else None,
        proposed_v_enjoyment=max(proposed(v_enjoyment * grown), at_least[1])
        if form == FULL and v_enjoyment is not None
        else None,
        retests=sums.retests.total(),
        se_answers=_root(of_answers),
        se_retest=_root(of_retest),
        se=_root(squared),
        reliability=reliability,
        other_questions=other_questions,
        another_day=another_day,
    )


def _root(squared: Fraction | None) -> float | None:
    return sqrt(squared) if squared is not None else None
