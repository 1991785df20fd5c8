"""Earlier and later results of one person, one above the other on the lean axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.models import Result, Scope
from assessments.results.lean_figure import LeanFigure
from assessments.results.report import report

# In units of the drawing, which are pixels downward.
HEAD = 34
ROW = 56
MARK_AT = 34  # of a row, where its mark stands
BELOW_THE_AXIS = 34


@dataclass(frozen=True, slots=True)
class TimeLineRow:
    """One result. `from_x` and `from_y`: where the mark of the one before stands."""

    at: datetime
    figure: LeanFigure
    top: int
    y: int
    from_x: str
    from_y: int


@dataclass(frozen=True, slots=True)
class TimeLine:
    """`axis`: the height at which the numbers stand."""

    rows: list[TimeLineRow]
    axis: int
    height: int


def time_line(results: Iterable[Result]) -> TimeLine | None:
    """The results of one person, earliest first; None for fewer than two."""
    rows: list[TimeLineRow] = []
    for result in sorted(results, key=lambda result: result.finished_at):
        figure = report(result, Scope.SUMMARY).figure
        if figure is None:  # a careless result, which no coach sees
            continue
        top = HEAD + ROW * len(rows)
        before = rows[-1] if rows else None
        rows.append(
            TimeLineRow(
                at=result.finished_at,
                figure=figure,
                top=top,
                y=top + MARK_AT,
                from_x=before.figure.mark if before else "",
                from_y=before.y if before else 0,
            )
        )
    if len(rows) < 2:
        return None
    axis = HEAD + ROW * len(rows)
    return TimeLine(rows, axis, axis + BELOW_THE_AXIS)
