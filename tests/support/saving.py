"""Answers of an owner whose key a test does not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessments.actions import attempts
from assessments.actions.attempts import Posted, Saved
from assessments.engine import Answers
from assessments.models import Owner


@transaction.atomic
def save_answers(
    owner: Owner,
    *,
    seen: Answers,
    chosen: Answers,
    shown_at: datetime | None = None,
    timings: Mapping[str, float] | None = None,
) -> Saved:
    """As attempts.save_post does."""
    posted = Posted(dict(seen), dict(chosen), shown_at, timings or {})
    return attempts._save(attempts._lock_open(owner), posted)
