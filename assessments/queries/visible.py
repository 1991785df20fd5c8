"""Which grants give a coach a Result to see."""

from __future__ import annotations

from django.db.models import Q

from assessments.models import visible_results


def visible() -> Q:
    """Match the Participations whose Result the coach may see now."""
    return visible_results("attempt__result")
