"""Requests of coaches for a result: those to one owner, and those of one coach."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Owner, Result, ResultRequest, visible_results
from assessments.queries.owners import HAS_REQUESTS


def _asked() -> QuerySet[ResultRequest]:
    """Requests that wait for their owner's answer."""
    now = timezone.now()
    return (
        ResultRequest.objects.filter(
            visible_results("result", now=now),
            declined_at=None,
            invitation__expires_at__gt=now,
            invitation__coach__closed_at=None,
            invitation__coach__user__is_active=True,
        )
        .select_related("invitation__coach__user", "result")
        .defer("result__reply", "result__answers")
    )


def requests_to(owner: Owner) -> list[ResultRequest]:
    """What coaches ask this owner, newest first."""
    return list(_asked().filter(result__owner=owner))


def requests_beside(result: Result) -> list[ResultRequest]:
    """What coaches ask for this result, without a query where there is nothing.

    The query that has read the result may have said so, at the same moment.
    """
    if not getattr(result, HAS_REQUESTS, True):
        return []
    return list(_asked().filter(result=result))


def own_request(key: str, pk: int) -> ResultRequest | None:
    """One request to the owner with this key."""
    return _asked().filter(pk=pk, result__owner__key_sha256=keys.digest(key)).first()


def requests_of(coach: Coach) -> list[ResultRequest]:
    """What this coach has asked, newest first: waiting, or declined lately."""
    return list(
        ResultRequest.objects.filter(
            invitation__coach=coach, invitation__expires_at__gt=timezone.now()
        )
        .select_related("invitation__coach")
        .order_by("-created_at", "-pk")
    )
