"""Panels, and the ratings that they gave to statements."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from assessments import keys
from assessments.models import PanelRating, Questionnaire, RatingPanel


def open_panel(token: str) -> RatingPanel | None:
    """The panel with this token; None for an unknown or closed one."""
    # PostgreSQL refuses some characters in a parameter.
    if not keys.is_token(token):
        return None
    return (
        RatingPanel.objects.select_related("questionnaire")
        .filter(token=token, closed_at=None)
        .first()
    )


def panels_of(draft: Questionnaire) -> QuerySet[Any]:
    """The panels of a draft, newest first; `raters` counts the ratings of each."""
    return RatingPanel.objects.filter(questionnaire=draft).annotate(
        raters=Count("ratings")
    )


def is_counted(panel: RatingPanel, sheet: UUID) -> bool:
    """Whether the ratings of this sheet are stored."""
    return PanelRating.objects.filter(panel=panel, sheet=sheet).exists()


def ratings_of(statements: Collection[str]) -> list[dict[str, int]]:
    """What each rater of any panel gave to these very words: a number by statement.

    A draft that began as a published version has many words that panels of earlier
    drafts rated. Two queries: panels that asked for none of these words are left out
    before their ratings are read. Skipped statements are left out too, and so is who
    rated none of the words.
    """
    wanted = set(statements)
    # For each panel that asked for some of the words: their places in its list.
    places: dict[int, list[tuple[int, str]]] = {}
    for pk, asked in RatingPanel.objects.values_list("pk", "statements"):
        if shared := [pair for pair in enumerate(asked) if pair[1] in wanted]:
            places[pk] = shared
    rows = PanelRating.objects.filter(panel__in=places).order_by("pk")
    sheets = (
        {
            words: numbers[place]
            for place, words in places[panel]
            if numbers[place] is not None
        }
        for panel, numbers in rows.values_list("panel", "numbers")
    )
    return [sheet for sheet in sheets if sheet]
