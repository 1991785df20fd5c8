"""Stored answers without their owners, for rehearsals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from assessments.models import Result
from assessments.queries.sums import open_from


def stored_answers() -> Iterator[tuple[str, str, int | None, str, date]]:
    """Form, answers, seconds, outcome and day of kept results, without their owners.

    Those that the sums count, too: no corrections, and nothing of staff, so one person
    is one row a sitting. Only of closed weeks, so that a second look does not show who
    came between.
    """
    day = TruncDate("finished_at", tzinfo=UTC)
    rows = _kept().values_list("form", "answers", "seconds", "outcome", day)
    return rows.iterator(chunk_size=2000)


def stored_answers_count() -> int:
    """How many rows stored_answers gives."""
    return _kept().count()


def _kept() -> QuerySet[Result]:
    end = open_from()
    if end is None:
        return Result.objects.none()
    return Result.objects.filter(
        expires_at__gt=timezone.now(),
        finished_at__lt=datetime.combine(end, time(), UTC),
        attempt__made_from=None,
        attempt__by_staff=False,
    )
