"""Who has left a group: without names for the coach, and for those who were removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import (
    Coach,
    Departure,
    Invitation,
    NextStep,
    Owner,
    Participation,
    Result,
    ShareLink,
)
from assessments.queries.owners import HAS_REMOVALS


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a coach has added to grants, and what goes with them.

    Whether there are notes, how many steps, and how many links, ended ones included.
    """

    notes: bool
    steps: int
    links: int


# How long a client can read that a coach removed them.
DEPARTURES_TOLD = timedelta(days=30)
MAX_DEPARTURES = 20  # that a group's page lists


def goes_with(grants: QuerySet[Participation]) -> Withdrawn:
    """What is deleted when these grants are."""
    return Withdrawn(
        notes=grants.exclude(notes="").exists(),
        steps=NextStep.objects.filter(participation__in=grants).count(),
        links=ShareLink.objects.filter(participation__in=grants).count(),
    )


def departures_from(invitation: Invitation) -> list[Departure]:
    """The newest departures from one group, newest first."""
    return list(invitation.departures.all()[:MAX_DEPARTURES])


def departures_lately(coach: Coach) -> list[Departure]:
    """The newest departures of DEPARTURES_TOLD, with the group of each."""
    return list(
        Departure.objects.filter(
            invitation__coach=coach, at__gt=timezone.now() - DEPARTURES_TOLD
        ).select_related("invitation")[:MAX_DEPARTURES]
    )


def removals_of(owner: Owner) -> list[Departure]:
    """The groups from which coaches removed this owner, as far as it is unread."""
    return list(
        Departure.objects.filter(owner=owner, at__gt=timezone.now() - DEPARTURES_TOLD)
        .select_related("invitation__coach")
        .order_by("-at", "-pk")
    )


def removals_beside(row: Result | Owner) -> list[Departure]:
    """`removals_of` the owner of this row, without a query where there is none.

    The query that has read a result may have said so.
    """
    owner = row if isinstance(row, Owner) else row.owner
    return removals_of(owner) if getattr(row, HAS_REMOVALS, True) else []
