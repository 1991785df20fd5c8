"""Invitations, how many places they have taken, and their groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Invitation, Participation
from assessments.queries.visible import visible


def invitation_by_code(text: str) -> Invitation | None:
    """The invitation with this code, however it was typed; whether it takes anybody is state_of's to say."""
    code = keys.read_code(text)
    return (
        Invitation.objects.filter(code=code).select_related("coach__user").first()
        if code
        else None
    )


class State(StrEnum):
    """Whether an invitation takes somebody new, and if not, why."""

    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Status:
    """A group in numbers: people who have agreed, and so begun (the places taken); people with a result; results that the coach
    sees, of which one person may show several."""

    people: int
    finished: int
    shared: int


@dataclass(frozen=True, slots=True)
class Group:
    invitation: Invitation
    status: Status
    state: State


def places_taken(invitation: Invitation) -> int:
    """Places taken: distinct owners with a grant."""
    return (
        invitation.participations.order_by().values("attempt__owner").distinct().count()
    )


def state_of(invitation: Invitation, people: int) -> State:
    """Closed by hand, with the coach's workspace or with her account; past its date; or with every place taken; in this order."""
    if invitation.closed_at or not invitation.coach.has_workspace:
        return State.CLOSED
    if invitation.expires_at and invitation.expires_at <= timezone.now():
        return State.EXPIRED
    if invitation.max_uses is not None and people >= invitation.max_uses:
        return State.FULL
    return State.OPEN


def status_counts() -> dict[str, Count]:
    """The fields of Status, in order."""
    return {
        "people": Count("attempt__owner", distinct=True),
        "finished": Count(
            "attempt__owner", filter=Q(attempt__result__isnull=False), distinct=True
        ),
        "shared": Count("pk", filter=visible()),
    }


def invitations_of(coach: Coach) -> list[Group]:
    """All her invitations, newest first. Two queries, however many there are."""
    counted = (
        Participation.objects.filter(invitation__coach=coach)
        .order_by()
        .values_list("invitation")
        .annotate(**status_counts())
    )
    statuses = {invitation: Status(*counts) for invitation, *counts in counted}
    groups = []
    for invitation in Invitation.objects.filter(coach=coach).select_related(
        "coach__user"
    ):
        status = statuses.get(invitation.pk, Status(0, 0, 0))
        groups.append(Group(invitation, status, state_of(invitation, status.people)))
    return groups


def own_invitation(coach: Coach, pk: int) -> Invitation | None:
    return (
        Invitation.objects.filter(coach=coach, pk=pk)
        .select_related("coach__user")
        .first()
    )


def status_of(invitation: Invitation) -> Status:
    return Status(**invitation.participations.aggregate(**status_counts()))
