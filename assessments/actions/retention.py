"""What is kept longer, what is forgotten, and what an owner deletes."""

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
from assessments.actions.sums import count_left
from assessments.models import Attempt, Owner, Participation, Result, RollUp, ShareLink


@transaction.atomic
def keep_longer(result: Result) -> Result:
    """Keep a result for the full time from today on; never shortens."""
    lock_owner(result.owner_id)
    result.expires_at = max(result.expires_at, timezone.now() + settings.FINISHED_KEPT)
    result.save(update_fields=["expires_at"])
    return result


@dataclass(frozen=True, slots=True)
class Deleted:
    """The receipt of a deletion: how much there was. Links that coaches made count among the share links."""

    results: int
    attempts: int
    share_links: int
    participations: int


def _receipt(counts: Mapping[str, int]) -> Deleted:
    models = (Result, Attempt, ShareLink, Participation)
    return Deleted(*(counts.get(model._meta.label, 0) for model in models))


@transaction.atomic
def delete_everything(owner: Owner) -> Deleted:
    """Delete the owner with every attempt, result, share link and grant to a coach, at once."""
    lock_owner(owner.pk)
    _, counts = owner.delete()
    return _receipt(counts)


@transaction.atomic
def forget_old(*, now: datetime, unfinished_kept: timedelta) -> Deleted:
    """Delete results past their date, attempts left unfinished for longer than `unfinished_kept`, and owners with nothing left."""
    idle = Q(result__expires_at__lte=now) | Q(
        finished_at=None, changed_at__lte=now - unfinished_kept
    )
    owners = Attempt.objects.filter(idle).values("owner")
    list(Owner.objects.select_for_update().filter(pk__in=owners).order_by("pk"))
    unfinished = Attempt.objects.filter(
        finished_at=None, changed_at__lte=now - unfinished_kept
    )
    count_left(unfinished)
    _, expired = Attempt.objects.filter(result__expires_at__lte=now).delete()
    _, abandoned = unfinished.delete()
    Owner.objects.filter(attempts=None).delete()
    return _receipt(Counter(expired) + Counter(abandoned))


@transaction.atomic
def forget_timings(*, now: datetime, kept: timedelta) -> int:
    """Empty the seconds per question of attempts finished longer than `kept` ago, once the roll-up has passed their results.
    Returns how many attempts had any."""
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
