"""Geometry of the charts on the quality pages, drawn on the server.

x and width are percentages of the picture, y and height are pixels. A figure that
counts under ten people is not drawn, nor one that would reveal it: the bar has a gap at
its end. Figures are rounded as in the tables, for a page tells sizes exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from assessments.engine.statistics import (
    MIN_CELL,
    Estimate,
    suppress_small_counts,
)
from assessments.engine.sums import WEEK

BAR_ROW_HEIGHT = 30  # pixels from one question to the next
BARS_FROM = 12  # percent: the names of the questions stand before it
MIN_LABELED_SHARE = 0.09  # a smaller part of a bar has no room for its number
WEEK_COLUMN_HEIGHT = 160
LEAN_COLUMN_HEIGHT = 120
MAX_TICKS = 4
# The fills of the five answers, from left to right.
ANSWER_FILLS = ("far-left", "left", "middle", "right", "far-right")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """One rectangle. `kind` names its fill; `label` stands in its middle."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """The shares of the five answers to one question, side by side."""

    name: str
    y: int
    pieces: tuple[Rectangle, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    rows: tuple[Bar, ...]

    @property
    def height(self) -> int:
        return BAR_ROW_HEIGHT * len(self.rows)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    pieces: tuple[Rectangle, ...]
    ticks: tuple[Tick, ...] = ()


def answer_bars(rows: Iterable[tuple[str, Sequence[Estimate] | None]]) -> Bars:
    """One bar per question."""
    answered = ((name, shares) for name, shares in rows if shares)
    return Bars(
        tuple(
            Bar(name, number * BAR_ROW_HEIGHT, tuple(_side_by_side(shares)))
            for number, (name, shares) in enumerate(answered)
        )
    )


def _side_by_side(shares: Sequence[Estimate]) -> Iterable[Rectangle]:
    start, scale = float(BARS_FROM), (100 - BARS_FROM)
    for kind, share, shown in zip(
        ANSWER_FILLS,
        shares,
        suppress_small_counts([share.people for share in shares]),
        strict=True,
    ):
        if shown:
            value = share.rounded
            width = value * scale
            label = f"{100 * value:.0f}" if value >= MIN_LABELED_SHARE else ""
            yield Rectangle(
                kind, round(start, 2), 4, round(width, 2), BAR_ROW_HEIGHT - 8, label
            )
            start += width


def week_columns(shares: Mapping[date, Mapping[str, Estimate | None]]) -> Chart:
    """One column per week, from the first kind up. A week with few people is a gap."""
    if not shares:
        return Chart(WEEK_COLUMN_HEIGHT, ())
    first, last = min(shares), max(shares)
    step = 100 / ((last - first) // WEEK + 1)
    pieces = []
    for monday, by_kind in shares.items():
        x, top = (monday - first) // WEEK * step, float(WEEK_COLUMN_HEIGHT)
        shown = suppress_small_counts(
            [share.people if share else 0 for share in by_kind.values()]
        )
        for (kind, share), is_shown in zip(by_kind.items(), shown, strict=True):
            if share and is_shown:
                height = share.rounded * WEEK_COLUMN_HEIGHT
                top -= height
                pieces.append(
                    Rectangle(
                        kind,
                        round(x, 2),
                        round(top, 2),
                        round(step * 0.9, 2),
                        round(height, 2),
                    )
                )
    mondays = sorted(shares)
    every = -(-len(mondays) // MAX_TICKS)
    ticks = tuple(
        Tick(round((monday - first) // WEEK * step, 2), date_format(monday, "M j, Y"))
        for monday in mondays[::every]
    )
    return Chart(WEEK_COLUMN_HEIGHT, tuple(pieces), ticks)


def lean_columns(counts: Mapping[int, int]) -> Chart:
    """One column per ten points. The first role is on the left, as in a lean figure."""
    shown = {
        middle: n - n % MIN_CELL
        for (middle, n), is_shown in zip(
            counts.items(), suppress_small_counts(list(counts.values())), strict=True
        )
        if is_shown
    }
    most = max(shown.values(), default=1)
    pieces = []
    for middle, n in shown.items():
        high, low = min(middle + 5, 100), max(middle - 5, -100)
        height = round(LEAN_COLUMN_HEIGHT * n / most, 2)
        kind = "first" if middle > 0 else "second" if middle < 0 else "undecided"
        pieces.append(
            Rectangle(
                kind,
                50 - high / 2,
                LEAN_COLUMN_HEIGHT - height,
                (high - low) / 2,
                height,
            )
        )
    return Chart(LEAN_COLUMN_HEIGHT, tuple(pieces))
