"""Stored answers without their owners, for rehearsals."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from assessments.engine.sums import NOT_ATTENTIVE
from assessments.models import Arrival, Result, Version


def stored_answers() -> Iterator[tuple[str, str, int | None, str]]:
    """Form, answers, seconds and outcome of every kept result, without its owner."""
    rows = Result.objects.filter(expires_at__gt=timezone.now()).values_list(
        "form", "answers", "seconds", "outcome"
    )
    return rows.iterator(chunk_size=2000)


def stored_answers_count() -> int:
    """How many rows stored_answers gives."""
    return Result.objects.filter(expires_at__gt=timezone.now()).count()


def attentive_answers(version: Version, form: str) -> Iterator[str]:
    """The stored answers of attentive results, as JSON.

    Leaves out results that were made from another one, and those of staff. The read
    grows with the number of results, so no page may wait for it.
    """
    results = Result.objects.filter(
        version=version, form=form, attempt__made_from=None
    ).exclude(outcome__in=NOT_ATTENTIVE)
    return (
        results.exclude(attempt__arrival=Arrival.STAFF)
        .order_by()
        .values_list("answers", flat=True)
        .iterator(chunk_size=5000)
    )
