"""Numbers from outside: what is read, and what is refused before any arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.engine.numbers import read_exact, whole_number
from tests.support.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15", Fraction(15)),
        ("37.5", Fraction(75, 2)),
        ("10/8", Fraction(5, 4)),
        ("0", Fraction(0)),
        ("007", Fraction(7)),
        ("999999999/999999999", Fraction(1)),
    ],
)
def test_exact_number_is_read(text: str, number: Fraction) -> None:
    assert read_exact(text) == number


def test_decimals_are_left_out_on_request() -> None:
    assert read_exact("5/4", decimals=False) == Fraction(5, 4)
    with pytest.raises(ValueError, match="no exact number"):
        read_exact("1.25", decimals=False)


@pytest.mark.parametrize("text", ["0", "007", "999999999"])
def test_whole_number_is_read(text: str) -> None:
    assert whole_number(text) == int(text)


@pytest.mark.parametrize("text", [*HOSTILE, "1/0", "1000000000", " 1", "1\n"])
def test_hostile_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no exact number"):
        read_exact(text)
    with pytest.raises(ValueError, match="no whole number"):
        whole_number(text)
