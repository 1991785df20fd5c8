"""The range around a lean, in words."""

from __future__ import annotations

import pytest

from assessments.results.lean_figure import band_words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (32, 74, "between 32 and 74 toward project"),
        (-74, -32, "between 32 and 74 toward product"),
        (-9, 34, "between 34 toward project and 9 toward product"),
        (0, 21, "between 21 toward project and the middle"),
        (-21, 0, "between the middle and 21 toward product"),
    ],
)
def test_range_names_a_role_once_where_it_lies_on_one_side(
    low: int, high: int, words: str
) -> None:
    assert band_words(low, high) == words
