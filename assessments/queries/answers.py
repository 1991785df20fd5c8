"""Stored answers without their owners, for rehearsals."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from assessments.engine.outcomes import NOT_SHOWN
from assessments.models import Arrival, Result, Version


def stored_answers() -> Iterator[tuple[str, str, int | None, str]]:
    """Form, answers, seconds and outcome of every result that is kept, with nothing of whose it is."""
    rows = Result.objects.filter(expires_at__gt=timezone.now()).values_list(
        "form", "answers", "seconds", "outcome"
    )
    return rows.iterator(chunk_size=2000)


def stored_answers_count() -> int:
    """How many there are of them."""
    return Result.objects.filter(expires_at__gt=timezone.now()).count()


def attentive_answers(version: Version, form: str) -> Iterator[str]:
    """The stored answers of each attentive result that is not made from another nor of staff, as JSON. Grows with the results:
    not for a page."""
    results = Result.objects.filter(
        version=version, form=form, attempt__made_from=None
    ).exclude(outcome__in=NOT_SHOWN)
    return (
        results.exclude(attempt__arrival=Arrival.STAFF)
        .order_by()
        .values_list("answers", flat=True)
        .iterator(chunk_size=5000)
    )
