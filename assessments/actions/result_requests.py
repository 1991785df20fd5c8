"""A coach who got a share link asks its owner for a grant; the owner answers.

The invitation of a request is made closed, so that its code lets nobody in. A request
that is agreed to becomes a grant under that invitation, and its row goes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import keys
from assessments.actions.grants import attach_as_asked
from assessments.actions.locks import lock_in_order, lock_owner
from assessments.actions.share_links import NotShareable
from assessments.actions.slices import keys_in_slices
from assessments.models import (
    Coach,
    Invitation,
    Participation,
    ResultRequest,
    ShareLink,
)
from assessments.zones import end_of

# How long a request waits for its answer, and is remembered once declined.
KEPT = timedelta(days=30)


class AlreadySeen(Exception):
    """The coach sees this result by a grant already."""

    def __init__(self, grant: Participation) -> None:
        super().__init__("seen by a grant")
        self.grant = grant


class Declined(Exception):
    """The owner has declined a request of this coach for this result."""


class RequestGone(Exception):
    """The request is declined, past its time, or the coach has no workspace now."""


@transaction.atomic
def ask_for_result(coach: Coach, link: ShareLink, *, label: str) -> ResultRequest:
    """Ask the owner of a share link for a grant as wide as the link.

    Asking twice returns the first request. Raises NotShareable where the link works no
    longer, AlreadySeen, Declined, OwnerGone.
    """
    result = link.result
    lock_in_order(Coach.objects.filter(pk=coach.pk))
    lock_owner(result.owner_id)
    if not ShareLink.objects.usable().filter(pk=link.pk).exists():
        raise NotShareable
    grant = Participation.objects.filter(
        invitation__coach=coach, attempt=result.attempt_id
    ).first()
    if grant is not None:
        raise AlreadySeen(grant)
    now = timezone.now()
    # One whose time is over stays until the daily job. Deleting it here would lock its
    # invitation after the owner.
    earlier = ResultRequest.objects.filter(
        invitation__coach=coach, result=result, invitation__expires_at__gt=now
    ).first()
    if earlier is not None and earlier.declined_at is not None:
        raise Declined
    if earlier is not None:
        return earlier
    invitation = Invitation.objects.create(
        coach=coach,
        code=keys.new_code(),
        label=label,
        form=result.form,
        scope=link.scope,
        onward=False,
        max_uses=1,
        created_at=now,
        closed_at=now,
        expires_at=end_of(timezone.localdate(now + KEPT, coach.zone), coach.zone),
    )
    return ResultRequest.objects.create(
        invitation=invitation, result=result, created_at=now
    )


@transaction.atomic
def agree_to_request(asked: ResultRequest, *, name: str) -> Participation:
    """Make the grant that a coach asked for. Agreeing twice makes one.

    Raises RequestGone, NotShareable, OwnerGone.
    """
    grant, made = attach_as_asked(asked.invitation, result=asked.result, name=name)
    if made and not _open(asked).delete()[0]:
        raise RequestGone  # and the grant is not made
    return grant


@transaction.atomic
def decline_result(asked: ResultRequest) -> None:
    """Tell the coach no. Declining twice keeps the first moment."""
    lock_owner(asked.result.owner_id)
    _open(asked).update(declined_at=timezone.now())


def _open(asked: ResultRequest) -> Any:
    return ResultRequest.objects.filter(
        pk=asked.pk, declined_at=None, invitation__expires_at__gt=timezone.now()
    )


def forget_requests(*, now: datetime, rest: float = 0) -> int:
    """Delete the requests whose time is over; return how many.

    `rest` is that of `in_slices`.
    """
    past = Invitation.objects.filter(result_request__isnull=False, expires_at__lte=now)
    return sum(
        _forget_requests(past.filter(pk__in=keys))
        for keys in keys_in_slices(past, rest=rest)
    )


@transaction.atomic
def _forget_requests(past: QuerySet[Invitation]) -> int:
    lock_in_order(past)
    _, counts = ResultRequest.objects.filter(invitation__in=past).delete()
    return counts.get("assessments.ResultRequest", 0)


def forget_request(sender: Any, instance: ResultRequest, **kwargs: Any) -> None:
    """Delete the invitation of a request that made no grant (a signal receiver)."""
    Invitation.objects.filter(pk=instance.invitation_id, participations=None).delete()
