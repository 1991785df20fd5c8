"""The one rule of which results a coach sees."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from assessments.engine.outcomes import Outcome
from assessments.models import Result


def visible() -> Q:
    """Of a Participation: its Result is there, is still kept, and is not careless. The one rule of what a coach sees."""
    return Q(attempt__result__expires_at__gt=timezone.now()) & ~Q(
        attempt__result__outcome=Outcome.CARELESS
    )


def is_visible(result: Result) -> bool:
    """The rule of visible(), for a Result that is loaded."""
    return result.expires_at > timezone.now() and result.outcome != Outcome.CARELESS
