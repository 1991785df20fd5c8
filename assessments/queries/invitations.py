"""Invitations: whether they accept somebody, and how far their groups have come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Invitation, Participation, PersonalLink
from assessments.queries.personal_links import link_by_code, unused_counts
from assessments.queries.visible import kept, visible


@dataclass(frozen=True, slots=True)
class WayIn:
    """What a code opens: an invitation, with `link` for one person alone."""

    invitation: Invitation
    link: PersonalLink | None = None

    @property
    def code(self) -> str:
        return self.link.code if self.link else self.invitation.code


def way_in(text: str) -> WayIn | None:
    """What a code opens, that of an invitation or of a personal link."""
    invitation = invitation_by_code(text)
    if invitation is not None:
        return WayIn(invitation)
    link = link_by_code(text)
    return WayIn(link.invitation, link) if link else None


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
    `not_started` were invited by name; a place is kept for each of them.
    """

    people: int
    finished: int
    shared: int
    not_started: int = 0

    @property
    def invited(self) -> int:
        """How many places are taken."""
        return self.people + self.not_started


@dataclass(frozen=True, slots=True)
class InvitedGroup:
    invitation: Invitation
    status: Status
    state: State


def places_taken(invitation: Invitation) -> int:
    """How many places are taken.

    An owner with a grant that is still kept takes one, and so does somebody invited by
    name who has not started.
    """
    people = (
        invitation.participations.filter(kept())
        .order_by()
        .values("attempt__owner")
        .distinct()
        .count()
    )
    return people + not_started_in(invitation)


def not_started_in(invitation: Invitation) -> int:
    """How many people were invited by name and have not started."""
    return unused_counts([invitation.pk]).get(invitation.pk, 0)


def state_of(invitation: Invitation, taken: int) -> State:
    """The state of an invitation of which so many places are taken.

    An invitation is closed by hand, with the coach's workspace or with the coach's
    account. Closed comes before expired, and expired before full.
    """
    if invitation.closed_at or not invitation.coach.has_workspace:
        return State.CLOSED
    if invitation.expires_at and invitation.expires_at <= timezone.now():
        return State.EXPIRED
    if invitation.max_uses is not None and taken >= invitation.max_uses:
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
    """All invitations of a coach, newest first, in three queries."""
    counted = (
        Participation.objects.filter(kept(), invitation__coach=coach)
        .order_by()
        .values_list("invitation")
        .annotate(**status_counts())
    )
    joined = {invitation: counts for invitation, *counts in counted}
    invitations = list(
        Invitation.objects.filter(coach=coach, result_request=None).select_related(
            "coach__user"
        )
    )
    unused = unused_counts(invitation.pk for invitation in invitations)
    groups = []
    for invitation in invitations:
        people, finished, shared = joined.get(invitation.pk, (0, 0, 0))
        status = Status(people, finished, shared, unused.get(invitation.pk, 0))
        state = state_of(invitation, status.invited)
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
        **invitation.participations.filter(kept()).aggregate(**status_counts()),
        not_started=not_started_in(invitation),
    )
