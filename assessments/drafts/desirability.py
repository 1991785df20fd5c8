"""How desirable the two sides of each trade-off look to the people who rated them.

Rule P10 (docs/instrument.md section 1.4) limits how far the sides may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean

from assessments.engine import Definition, QuestionDefinition
from assessments.engine.parts import FORMS, LEFT, TRADE_OFF
from assessments.engine.wording import MAX_APART, MIN_RATERS

# Place of a statement, such as T3.project, to the ratings of it.
RatingsByPlace = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Side:
    """One statement. The mean of its ratings is from 1 to 7, or None without any."""

    role: str
    words: str
    raters: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The two sides of a trade-off, from left to right.

    `gap` is the mean rating of the project side minus that of the product side.
    """

    question: str
    left: Side
    right: Side
    gap: Fraction | None

    @property
    def raters(self) -> int:
        """The number of raters of the side with fewer raters."""
        return min(self.left.raters, self.right.raters)

    @property
    def enough(self) -> bool:
        return self.raters >= MIN_RATERS

    @property
    def too_far(self) -> bool:
        return self.gap is not None and abs(self.gap) > MAX_APART

    @property
    def apart(self) -> float | None:
        return None if self.gap is None else float(abs(self.gap))

    @property
    def better(self) -> str:
        """The better-looking side: "project", "product", or empty if neither is."""
        return "project" if self.gap and self.gap > 0 else "product" if self.gap else ""


def balances(questionnaire: Definition, ratings: RatingsByPlace) -> list[Balance]:
    """Every trade-off of the questionnaire, in order."""
    return [
        _balance(question, ratings)
        for question in questionnaire.questions_of("full")
        if question.kind == TRADE_OFF
    ]


def average_gaps(
    questionnaire: Definition, ratings: RatingsByPlace
) -> dict[str, float]:
    """The mean of the signed gaps by form.

    Only trade-offs with enough raters count. A form without any is left out.
    """
    gaps = {
        balance.question: balance.gap
        for balance in balances(questionnaire, ratings)
        if balance.enough and balance.gap is not None
    }
    by_form = {
        form: [
            gaps[question.id]
            for question in questionnaire.questions_of(form)
            if question.id in gaps
        ]
        for form in FORMS
    }
    return {form: float(mean(values)) for form, values in by_form.items() if values}


def _balance(question: QuestionDefinition, ratings: RatingsByPlace) -> Balance:
    means, sides = [], []
    for role, place, statement in zip(
        ("project", "product"),
        question.statement_names,
        question.statements,
        strict=True,
    ):
        numbers = ratings.get(place, ())
        means.append(mean(map(Fraction, numbers)) if numbers else None)
        sides.append(
            Side(
                role,
                statement.text,
                len(numbers),
                None if means[-1] is None else float(means[-1]),
            )
        )
    project, product = means
    left, right = sides if question.side == LEFT else sides[::-1]
    return Balance(
        question.id,
        left,
        right,
        None if project is None or product is None else project - product,
    )
