"""Cells of CSV files that no spreadsheet runs as a formula."""

from __future__ import annotations

# A spreadsheet may run a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def cell(value: object) -> str:
    """The value as text that a spreadsheet does not run as a formula."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
        else text
    )
