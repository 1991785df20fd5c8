"""Rounding for display: once, from the exact value, halves away from zero.

Square roots are taken in integers.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt


def whole(value: Fraction) -> int:
    """The nearest integer; halves go away from zero."""
    top, bottom = value.numerator, value.denominator
    return (
        (2 * top + bottom) // (2 * bottom)
        if top >= 0
        else -((bottom - 2 * top) // (2 * bottom))
    )


def root(square: Fraction, decimals: int = 0) -> int:
    """The rounded square root of a value from 0 up, in units of 10**-decimals."""
    return (isqrt(4 * 100**decimals * square.numerator // square.denominator) + 1) // 2


def root_text(square: Fraction) -> str:
    """The square root of a value from 0 up with two decimals, such as `21.17`."""
    units, hundredths = divmod(root(square, 2), 100)
    return f"{units}.{hundredths:02}"


def root_ceiling(square: Fraction) -> int:
    """The smallest integer that is not below the square root of a value from 0 up."""
    ceiling = -(-square.numerator // square.denominator)
    return isqrt(ceiling - 1) + 1 if ceiling else 0


def whole_plus_root(value: Fraction, square: Fraction) -> int:
    """The nearest integer to `value` + √`square`; halves go away from zero."""
    if value < 0 and value * value > square:
        # The sum is negative: round its mirror image.
        start = value - Fraction(1, 2)
        bottom = start.denominator
        return -((-start.numerator - root_ceiling(square * bottom * bottom)) // bottom)
    start = value + Fraction(1, 2)
    bottom = start.denominator
    under_root = square * bottom * bottom
    return (
        start.numerator + isqrt(under_root.numerator // under_root.denominator)
    ) // bottom


def points_range(lean: Fraction, square: Fraction) -> tuple[int, int]:
    """`lean` ± √`square` in whole points, cut off at the ends of the scale (±100)."""
    low, high = -whole_plus_root(-lean, square), whole_plus_root(lean, square)
    return max(low, -100), min(high, 100)


def plain(value: Fraction) -> str:
    """A value as people write it, with a minus sign.

    `43.75` where the decimals end, `475/6` where they do not.
    """
    sign = "−" if value < 0 else ""
    top, bottom = abs(value.numerator), value.denominator
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest > 1:
        return f"{sign}{top}/{bottom}"
    places = max(twos, fives)
    if not places:
        return f"{sign}{top}"
    digits = str(top * 10**places // bottom).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
