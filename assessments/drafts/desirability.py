"""How desirable the two sides of each trade-off look to the people who rated them.

Rule P10 (docs/instrument.md section 1.4) limits how far the sides may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from assessments.engine import Definition, QuestionDefinition
from assessments.engine.desirability import (
    EVEN,
    MIN_RATERS,
    OFF,
    Gap,
    Sheet,
    gap_of_trade_off,
    gaps_of_forms,
    trade_offs,
)
from assessments.engine.parts import LEFT
from assessments.engine.wording import about, signed

# The picture of a difference reaches this many limits to each side of zero.
LIMITS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class GapPicture:
    """A difference and its interval in words and as a drawing, project on the left.

    The marks are percentages of the width of the drawing. What lies beyond its ends is
    drawn at the end.
    """

    gap: Gap

    @property
    def drawn(self) -> bool:
        """One rater has no interval."""
        return self.gap.raters > 1

    @property
    def mean(self) -> str:
        return f"{abs(self.gap.mean):.2f}"

    @property
    def low(self) -> str:
        """The ends of the interval, as seen from the side that looks better."""
        return signed(abs(self.gap.mean) - self.gap.half_width)

    @property
    def high(self) -> str:
        return signed(abs(self.gap.mean) + self.gap.half_width)

    @property
    def mark(self) -> str:
        return self._at(self.gap.mean)

    @property
    def left(self) -> str:
        return self._at(self.gap.mean + self.gap.half_width)

    @property
    def right(self) -> str:
        return self._at(self.gap.mean - self.gap.half_width)

    def _at(self, points: float) -> str:
        share = 0.5 - points / self.gap.limit / LIMITS_SHOWN / 2
        return f"{100 * min(max(share, 0.0), 1.0):.2f}%"

    @property
    def enough(self) -> bool:
        return self.gap.raters >= MIN_RATERS

    @property
    def even(self) -> bool:
        return self.gap.verdict == EVEN

    @property
    def off(self) -> bool:
        return self.gap.verdict == OFF

    @property
    def missing(self) -> int:
        """How many raters it takes to have enough."""
        return max(MIN_RATERS - self.gap.raters, 0)

    @property
    def more(self) -> int | None:
        """About how many more raters would decide; None if more would hardly."""
        return None if self.gap.more is None else about(self.gap.more)


@dataclass(frozen=True, slots=True)
class Side:
    """One statement, and its mean rating from 1 to 7, or None without any."""

    role: str
    words: str
    mean: float | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The two sides of a trade-off, from left to right, by the raters of both."""

    question: str
    left: Side
    right: Side
    picture: GapPicture

    @property
    def raters(self) -> int:
        return self.picture.gap.raters


def balances(questionnaire: Definition, sheets: Sequence[Sheet]) -> list[Balance]:
    """Every trade-off of the questionnaire, in order."""
    return [
        _balance(question, sheets) for question in trade_offs(questionnaire, "full")
    ]


def form_pictures(
    questionnaire: Definition, sheets: Sequence[Sheet]
) -> dict[str, GapPicture]:
    """The mean difference of each form."""
    gaps = gaps_of_forms(questionnaire, sheets)
    return {form: GapPicture(gap) for form, gap in gaps.items()}


def _balance(question: QuestionDefinition, sheets: Sequence[Sheet]) -> Balance:
    places = question.statement_names
    of_both = [sheet for sheet in sheets if all(place in sheet for place in places)]
    sides = [
        Side(
            role,
            statement.text,
            fmean(sheet[place] for sheet in of_both) if of_both else None,
        )
        for role, place, statement in zip(
            ("project", "product"), places, question.statements, strict=True
        )
    ]
    left, right = sides if question.side == LEFT else sides[::-1]
    picture = GapPicture(gap_of_trade_off(question, sheets))
    return Balance(question.id, left, right, picture)
