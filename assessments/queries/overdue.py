"""Whether the daily jobs do their work, read from the rows that wait for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from assessments.models import Attempt, Result, RollUp, abandoned

# A job that runs every day is at most this late.
LATE_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Since when the oldest row has waited; None where no row waits.

    `roll_up`: for the sums of the quality pages. `deletion`: to be deleted. No page
    shows a row that is past its time, deleted or not.
    """

    roll_up: datetime | None
    deletion: datetime | None


def overdue(*, now: datetime) -> Overdue:
    """What has waited for a job longer than LATE_AFTER."""
    latest = now - LATE_AFTER
    watermark = RollUp.objects.values_list("watermark", flat=True).first() or 0
    waiting = (
        Result.objects.filter(pk__gt=watermark)
        .order_by("pk")
        .values_list("finished_at", flat=True)
        .first()
    )
    expired = (
        Result.objects.filter(expires_at__lte=latest)
        .order_by("expires_at")
        .values_list("expires_at", flat=True)
        .first()
    )
    changed = (
        Attempt.objects.filter(abandoned(latest))
        .order_by("changed_at")
        .values_list("changed_at", flat=True)
        .first()
    )
    past = [expired] if expired else []
    past += [changed + settings.UNFINISHED_KEPT] if changed else []
    return Overdue(
        roll_up=waiting if waiting and waiting <= latest else None,
        deletion=min(past, default=None),
    )
