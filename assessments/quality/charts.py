"""Geometry of the charts of the quality pages, drawn on the server. x and width are per cent of the picture, y and height pixels.

Nothing that counts under ten people is drawn, nor what would give it away: it leaves a gap at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from assessments.engine.statistics import Estimate, suppress_small_counts
from assessments.engine.sums import WEEK

ROW = 30  # pixels from one question to the next
NAMES_UNTIL = 12  # per cent: the names of the questions stand before it
ROOM_FOR_NUMBER = 0.09  # of a bar: less holds no number
COLUMN_HEIGHT = 160
LEAN_HEIGHT = 120
MOST_TICKS = 4
ANSWERS = (
    "far-left",
    "left",
    "middle",
    "right",
    "far-right",
)  # the fills, from left to right


@dataclass(frozen=True, slots=True)
class Piece:
    """One rectangle. `kind` names its fill; `label` is written in its middle, where there is room."""

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
    """The answers to one question, side by side."""

    name: str
    y: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    rows: tuple[Bar, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.rows)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    pieces: tuple[Piece, ...]
    ticks: tuple[Tick, ...] = ()


def bars(rows: Iterable[tuple[str, Sequence[Estimate] | None]]) -> Bars:
    """One bar a question, made of the shares of its five answers."""
    answered = ((name, shares) for name, shares in rows if shares)
    return Bars(
        tuple(
            Bar(name, number * ROW, tuple(_side_by_side(shares)))
            for number, (name, shares) in enumerate(answered)
        )
    )


def _side_by_side(shares: Sequence[Estimate]) -> Iterable[Piece]:
    start, scale = float(NAMES_UNTIL), (100 - NAMES_UNTIL)
    for kind, share, shown in zip(
        ANSWERS,
        shares,
        suppress_small_counts([each.people for each in shares]),
        strict=True,
    ):
        if shown:
            width = share.value * scale
            label = f"{100 * share.value:.0f}" if share.value >= ROOM_FOR_NUMBER else ""
            yield Piece(kind, round(start, 2), 4, round(width, 2), ROW - 8, label)
            start += width


def weeks(shares: Mapping[date, Mapping[str, Estimate | None]]) -> Chart:
    """One column a week, a gap where the week has too few people; the first kind at the bottom."""
    if not shares:
        return Chart(COLUMN_HEIGHT, ())
    first, last = min(shares), max(shares)
    step = 100 / ((last - first) // WEEK + 1)
    pieces = []
    for monday, by_kind in shares.items():
        x, top = (monday - first) // WEEK * step, float(COLUMN_HEIGHT)
        shown = suppress_small_counts(
            [share.people if share else 0 for share in by_kind.values()]
        )
        for (kind, share), its in zip(by_kind.items(), shown, strict=True):
            if share and its:
                height = share.value * COLUMN_HEIGHT
                top -= height
                pieces.append(
                    Piece(
                        kind,
                        round(x, 2),
                        round(top, 2),
                        round(step * 0.9, 2),
                        round(height, 2),
                    )
                )
    mondays = sorted(shares)
    every = -(-len(mondays) // MOST_TICKS)
    ticks = tuple(
        Tick(round((monday - first) // WEEK * step, 2), date_format(monday, "j M Y"))
        for monday in mondays[::every]
    )
    return Chart(COLUMN_HEIGHT, tuple(pieces), ticks)


def leans(counts: Mapping[int, int]) -> Chart:
    """One column for each ten points, by its middle; the first role stands on the left, as in the lean figure."""
    shown = {
        middle: n
        for (middle, n), its in zip(
            counts.items(), suppress_small_counts(list(counts.values())), strict=True
        )
        if its
    }
    most = max(shown.values(), default=1)
    pieces = []
    for middle, n in shown.items():
        high, low = min(middle + 5, 100), max(middle - 5, -100)
        height = round(LEAN_HEIGHT * n / most, 2)
        kind = "first" if middle > 0 else "second" if middle < 0 else "undecided"
        pieces.append(
            Piece(kind, 50 - high / 2, LEAN_HEIGHT - height, (high - low) / 2, height)
        )
    return Chart(LEAN_HEIGHT, tuple(pieces))
