"""The visitor who opens an invitation: grants, open attempt, results to share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessments.engine.outcomes import Outcome
from assessments.models import Attempt, Invitation, Owner, Result
from assessments.queries import owners
from assessments.queries.grants import Grant, grants_of, hold_on_result


class Stage(StrEnum):
    """How far a guest has come with an invitation."""

    NEW = "new"  # has not joined
    BEGUN = "begun"  # has joined, and the answers are not finished
    SEEN = "seen"  # the coach sees a result
    CARELESS = "careless"  # the coach sees nothing, because the result is careless
    EXPIRED = "expired"  # the coach sees nothing, because the result is past its date


@dataclass(frozen=True, slots=True)
class ShareableResult:
    """A result that the guest may let the coach see. A held one hides its outcome."""

    result: Result
    held: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """The visitor who opened an invitation.

    `owner` is None for a visitor without a key, or who asks for a new one.
    `invitation_grants` are the grants for this invitation. `attempt` is the open one.
    `held_until` is the day until which the result of answers still to come is held.
    """

    owner: Owner | None
    attempt: Attempt | None
    grants: list[Grant]
    invitation_grants: list[Grant]
    results: list[ShareableResult]
    held_until: datetime | None

    @property
    def has_joined(self) -> bool:
        return bool(self.invitation_grants)

    @property
    def stage(self) -> Stage:
        if not self.has_joined:
            return Stage.NEW
        if any(grant.result is None for grant in self.invitation_grants):
            return Stage.BEGUN
        if any(grant.shown for grant in self.invitation_grants):
            return Stage.SEEN
        newest = self.invitation_grants[0].result
        return (
            Stage.CARELESS
            if newest and newest.outcome == Outcome.CARELESS
            else Stage.EXPIRED
        )

    @property
    def attempt_grants(self) -> list[Grant]:
        """The grants, to any coach, of the result that the open attempt will have."""
        return [
            grant
            for grant in self.grants
            if self.attempt and grant.participation.attempt_id == self.attempt.pk
        ]


def guest(invitation: Invitation, key: str | None) -> Guest:
    """The guest with this owner key, or a new one without it."""
    owner = owners.owner_by_key(key) if key else None
    if owner is None or key is None:
        return Guest(None, None, [], [], [], _held_until(invitation))
    grants = grants_of(owner)
    own = [
        grant for grant in grants if grant.participation.invitation_id == invitation.pk
    ]
    granted = {grant.participation.attempt_id for grant in own}
    results = [
        ShareableResult(result, held=hold_on_result(result, grants) is not None)
        for result in owners.own_results(owner)
        if result.is_visible and result.attempt_id not in granted
    ]
    return Guest(
        owner=owner,
        attempt=owners.open_attempt(key),
        grants=grants,
        invitation_grants=own,
        results=results,
        held_until=None if own else _held_until(invitation),
    )


def _held_until(invitation: Invitation) -> datetime | None:
    return invitation.held_until if invitation.is_holding else None
