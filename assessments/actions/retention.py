"""Results are kept longer, old data is deleted, and owners delete everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.actions.departures import note_departure
from assessments.actions.locks import lock_in_order, lock_owner
from assessments.actions.people import set_links_aside
from assessments.actions.slices import SLICE, delete_in_slices, in_slices
from assessments.actions.sums import add_dropouts
from assessments.models import (
    Attempt,
    Invitation,
    Owner,
    Participation,
    Result,
    RollUp,
    ShareLink,
    abandoned,
)
from assessments.queries.visible import kept
from content.models import SavedDraft


@transaction.atomic
def keep_longer(result: Result) -> Result:
    """Keep a result for the full time from today on; never shortens."""
    lock_owner(result.owner_id)
    result.expires_at = max(result.expires_at, timezone.now() + settings.FINISHED_KEPT)
    result.save(update_fields=["expires_at"])
    return result


def can_keep_longer(result: Result) -> bool:
    """Whether `keep_longer` would add a day or more."""
    gained = timezone.now() + settings.FINISHED_KEPT - result.expires_at
    return gained >= timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted. The share links include those that coaches made."""

    results: int
    attempts: int
    share_links: int
    participations: int


def _receipt(counts: Mapping[str, int]) -> Deleted:
    models = (Result, Attempt, ShareLink, Participation)
    return Deleted(*(counts.get(model._meta.label, 0) for model in models))


@transaction.atomic
def delete_everything(owner: Owner) -> Deleted:
    """Delete the owner with every attempt, result, share link and grant.

    Each coach who had a grant is left a departure that names nobody.
    """
    grants = Participation.objects.filter(kept(), attempt__owner=owner)
    invitations = Invitation.objects.filter(
        Q(pk__in=grants.values("invitation")) | Q(result_request__result__owner=owner)
    )
    # In the order of every action: the invitations, then the owner.
    locked = list(invitations.select_for_update(of=("self",)).order_by("pk"))
    lock_owner(owner.pk)
    # Not those that were withdrawn, or joined, before the owner was locked.
    here = grants.filter(invitation__in=locked)
    for invitation in set(here.values_list("invitation", flat=True)):
        note_departure(invitation, here.filter(invitation=invitation))
    _, counts = owner.delete()
    return _receipt(counts)


def forget_old(*, now: datetime, rest: float = 0) -> Deleted:
    """Delete results and attempts that are past their time, and owners without any.

    The answers of abandoned attempts go into the drop-out sums first. Works on SLICE
    attempts at a time; `rest` is that of `in_slices`.
    """
    counts: Counter[str] = Counter()
    for old in (Q(result__expires_at__lte=now), abandoned(now)):
        for attempts in in_slices(
            partial(_some, Attempt.objects.filter(old)), rest=rest
        ):
            counts += _forget(attempts, old)
    return _receipt(counts)


def forget_drafts(*, now: datetime, kept: timedelta, rest: float = 0) -> int:
    """Delete saved drafts of pages that are older than `kept`; return how many.

    `rest` is that of `in_slices`.
    """
    old = SavedDraft.objects.filter(saved_at__lte=now - kept)
    return delete_in_slices(old, rest=rest)


def _some(attempts: QuerySet[Attempt]) -> dict[int, int]:
    """The ids of at most SLICE attempts, each with that of its owner."""
    return dict(attempts.order_by().values_list("pk", "owner")[:SLICE])


@transaction.atomic
def _forget(attempts: Mapping[int, int], old: Q) -> Counter[str]:
    """Delete those of these attempts that are still old once their owners are locked.

    In between, an owner may have answered again, or kept the result longer.
    """
    lock_in_order(Owner.objects.filter(pk__in=attempts.values()))
    past = Attempt.objects.filter(old, pk__in=attempts)
    add_dropouts(past)
    set_links_aside(past.filter(finished_at=None))
    _, counts = past.delete()
    Owner.objects.filter(pk__in=attempts.values(), attempts=None).delete()
    return Counter(counts)


def still_open(owner: Owner) -> Attempt | None:
    """The attempt that the owner may go on with.

    One past its time is deleted, and its answers go into the drop-out sums first. The
    caller has locked the owner.
    """
    unfinished = Attempt.objects.filter(owner=owner, finished_at=None)
    attempt = unfinished.first()
    if attempt is None or attempt.is_resumable:
        return attempt
    add_dropouts(unfinished)
    set_links_aside(unfinished)
    unfinished.delete()
    return None


def forget_timings(*, now: datetime, kept: timedelta, rest: float = 0) -> int:
    """Empty the seconds per question of attempts finished longer than `kept` ago.

    Attempts whose results are not in the sums yet keep theirs. Works on SLICE attempts
    at a time; `rest` is that of `in_slices`. Returns how many attempts were emptied.
    """
    passed = RollUp.objects.values_list("watermark", flat=True).first() or 0
    timed = Attempt.objects.filter(
        finished_at__lte=now - kept, result__pk__lte=passed
    ).exclude(timings={})
    # In this order, the index on timed attempts is used on either database.
    oldest = timed.order_by("finished_at").values_list("pk", "owner")
    emptied = 0
    for attempts in in_slices(lambda: dict(oldest[:SLICE]), rest=rest):
        with transaction.atomic():
            lock_in_order(Owner.objects.filter(pk__in=attempts.values()))
            emptied += Attempt.objects.filter(pk__in=attempts).update(timings={})
    return emptied
