"""Template filters of the coach's pages: points and roots."""

from __future__ import annotations

from fractions import Fraction

from django import template

from assessments.engine.rounding import root, whole
from assessments.results.lean_figure import toward_words

register = template.Library()


@register.filter
def points_toward(value: Fraction) -> str:
    """A signed number of points in words, rounded: 53 toward project."""
    return toward_words(whole(value))


@register.filter
def rounded(value: Fraction) -> int:
    return whole(value)


@register.filter
def rooted(square: Fraction) -> int:
    """The square root, rounded."""
    return root(square)
