"""How far apart the two sides of a trade-off look to the people who rated both.

Rule P10 of docs/instrument.md section 1.4. A difference is taken within each rater,
project minus product, in points of the scale from 1 (looks bad) to 7 (looks good).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum, inf, sqrt

from .parts import FORMS, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition

# What one rater gave: the place of a statement, such as T3.project, to a number from
# 1 to 7. Statements that the rater skipped, or was not asked about, are left out.
Sheet = Mapping[str, int]

MIN_RATERS = 40
# A panel of more people is not worth it: the mean difference lies on the limit.
MAX_RATERS = 400
MAX_APART, MAX_APART_ON_AVERAGE = 0.5, 0.15  # points: a trade-off, a form
Z_90 = 1.6448536269514722  # two-sided 90 % of the normal distribution

EVEN, OFF, UNSETTLED = "even", "off", "undecided"


@dataclass(frozen=True, slots=True)
class Gap:
    """A mean difference in points, and what its 90 % interval says about the limit.

    `error` is the standard error of the mean: endless with fewer than two raters.
    """

    limit: float
    raters: int = 0
    mean: float = 0.0
    error: float = inf

    @property
    def half_width(self) -> float:
        """The interval is the mean, plus or minus this."""
        return Z_90 * self.error

    @property
    def verdict(self) -> str:
        """OFF where the whole interval lies beyond the limit, EVEN where inside it."""
        if self.raters < MIN_RATERS:
            return UNSETTLED
        if abs(self.mean) - self.half_width > self.limit:
            return OFF
        return EVEN if abs(self.mean) + self.half_width < self.limit else UNSETTLED

    @property
    def more(self) -> int | None:
        """About how many more raters would decide; None where more would hardly.

        It takes the mean and the spread to stay as they are.
        """
        if self.raters < MIN_RATERS:
            return MIN_RATERS - self.raters
        if self.verdict != UNSETTLED:
            return 0
        room = abs(abs(self.mean) - self.limit)
        # The half-width shrinks with the square root of the number of raters.
        if self.raters * self.half_width**2 >= MAX_RATERS * room**2:
            return None
        needed = ceil(self.raters * (self.half_width / room) ** 2)
        return max(needed - self.raters, 1)

    @property
    def better(self) -> str:
        """The side that looks better on average, as told in two decimals, or empty."""
        told = round(self.mean, 2)
        return "project" if told > 0 else "product" if told < 0 else ""


def trade_offs(questionnaire: Definition, form: str) -> list[QuestionDefinition]:
    return [
        question
        for question in questionnaire.questions_of(form)
        if question.kind == TRADE_OFF
    ]


def paired(question: QuestionDefinition, sheets: Sequence[Sheet]) -> dict[int, int]:
    """The difference within each rater of both sides, by the rater's place."""
    project, product = question.statement_names
    return {
        rater: sheet[project] - sheet[product]
        for rater, sheet in enumerate(sheets)
        if project in sheet and product in sheet
    }


def gap_of_trade_off(question: QuestionDefinition, sheets: Sequence[Sheet]) -> Gap:
    differences = paired(question, sheets).values()
    n, total = len(differences), sum(differences)
    if n < 2:
        return Gap(MAX_APART, n, float(total))
    squares = sum(difference**2 for difference in differences)
    # Whole numbers up to here, so that no digit is lost.
    error = sqrt((n * squares - total**2) / (n * n * (n - 1)))
    return Gap(MAX_APART, n, total / n, error)


def gap_of_form(questionnaire: Definition, form: str, sheets: Sequence[Sheet]) -> Gap:
    """The mean of the mean differences of a form's trade-offs, signs kept.

    Its error comes from the raters: each one's part in the mean is one observation, as
    the differences of one rater may go together. `raters` counts those of the trade-off
    with the fewest.
    """
    by_trade_off = [
        paired(question, sheets) for question in trade_offs(questionnaire, form)
    ]
    fewest = min(map(len, by_trade_off), default=0)
    if not fewest:
        return Gap(MAX_APART_ON_AVERAGE)
    means = [sum(pairs.values()) / len(pairs) for pairs in by_trade_off]
    mean = fsum(means) / len(means)
    parts: dict[int, float] = {}
    for pairs, own_mean in zip(by_trade_off, means, strict=True):
        for rater, difference in pairs.items():
            part = (difference - own_mean) / (len(pairs) * len(means))
            parts[rater] = parts.get(rater, 0.0) + part
    n = len(parts)
    if n < 2:
        return Gap(MAX_APART_ON_AVERAGE, fewest, mean)
    error = sqrt(fsum(part**2 for part in parts.values()) * n / (n - 1))
    return Gap(MAX_APART_ON_AVERAGE, fewest, mean, error)


def gaps_of_trade_offs(
    questionnaire: Definition, sheets: Sequence[Sheet]
) -> dict[str, Gap]:
    """Each trade-off of the full form, which holds those of the short one too."""
    return {
        question.id: gap_of_trade_off(question, sheets)
        for question in trade_offs(questionnaire, FORMS[0])
    }


def gaps_of_forms(questionnaire: Definition, sheets: Sequence[Sheet]) -> dict[str, Gap]:
    return {form: gap_of_form(questionnaire, form, sheets) for form in FORMS}
