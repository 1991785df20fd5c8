"""How far the lean can be trusted, worked out from sums.

Error variances, standard error, reliability, and how often a second sitting would give
the same word (docs/instrument.md sections 2.3, 2.4 and 6).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt
from statistics import NormalDist

from .parts import FULL, Constants
from .questionnaire import Definition
from .scales import FormScales, form_scales
from .statistics import MIN_FOR_ERROR_VARIANCE, scale_statistics
from .sums import Sums

MIN_FOR_RETEST = 100
STEP = Fraction(1, 20)  # proposed constants are whole steps
MIN_V, MAX_V = Fraction(3, 4), Fraction(2)

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class LeanStatistics:
    """Statistics of the lean of one version and form; None below 300 people.

    Variances are in squared button steps, errors in points. `se_answers` is the
    standard error that the answers of one sitting imply. `se_retest` comes from
    `retests` people who returned within 2 to 30 days; it is None below 100. `se` is the
    larger of the two, and everything below it uses `se`. `agreement` is the expected
    share of people whom a second sitting would put into the same band of project,
    undecided and product; `shown` is the expected share whom it would put into the band
    that they were shown.
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
    agreement: float | None
    shown: float | None


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


def decision_consistency(
    leans: Counter[str], *, se: float, reliability: float, named_from_squared: Fraction
) -> tuple[float, float]:
    """Expected agreement, and the expected share of the band that was shown.

    The method of Livingston and Lewis (source 24 of docs/instrument.md): each lean is
    shrunk toward the mean, and the probability of each band is that of a normal error
    around it. `se` is in points and must be above 0. Raises ZeroDivisionError below 2
    people.
    """
    n, middle = leans.total(), float(moments(leans)[0])
    bound = sqrt(named_from_squared)
    agreement = shown = 0.0
    for text, count in leans.items():
        lean = Fraction(text)
        expected = middle + reliability * (float(lean) - middle)
        project, product = (
            1 - NORMAL.cdf((bound - expected) / se),
            NORMAL.cdf((-bound - expected) / se),
        )
        undecided = 1 - project - product
        agreement += count * (project**2 + undecided**2 + product**2)
        side = project if lean > 0 else product
        shown += count * (side if lean * lean >= named_from_squared else undecided)
    return agreement / n, shown / n


def lean_statistics(questionnaire: Definition, form: str, sums: Sums) -> LeanStatistics:
    """What the sums of one form say about its lean."""
    scales = form_scales(questionnaire, form)
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
    of_answers = None
    if v_trade_off is not None and v_enjoyment is not None:
        of_answers = se_squared(
            questionnaire.constants, scales, v_trade_off, v_enjoyment
        )
    of_retest = retest_se_squared(sums.retests)
    squared = (
        max(of_answers, of_retest or of_answers) if of_answers is not None else None
    )
    # The constants hold the error of one answer. Where retests show a larger standard
    # error, both variances are scaled up until the formula of docs/instrument.md
    # section 2.3 gives it.
    grown = squared / of_answers if squared and of_answers else Fraction(1)
    spread = (
        moments(sums.leans) if sums.leans.total() >= MIN_FOR_ERROR_VARIANCE else None
    )
    reliability = (
        float(1 - squared / spread[1])
        if squared is not None and spread and spread[1]
        else None
    )
    agreement = shown = None
    if squared and reliability is not None and scales.lean is not None:
        bound = named_from_squared(questionnaire.constants, scales.lean.se_squared)
        agreement, shown = decision_consistency(
            sums.leans,
            se=sqrt(squared),
            reliability=max(reliability, 0.0),
            named_from_squared=bound,
        )
    return LeanStatistics(
        v_trade_off=v_trade_off,
        v_enjoyment=v_enjoyment,
        proposed_v_trade_off=proposed(v_trade_off * grown)
        if form == FULL and v_trade_off is not None
        else None,
        proposed_v_enjoyment=proposed(v_enjoyment * grown)
        if form == FULL and v_enjoyment is not None
        else None,
        retests=sums.retests.total(),
        se_answers=_root(of_answers),
        se_retest=_root(of_retest),
        se=_root(squared),
        reliability=reliability,
        agreement=agreement,
        shown=shown,
    )


def _root(squared: Fraction | None) -> float | None:
    return sqrt(squared) if squared is not None else None
