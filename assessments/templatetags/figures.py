"""Template filters for simulated shares, which are percentages."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def in_hundred(share: float) -> str:
    """A whole number of 100 people; never 0 or 100 unless the share is exactly that."""
    if 0 < share < 0.5:
        return "fewer than 1"
    if 99.5 <= share < 100:
        return "more than 99"
    return f"{share:.0f}"


@register.filter
def in_thousand(share: float) -> str:
    """A whole number of 1,000 people."""
    return f"{10 * share:.0f}"
