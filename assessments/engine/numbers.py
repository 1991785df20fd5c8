"""Numbers from outside, bounded before any arithmetic.

Python reads 1e999999999, which takes minutes to work out, digits of other scripts, and
1_000. Here a number is a few ASCII digits.
"""

from __future__ import annotations

import re
from fractions import Fraction

MAX_DIGITS = 9  # before the decimal point or the slash, and after it
_WHOLE = re.compile(rf"[0-9]{{1,{MAX_DIGITS}}}")
_EXACT = re.compile(rf"({_WHOLE.pattern})(?:([./])({_WHOLE.pattern}))?")


def read_exact(text: str, *, decimals: bool = True) -> Fraction:
    """The number in a text such as 15, 37.5 or 5/4.

    Without `decimals`, 37.5 is refused. Raises ValueError.
    """
    match = _EXACT.fullmatch(text)
    if match is None:
        raise ValueError("no exact number")
    _, mark, after = match.groups()
    if mark == "/" and not int(after) or mark == "." and not decimals:
        raise ValueError("no exact number")
    return Fraction(text)


def whole_number(text: str) -> int:
    """The number in a text of 1 to MAX_DIGITS digits. Raises ValueError."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("no whole number")
    return int(text)
