"""What panels have said of statements, and which panels there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet

from assessments import keys
from assessments.models import Questionnaire, RatingPanel


def open_panel(token: str) -> RatingPanel | None:
    """The panel with this token while it takes ratings. Unknown and closed are one and the same None."""
    if not keys.is_token(token):  # PostgreSQL would stumble over some characters
        return None
    return (
        RatingPanel.objects.select_related("questionnaire")
        .filter(token=token, closed_at=None)
        .first()
    )


def panels_of(draft: Questionnaire) -> QuerySet[Any]:
    """The panels of a draft, newest first, each with how many `raters` have sent a page."""
    return RatingPanel.objects.filter(questionnaire=draft).annotate(
        raters=Count("ratings")
    )


def ratings_of(statements: Collection[str]) -> dict[str, list[int]]:
    """Every number that any panel has given to these very words. A draft that begins from a published version asks for many
    words that have been rated before; skipped ones are left out."""
    found: dict[str, list[int]] = {words: [] for words in statements}
    for panel in RatingPanel.objects.prefetch_related("ratings"):
        for rating in panel.ratings.all():
            for words, number in zip(panel.statements, rating.numbers, strict=True):
                if number is not None and words in found:
                    found[words].append(number)
    return found
