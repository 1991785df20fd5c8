"""The words for the outcomes."""

from __future__ import annotations

OUTCOMES = {
    "clear_project": "clearly project",
    "lean_project": "leans to project",
    "close": "close call",
    "both": "would enjoy both",
    "lean_product": "leans to product",
    "clear_product": "clearly product",
    "low_both": "low interest in both",
}
