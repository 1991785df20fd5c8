"""Tables for staff, the same on a page and in a file.

They hide every figure that counts under ten people.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO

from assessments.csv_cells import cell as csv_cell
from assessments.engine.statistics import (
    MIN_CELL,
    Estimate,
    decimals_of,
    suppress_small_counts,
)

FEW, HIDDEN, DASH, MINUS = f"fewer than {MIN_CELL}", "hidden", "–", "−"

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. The page shows `text` and `between`, a file has `values`.

    There are as many values as the column has headings.
    """

    text: str
    values: tuple[Value, ...]
    between: str = ""

    @property
    def long(self) -> bool:
        """Whether the text is a sentence, which may break across lines."""
        return len(self.text) > 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column. With an interval it is three in a file: figure, from, to."""

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
    empty: str = ""  # stands in place of a table without rows

    def lines(self) -> Iterator[list[Value]]:
        """The lines of the file: headings, then rows."""
        yield [heading for column in self.columns for heading in column.headings]
        for row in self.rows:
            yield [value for cell in row for value in cell.values]

    def as_csv(self) -> str:
        """Numbers stay numbers. No spreadsheet runs a text as a formula."""
        file = StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(
            [csv_cell(value) if isinstance(value, str) else value for value in line]
            for line in self.lines()
        )
        return file.getvalue()


def text_cell(text: str) -> Cell:
    return Cell(text, (text,))


def people_cell(n: int) -> Cell:
    """A number of people, rounded down to tens."""
    tens = n - n % MIN_CELL
    return Cell(f"{tens:,}", (tens,)) if tens else Cell(FEW, (FEW,))


def part_cells(counts: Sequence[int]) -> list[Cell]:
    """The numbers of people in the parts of one whole.

    Nobody can work out a part under ten from the other parts (see
    suppress_small_counts).
    """
    return [
        people_cell(n) if shown or n < MIN_CELL else text_cell(HIDDEN)
        for n, shown in zip(counts, suppress_small_counts(counts), strict=True)
    ]


def number_cell(
    value: float | Fraction | None, decimals: int = 2, *, people: int | None = None
) -> Cell:
    """A figure with as many decimals as the number of people behind it allows.

    Without `people` there are always enough.
    """
    if value is None:
        return Cell(DASH, (None,))
    if people is not None:
        decimals = min(decimals, decimals_of(people))
    return Cell(_shown(value, decimals), (round(float(value), decimals),))


def mean_cell(estimate: Estimate | None) -> Cell:
    return _estimate_cell(estimate, _shown, decimals=2)


def percent_cell(estimate: Estimate | None) -> Cell:
    return _estimate_cell(estimate, _percent, decimals=3)


def share_cells(shares: Sequence[Estimate | None]) -> list[Cell]:
    """The shares of the parts of one whole, hidden like part_cells().

    Pass the shares of all parts, or None for all.
    """
    all_shown = suppress_small_counts(
        [share.people if share else 0 for share in shares]
    )
    hidden = Cell(HIDDEN, (HIDDEN, None, None))
    return [
        hidden if share and share.displayed and not shown else percent_cell(share)
        for share, shown in zip(shares, all_shown, strict=True)
    ]


def _estimate_cell(
    estimate: Estimate | None, write: Callable[[float, int], str], decimals: int
) -> Cell:
    """At most so many decimals, and no more than the number of people allows."""
    if estimate is None:
        return Cell(DASH, (None, None, None))
    if not estimate.displayed:
        return Cell(FEW, (FEW, None, None))
    decimals = min(decimals, estimate.decimals)
    value, low, high = (
        round(figure, decimals)
        for figure in (estimate.value, estimate.low, estimate.high)
    )
    return Cell(
        write(value, decimals),
        (value, low, high),
        f"{write(low, decimals)} to {write(high, decimals)}",
    )


def _percent(value: float, decimals: int) -> str:
    return f"{100 * value:.{max(decimals - 2, 0)}f}%"


def _shown(value: float | Fraction, decimals: int) -> str:
    text = f"{float(value):.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def without_interval(cell: Cell) -> Cell:
    """A figure without an interval, for a column with intervals."""
    return Cell(cell.text, (*cell.values, None, None))
