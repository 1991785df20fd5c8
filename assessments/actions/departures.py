"""Clients leave groups. Coaches read that without a name.

Clients whom a coach removed read that until they say so, or for DEPARTURES_TOLD.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Departure, Owner, Participation
from assessments.queries.departures import DEPARTURES_TOLD, goes_with


def note_departure(
    invitation: int, grants: QuerySet[Participation], *, removed: Owner | None = None
) -> None:
    """Note that the grants of one person under this invitation are about to go.

    `removed`: whom the coach removed, or None where it was the client's own wish. The
    caller has locked the invitation, because the departure names it.
    """
    goes = goes_with(grants)
    Departure.objects.create(
        invitation_id=invitation,
        at=timezone.now(),
        removed=removed is not None,
        had_notes=goes.notes,
        steps=goes.steps,
        links=goes.links,
        owner=removed,
    )


def read_removals(owner: Owner) -> None:
    """The owner has read who removed them; from now on the departures name nobody."""
    Departure.objects.filter(owner=owner).update(owner=None)


def forget_removals(*, now: datetime) -> None:
    """Forget whom a coach removed longer than DEPARTURES_TOLD ago."""
    Departure.objects.filter(owner__isnull=False, at__lte=now - DEPARTURES_TOLD).update(
        owner=None
    )
