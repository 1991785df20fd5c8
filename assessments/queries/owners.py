"""What an owner key opens."""

from __future__ import annotations

from django.utils import timezone

from assessments import keys
from assessments.models import Attempt, Owner, Result


def owner_by_key(key: str) -> Owner | None:
    return Owner.objects.filter(key_sha256=keys.digest(key)).first()


def open_attempt(key: str) -> Attempt | None:
    """The attempt that the owner with this key has not finished yet."""
    return (
        Attempt.objects.select_related("owner", "version")
        .defer("version__definition")
        .filter(owner__key_sha256=keys.digest(key), finished_at=None)
        .first()
    )


def own_result(key: str, number: int | None = None) -> Result | None:
    """The owner's result of that number, or the newest one; only while it is kept."""
    results = (
        Result.objects.select_related("owner", "version", "attempt")
        .defer("version__definition")
        .filter(owner__key_sha256=keys.digest(key), expires_at__gt=timezone.now())
    )
    return (
        results.order_by("-number").first()
        if number is None
        else results.filter(number=number).first()
    )


def own_results(owner: Owner) -> list[Result]:
    """All results of an owner that are still kept, newest first."""
    return list(
        Result.objects.filter(owner=owner, expires_at__gt=timezone.now())
        .select_related("version")
        .defer("version__definition")
        .order_by("-number")
    )
