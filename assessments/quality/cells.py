"""Tables for staff: each the same on the page and as a file. Figures that count under ten people are not in them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO

from assessments.csv_cells import cell as safe
from assessments.engine.statistics import MIN_CELL, Estimate, suppress_small_counts

FEW, HIDDEN, DASH, MINUS = f"fewer than {MIN_CELL}", "hidden", "–", "−"

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` and `between` as the page shows them; `values` as a file holds them, as many as its column has headings."""

    text: str
    values: tuple[Value, ...]
    between: str = ""

    @property
    def long(self) -> bool:
        """Whether it is a sentence, which may break, and no figure."""
        return len(self.text) > 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column on the page. In a file it is three where it has an interval: figure, from, to."""

    title: str
    interval: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        return (
            (self.title, f"{self.title}, from", f"{self.title}, to")
            if self.interval
            else (self.title,)
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row is its heading."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    empty: str = ""  # what to say in place of a table without rows

    def lines(self) -> Iterator[list[Value]]:
        """The table as a file: its headings, then its rows."""
        yield [heading for column in self.columns for heading in column.headings]
        for row in self.rows:
            yield [value for cell in row for value in cell.values]

    def as_csv(self) -> str:
        """Numbers stay numbers; text is never a formula."""
        file = StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(
            [safe(value) if isinstance(value, str) else value for value in line]
            for line in self.lines()
        )
        return file.getvalue()


def words(text: str) -> Cell:
    return Cell(text, (text,))


def people(n: int) -> Cell:
    return Cell(f"{n:,}", (n,)) if n >= MIN_CELL else Cell(FEW, (FEW,))


def parts(counts: Sequence[int]) -> list[Cell]:
    """How many people make each part of one whole; no part under ten can be worked out from the others (statistics.told)."""
    return [
        people(n) if its or n < MIN_CELL else words(HIDDEN)
        for n, its in zip(counts, suppress_small_counts(counts), strict=True)
    ]


def number(value: float | Fraction | None, decimals: int = 2) -> Cell:
    return (
        Cell(_shown(value, decimals), (round(float(value), 6),))
        if value is not None
        else Cell(DASH, (None,))
    )


def mean(estimate: Estimate | None) -> Cell:
    return _estimate(estimate, lambda value: _shown(value, 2))


def per_cent(estimate: Estimate | None) -> Cell:
    return _estimate(
        estimate, lambda value: f"{100 * value:.1f}\N{NO-BREAK SPACE}%", decimals=3
    )


def shares_of_parts(shares: Sequence[Estimate | None]) -> list[Cell]:
    """The same for the shares of the parts of one whole, all of them given or none."""
    shown = suppress_small_counts([each.people if each else 0 for each in shares])
    hidden = Cell(HIDDEN, (HIDDEN, None, None))
    return [
        hidden if each and each.displayed and not its else per_cent(each)
        for each, its in zip(shares, shown, strict=True)
    ]


def _estimate(
    estimate: Estimate | None, shown: Callable[[float], str], decimals: int = 6
) -> Cell:
    if estimate is None:
        return Cell(DASH, (None, None, None))
    if not estimate.displayed:
        return Cell(FEW, (FEW, None, None))
    figures = estimate.value, estimate.low, estimate.high
    return Cell(
        shown(figures[0]),
        tuple(round(figure, decimals) for figure in figures),
        f"{shown(figures[1])} to {shown(figures[2])}",
    )


def _shown(value: float | Fraction, decimals: int) -> str:
    text = f"{float(value):.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def without_interval(cell: Cell) -> Cell:
    """A figure for a column whose other figures have an interval."""
    return Cell(cell.text, (*cell.values, None, None))
