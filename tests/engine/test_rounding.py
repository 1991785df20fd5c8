from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.engine.rounding import (
    plain,
    root,
    root_ceiling,
    root_text,
    whole,
    whole_plus_root,
)

squares = st.fractions(0, 5000, max_denominator=400)
values = st.fractions(-120, 120, max_denominator=400)


def decimal_root(square: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1/2", 1),
        ("-1/2", -1),
        ("3/2", 2),
        ("-3/2", -2),
        ("49/100", 0),
        ("-49/100", 0),
        ("0", 0),
        ("-25/8", -3),
        ("7", 7),
        ("-7", -7),
    ],
)
def test_halves_go_away_from_zero(value: str, expected: int) -> None:
    assert whole(Fraction(value)) == expected


@given(squares)
def test_root_is_the_nearest(square: Fraction) -> None:
    exact = decimal_root(square)
    assert abs(Decimal(root(square)) - exact) <= Decimal("0.5")
    assert abs(Decimal(root_text(square)) - exact) <= Decimal("0.005")
    assert root_ceiling(square) ** 2 >= square
    assert square == 0 or (root_ceiling(square) - 1) ** 2 < square


@pytest.mark.parametrize(
    ("square", "text"),
    [
        ("0", "0.00"),
        ("9/4", "1.50"),
        ("1/400", "0.05"),
        ("1/40000", "0.01"),
        ("10000", "100.00"),
    ],
)
def test_root_text_has_two_decimals_and_halves_go_up(square: str, text: str) -> None:
    assert root_text(Fraction(square)) == text


@given(values, squares)
def test_edge_of_a_band_is_the_nearest(value: Fraction, square: Fraction) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator) + decimal_root(
            square
        )
        assert (
            abs(whole_plus_root(value, square) - exact)
            <= Decimal("0.5") + Decimal(10) ** -50
        )


@pytest.mark.parametrize(
    ("value", "square", "expected"),
    [
        ("1/2", "4", 3),
        ("-1/2", "0", -1),
        ("-7/2", "1", -3),
        ("-1/2", "1/4", 0),
        ("-5/2", "4", -1),
        ("5/2", "4", 5),
        ("-3", "4", -1),
        ("0", "0", 0),
    ],
)
def test_edge_with_a_rational_root_rounds_its_half_away_from_zero(
    value: str, square: str, expected: int
) -> None:
    assert whole_plus_root(Fraction(value), Fraction(square)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("175/4", "43.75"),
        ("-25/8", "−3.125"),
        ("475/6", "475/6"),
        ("-1/3", "−1/3"),
        ("1/20", "0.05"),
        ("100", "100"),
        ("1/1024", "0.0009765625"),
        ("7/5", "1.4"),
    ],
)
def test_plain_writes_decimals_where_they_end(value: str, text: str) -> None:
    assert plain(Fraction(value)) == text


@given(st.fractions(max_denominator=2000))
def test_plain_loses_nothing(value: Fraction) -> None:
    assert Fraction(plain(value).replace("−", "-")) == value
