"""Template filters of the coach's pages: points, roots, and words for outcomes."""

from __future__ import annotations

from fractions import Fraction

from django import template

from assessments.engine.rounding import root, whole
from assessments.results.lean_figure import towards_words
from assessments.results.outcome_words import OUTCOMES

register = template.Library()


@register.filter
def points_towards(value: Fraction) -> str:
    """A signed number of points in words, rounded: 53 towards project."""
    return towards_words(whole(value))


@register.filter
def rounded(value: Fraction) -> int:
    return whole(value)


@register.filter
def rooted(square: Fraction) -> int:
    """The square root, rounded."""
    return root(square)


@register.filter
def outcome_words(outcome: str) -> str:
    return OUTCOMES[outcome]
