"""Geometry of the lean figure: exact scores as percentages of its width.

A lean stands at x = 50 - lean / 2 percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from assessments.engine import Constants
from assessments.engine.reply import ExactScores, ShownScores
from assessments.engine.rounding import points_range

# Points of lean: a band that ends nearer to the edge has its number inside the band.
NUMBER_MARGIN = 18


def percent(value: Fraction | float) -> str:
    return f"{float(value):.2f}%"


def toward_words(points: int, names: tuple[str, str] = ("project", "product")) -> str:
    """A signed whole number of points in words, never with a sign."""
    return (
        f"{abs(points)} toward {names[points < 0]}"
        if points
        else "exactly in the middle"
    )


def band_words(low: int, high: int) -> str:
    """A range of signed whole points in words.

    The end nearer to the middle comes first where both ends lie on one side.
    """
    if low * high > 0:
        near, far = sorted((low, high), key=abs)
        return f"between {abs(near)} and {toward_words(far)}"
    ends = (toward_words(end) if end else "the middle" for end in (high, low))
    return "between {} and {}".format(*ends)


@dataclass(frozen=True, slots=True)
class BandEnd:
    x: str
    number: int
    inside: bool


@dataclass(frozen=True, slots=True)
class LeanFigure:
    """What the template needs to draw one lean.

    `side` is "project", "product" or empty, because a close call has no winner.
    `band_words` is the range that holds the person's average lean in 9 of 10 cases.
    `again_words` is the wider range in which a second sitting lands as often: the
    difference of two sittings varies twice as much as one sitting does.
    """

    side: str
    mark: str
    lean_words: str
    anchor: str
    band_x: str
    band_width: str
    left: BandEnd
    right: BandEnd
    clear_left: str
    clear_right: str
    leans_left: str
    leans_right: str
    clear_width: str
    leans_left_label: str
    leans_right_label: str
    low_words: str
    high_words: str
    band_words: str
    again_words: str


def lean_figure(
    exact: ExactScores, shown: ShownScores, constants: Constants, *, side: str
) -> LeanFigure:
    lean, se_squared = exact.lean, exact.se_squared
    half = sqrt(constants.band_z_squared * se_squared)
    low, high = max(float(lean) - half, -100.0), min(float(lean) + half, 100.0)
    again = 2 * constants.band_z_squared * se_squared
    low_number, high_number = shown.band_90
    clear = max(
        sqrt(constants.clear_z_squared * se_squared), float(constants.clear_floor)
    )
    leans = max(
        sqrt(constants.leans_z_squared * se_squared), float(constants.leans_floor)
    )
    return LeanFigure(
        side=side,
        mark=percent(50 - lean / 2),
        lean_words=toward_words(shown.lean),
        anchor="from-start" if lean > 35 else "to-end" if lean < -35 else "middle",
        band_x=percent(50 - high / 2),
        band_width=percent((high - low) / 2),
        left=BandEnd(
            percent(50 - high / 2), abs(high_number), high > 100 - NUMBER_MARGIN
        ),
        right=BandEnd(
            percent(50 - low / 2), abs(low_number), low < -100 + NUMBER_MARGIN
        ),
        clear_left=percent(50 - clear / 2),
        clear_right=percent(50 + clear / 2),
        leans_left=percent(50 - leans / 2),
        leans_right=percent(50 + leans / 2),
        clear_width=percent(50 - clear / 2),
        leans_left_label=percent(50 - (clear + leans) / 4),
        leans_right_label=percent(50 + (clear + leans) / 4),
        low_words=toward_words(low_number),
        high_words=toward_words(high_number),
        band_words=band_words(low_number, high_number),
        again_words=band_words(*points_range(lean, again)),
    )
