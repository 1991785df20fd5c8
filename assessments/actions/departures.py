"""Clients whom a coach removed read that, until they have, or for DEPARTURES_TOLD."""

from __future__ import annotations

from datetime import datetime

from assessments.models import Departure, Owner
from assessments.queries.departures import DEPARTURES_TOLD


def read_removals(owner: Owner) -> None:
    """The owner has read who removed them; from now on the departures name nobody."""
    Departure.objects.filter(owner=owner).update(owner=None)


def forget_removals(*, now: datetime) -> None:
    """Forget whom a coach removed longer than DEPARTURES_TOLD ago."""
    Departure.objects.filter(owner__isnull=False, at__lte=now - DEPARTURES_TOLD).update(
        owner=None
    )
