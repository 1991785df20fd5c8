"""Invitations: whether they accept somebody, and how far their groups have come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Invitation, Participation
from assessments.queries.visible import kept, visible


def invitation_by_code(text: str) -> Invitation | None:
    """The invitation with this code, in whatever spacing and case it was typed.

    It may be closed, expired or full: state_of says so.
    """
    code = keys.read_code(text)
    return (
        Invitation.objects.filter(code=code).select_related("coach__user").first()
        if code
        else None
    )


class State(StrEnum):
    """Whether an invitation accepts somebody new, and if not, why."""

    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Status:
    """A group in numbers.

    `people` have agreed, and so each takes a place. `finished` of them have a result.
    `shared` counts the results that the coach sees; one person may share several.
    """

    people: int
    finished: int
    shared: int


@dataclass(frozen=True, slots=True)
class InvitedGroup:
    invitation: Invitation
    status: Status
    state: State


def places_taken(invitation: Invitation) -> int:
    """How many owners have a grant under this invitation that is still kept."""
    return (
        invitation.participations.filter(kept())
        .order_by()
        .values("attempt__owner")
        .distinct()
        .count()
    )


def state_of(invitation: Invitation, people: int) -> State:
    """The state of an invitation of which `people` have taken a place.

    An invitation is closed by hand, with the coach's workspace or with the coach's
    account. Closed comes before expired, and expired before full.
    """
    if invitation.closed_at or not invitation.coach.has_workspace:
        return State.CLOSED
    if invitation.expires_at and invitation.expires_at <= timezone.now():
        return State.EXPIRED
    if invitation.max_uses is not None and people >= invitation.max_uses:
        return State.FULL
    return State.OPEN


def status_counts() -> dict[str, Count]:
    """The aggregates over participations that give the fields of Status, in order."""
    return {
        "people": Count("attempt__owner", distinct=True),
        "finished": Count(
            "attempt__owner", filter=Q(attempt__result__isnull=False), distinct=True
        ),
        "shared": Count("pk", filter=visible()),
    }


def invitations_of(coach: Coach) -> list[InvitedGroup]:
    """All invitations of a coach, newest first, in two queries."""
    counted = (
        Participation.objects.filter(kept(), invitation__coach=coach)
        .order_by()
        .values_list("invitation")
        .annotate(**status_counts())
    )
    statuses = {invitation: Status(*counts) for invitation, *counts in counted}
    groups = []
    invitations = Invitation.objects.filter(coach=coach, result_request=None)
    for invitation in invitations.select_related("coach__user"):
        status = statuses.get(invitation.pk, Status(0, 0, 0))
        state = state_of(invitation, status.people)
        groups.append(InvitedGroup(invitation, status, state))
    return groups


def count_of_held(invitation: Invitation) -> int:
    """How many people under this invitation wait for a result that is held now."""
    return (
        invitation.participations.filter(
            kept(), held_until__gt=timezone.now(), opened_early_at=None
        )
        .order_by()
        .values("attempt__owner")
        .distinct()
        .count()
    )


def own_invitation(coach: Coach, pk: int) -> Invitation | None:
    """One invitation of the coach. That of an open request is none that others use."""
    return (
        Invitation.objects.filter(coach=coach, pk=pk, result_request=None)
        .select_related("coach__user")
        .first()
    )


def status_of(invitation: Invitation) -> Status:
    return Status(
        **invitation.participations.filter(kept()).aggregate(**status_counts())
    )
