"""How good the two sides of each trade-off look to say, as panels have rated them (docs/instrument.md section 1.4, P10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean

from assessments.engine import Definition
from assessments.engine.parts import FORMS, LEFT, TRADE_OFF, QuestionDefinition
from assessments.engine.wording import MAX_APART, MIN_RATERS

Ratings = Mapping[
    str, Sequence[int]
]  # by the place of the statement, such as T3.project


@dataclass(frozen=True, slots=True)
class Side:
    """One statement: whose it is, its words, how many have rated it, and their mean from 1 to 7 (None where nobody has)."""

    role: str
    words: str
    raters: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A trade-off's sides from left to right. `gap`: mean of the project side less that of the product side, in points."""

    question: str
    left: Side
    right: Side
    gap: Fraction | None

    @property
    def raters(self) -> int:
        """Those that count: of the side that fewer have rated."""
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
        """The side that looks better: project, product or, where both look alike, nothing."""
        return "project" if self.gap and self.gap > 0 else "product" if self.gap else ""


def balances(questionnaire: Definition, ratings: Ratings) -> list[Balance]:
    """Every trade-off in its order."""
    return [
        _balance(question, ratings)
        for question in questionnaire.questions_of("full")
        if question.kind == TRADE_OFF
    ]


def average_gaps(questionnaire: Definition, ratings: Ratings) -> dict[str, float]:
    """By form, the mean of the signed gaps of the trade-offs that enough people have rated; a form without any is left out."""
    found = {
        each.question: each.gap
        for each in balances(questionnaire, ratings)
        if each.enough and each.gap is not None
    }
    gaps = {
        form: [
            found[question.id]
            for question in questionnaire.questions_of(form)
            if question.id in found
        ]
        for form in FORMS
    }
    return {form: float(mean(each)) for form, each in gaps.items() if each}


def _balance(question: QuestionDefinition, ratings: Ratings) -> Balance:
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
