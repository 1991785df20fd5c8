"""Cells of CSV files that no spreadsheet runs as a formula."""

from __future__ import annotations

FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
)  # what a spreadsheet may run when a cell begins with it


def cell(value: object) -> str:
    """A value as a spreadsheet takes it: as text, and never as a formula."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
        else text
    )
