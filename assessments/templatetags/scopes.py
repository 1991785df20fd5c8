"""Template filters that list what a scope shows."""

from __future__ import annotations

from django import template

from assessments.models import Scope
from assessments.results.scopes import ADDED_BY_SCOPE, COACH_MAY, left_out_at, shown_at

register = template.Library()
register.filter("shown_at", shown_at)
register.filter("left_out_at", left_out_at)


@register.simple_tag
def coach_may() -> str:
    return COACH_MAY


@register.filter
def added_at(scope: str) -> tuple[str, ...]:
    """What a scope shows beyond the one before it."""
    return ADDED_BY_SCOPE[Scope(scope)]
