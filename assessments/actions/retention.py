"""Results are kept longer, old data is deleted, and owners delete everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.actions.locks import lock_owner
from assessments.actions.sums import add_dropouts
from assessments.models import Attempt, Owner, Participation, Result, RollUp, ShareLink


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
    """Delete the owner with every attempt, result, share link and grant."""
    lock_owner(owner.pk)
    _, counts = owner.delete()
    return _receipt(counts)


@transaction.atomic
def forget_old(*, now: datetime, unfinished_kept: timedelta) -> Deleted:
    """Delete results and attempts that are past their time, and owners without any.

    An attempt is past its time when nobody has changed it for `unfinished_kept`. The
    answers of these attempts go into the drop-out sums first.
    """
    old = Q(result__expires_at__lte=now) | Q(
        finished_at=None, changed_at__lte=now - unfinished_kept
    )
    owners = Attempt.objects.filter(old).values("owner")
    list(Owner.objects.select_for_update().filter(pk__in=owners).order_by("pk"))
    unfinished = Attempt.objects.filter(
        finished_at=None, changed_at__lte=now - unfinished_kept
    )
    add_dropouts(unfinished)
    _, expired = Attempt.objects.filter(result__expires_at__lte=now).delete()
    _, abandoned = unfinished.delete()
    Owner.objects.filter(attempts=None).delete()
    return _receipt(Counter(expired) + Counter(abandoned))


@transaction.atomic
def forget_timings(*, now: datetime, kept: timedelta) -> int:
    """Empty the seconds per question of attempts finished longer than `kept` ago.

    Attempts whose results are not in the sums yet keep theirs. Returns how many
    attempts were emptied.
    """
    passed = RollUp.objects.values_list("watermark", flat=True).first() or 0
    timed = Attempt.objects.filter(
        finished_at__lte=now - kept, result__pk__lte=passed
    ).exclude(timings={})
    list(
        Owner.objects.select_for_update()
        .filter(pk__in=timed.values("owner"))
        .order_by("pk")
    )
    return timed.update(timings={})
