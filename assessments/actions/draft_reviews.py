"""Drafts that an editor marks as ready for review. Publishers see the mark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from assessments.actions.versions import (
    DraftReview,
    is_live,
    review_draft,
    sections_with_questions,
)
from assessments.models import DraftReviewRequest, Questionnaire, Section
from assessments.queries import versions

# Fields that an editor doesn't write, or that only staff read.
_OF_DRAFT = (
    "id",
    "label",
    "note",
    "begun_from",
    "published_as",
    "changed_by",
    "changed_at",
)
# Sections and questions are listed in order, so their positions add nothing.
_OF_SECTION = ("id", "questionnaire", "position")
_OF_QUESTION = ("id", "section", "position")


class NotMarked(Exception):
    """A draft cannot be marked as ready; the message is a sentence for the editor."""


def reviewed_fingerprint(draft: Questionnaire, sections: Iterable[Section]) -> str:
    """SHA-256 of what publishers review of a draft, as 64 hexadecimal digits.

    `sections` are the draft's with their questions. The draft may be unfinished.
    """
    parts = [
        _values(draft, without=_OF_DRAFT),
        [
            [
                _values(section, without=_OF_SECTION),
                [
                    _values(question, without=_OF_QUESTION)
                    for question in section.questions.all()
                ],
            ]
            for section in sections
        ],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _values(row: Model, *, without: tuple[str, ...]) -> dict[str, Any]:
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in without
    }


def changed_since_asked(draft: Questionnaire, sections: Iterable[Section]) -> bool:
    """Whether a draft has changed since it was marked. False if it isn't marked."""
    request = getattr(draft, "review_request", None)
    return request is not None and request.fingerprint != reviewed_fingerprint(
        draft, sections
    )


def drafts_to_review(
    waiting: Iterable[Questionnaire],
) -> list[tuple[Questionnaire, bool]]:
    """Marked drafts, longest waiting first, each with whether it has changed since.

    `waiting`: versions.waiting_drafts. A marked draft that would change nothing needs
    no review. Two queries, however many drafts there are.
    """
    drafts = sorted(
        (draft for draft in waiting if hasattr(draft, "review_request")),
        key=lambda draft: (draft.review_request.asked_at, draft.pk),
    )
    return [
        (draft, changed_since_asked(draft, sections))
        for draft, sections in zip(drafts, sections_with_questions(drafts), strict=True)
    ]


@transaction.atomic
def mark_draft_ready(
    draft: Questionnaire, *, comment: str, by: User, seen: str
) -> DraftReview:
    """Mark a draft as ready for review. A second mark replaces the first.

    Returns what the rules of publishing say about it. `seen` is the
    reviewed_fingerprint of what the editor looked at. Raises NotMarked, and writes
    nothing, if the draft has changed since or was deleted, or if publishing it would
    change nothing.
    """
    # Waits while publishing or another save has the lock, then reads the draft again.
    locked = _locked(draft).first()
    if locked is None:
        raise NotMarked("Someone has deleted the draft.")
    review = review_draft(locked)
    if seen != reviewed_fingerprint(locked, review.rows):
        raise NotMarked(
            "The draft has changed since you looked at it, so it isn’t marked. "
            "Check below what would change now."
        )
    frozen = review.questionnaire
    if is_live(locked, frozen.sha256 if frozen else None, versions.newest_version()):
        raise NotMarked(
            "Visitors already see all of this, so there’s nothing to review."
        )
    DraftReviewRequest.objects.update_or_create(
        draft=locked,
        defaults={
            "comment": comment,
            "asked_by": by,
            "asked_at": timezone.now(),
            "fingerprint": seen,
        },
    )
    LogEntry.objects.log_actions(by.pk, [locked], CHANGE, "Marked as ready for review.")
    return review


@transaction.atomic
def take_back_mark(draft: Questionnaire, *, by: User) -> bool:
    """End the mark of a draft; False if it has none, for example after publishing."""
    if _locked(draft).first() is None:
        return False
    ended, _ = DraftReviewRequest.objects.filter(draft=draft.pk).delete()
    if not ended:
        return False
    LogEntry.objects.log_actions(
        by.pk, [draft], CHANGE, "No longer marked as ready for review."
    )
    return True


def _locked(draft: Questionnaire) -> QuerySet[Questionnaire]:
    return Questionnaire.objects.select_for_update().filter(pk=draft.pk)


@transaction.atomic
def delete_drafts(drafts: QuerySet[Questionnaire]) -> None:
    """Delete drafts with everything that belongs to them.

    The lock keeps others from marking a draft while it's being deleted.
    """
    keys = list(drafts.values_list("pk", flat=True))
    rows = Questionnaire.objects.select_for_update().order_by("pk")
    locked = [draft.pk for draft in rows.filter(pk__in=keys)]
    Questionnaire.objects.filter(pk__in=locked).delete()
