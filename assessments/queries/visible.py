"""Which grants give a coach a Result to see."""

from __future__ import annotations

from django.db.models import Q

from assessments.models import kept_attempts, visible_results


def visible() -> Q:
    """Match the Participations whose Result the coach may see now."""
    return visible_results("attempt__result")


def kept() -> Q:
    """Match the Participations whose answers or Result are still kept."""
    return kept_attempts("attempt")
