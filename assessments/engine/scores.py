"""The exact figures of one result."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one answer moves the lean, in points; above 0 toward the first role."""

    question: str
    answer: int  # the button pressed
    contribution: Fraction


@dataclass(frozen=True, slots=True)
class ChangeNeeded:
    """What would change a named result (docs/instrument.md section 2.6).

    `to_flip` is None where no set of answers names the other role.
    """

    to_close: tuple[str, ...]
    to_flip: tuple[str, ...] | None
    steps_to_close: int


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one person, in points of 100 (lean: -100 to 100).

    Pairs stand in the order of the roles.
    """

    lean: Fraction
    se_squared: Fraction
    z_squared: Fraction
    preference: tuple[Fraction, Fraction]
    enjoyment: tuple[Fraction, Fraction]
    fit: tuple[Fraction, Fraction]
    fit_se_squared: tuple[Fraction, Fraction]
    strengths: dict[str, Fraction | None] | None  # by slug; None for the short form
    doing: Fraction | None
    wanting: Fraction | None
    shared_skills: Fraction | None
    split: bool
    scatter: bool
    certainty: str
    would_be_named: bool  # rule 4 or 5 holds, whatever rules come before them
