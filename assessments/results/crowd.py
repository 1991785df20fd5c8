"""A group as signs on one scale, for a wall: one sign for each person, without names.

The drawing has units of its own: it is WIDTH wide, and the scale ends SIDE_MARGIN
before either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assessments.engine.group import Bin, Picture

WIDTH = 1200
SIDE_MARGIN = 60
COLUMNS = 21  # the engine's bins, from -100 to 100
PITCH = Fraction(
    WIDTH - 2 * SIDE_MARGIN, COLUMNS
)  # of columns, and of one sign above another
MAX_ROWS = 8  # of signs as wide as a column; higher columns get smaller signs
TOP_MARGIN = 12  # above the highest column
BELOW_THE_SCALE = 72  # under the scale: the mean, then the words


@dataclass(frozen=True, slots=True)
class Sign:
    """One person. `side` is "project", "product" or empty; `size` is 1 for the widest.

    `x` and `y` are the middle of the sign.
    """

    side: str
    x: str
    y: str
    size: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody in a group of three or more, and how many results name each role."""

    signs: tuple[Sign, ...]
    project: int
    neither: int
    product: int
    ground: int  # y of the scale
    height: int
    mean_x: str


def crowd(summary: Picture) -> Crowd:
    highest = max(column.n for column in summary.bins)
    side_by_side = 1
    while -(-highest // side_by_side) > MAX_ROWS * side_by_side:
        side_by_side += 1
    rows = -(-highest // side_by_side)
    ground = TOP_MARGIN + round(rows * PITCH / side_by_side)
    return Crowd(
        signs=tuple(
            sign
            for column in reversed(summary.bins)
            for sign in _signs(column, side_by_side, ground)
        ),
        project=sum(column.first for column in summary.bins),
        neither=sum(column.neither for column in summary.bins),
        product=sum(column.second for column in summary.bins),
        ground=ground,
        height=ground + BELOW_THE_SCALE,
        mean_x=f"{_x(summary.leans.mean):.1f}",
    )


def _x(lean: Fraction | int) -> float:
    """Where the middle of the column of this lean stands."""
    return float(WIDTH / 2 - PITCH * lean / 10)


def _signs(column: Bin, side_by_side: int, ground: int) -> Iterator[Sign]:
    """The people in one column, from the ground up, each row in its middle."""
    pitch = float(PITCH / side_by_side)
    sides = (
        ["product"] * column.second + [""] * column.neither + ["project"] * column.first
    )
    for number, side in enumerate(sides):
        row, place = divmod(number, side_by_side)
        in_row = min(column.n - row * side_by_side, side_by_side)
        yield Sign(
            side=side,
            x=f"{_x(column.center) + (place - (in_row - 1) / 2) * pitch:.1f}",
            y=f"{ground - 2 - (row + 0.5) * pitch:.1f}",
            size=f"{1 / side_by_side:.3f}",
        )
