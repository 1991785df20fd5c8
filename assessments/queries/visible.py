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


def known_to_owner() -> Q:
    """Match the Participations of which the owner's own pages still speak.

    They say of an expired Result that its coach sees it no longer. Abandoned answers
    count as gone.
    """
    return kept() | Q(attempt__finished_at__isnull=False)
