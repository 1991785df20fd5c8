"""What an owner key opens."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments import keys
from assessments.models import (
    Attempt,
    Departure,
    Owner,
    Participation,
    Result,
    ResultRequest,
    resumable,
)
from assessments.models.attempts import kept_since
from assessments.queries.prepared import Given, Prepared

# Most owners have given no grant. Then the page needs no query for them: see
# `grants.grants_beside`.
HAS_GRANTS = "has_grants"
_HAS_GRANTS = {
    HAS_GRANTS: Exists(Participation.objects.filter(attempt__owner=OuterRef("owner")))
}
# The same for requests of coaches: see `result_requests.requests_beside`.
HAS_REQUESTS = "has_requests"
_HAS_REQUESTS = {
    HAS_REQUESTS: Exists(
        ResultRequest.objects.filter(result__owner=OuterRef("owner"), declined_at=None)
    )
}
# Fewer still were removed by a coach: see `departures.removals_beside`.
HAS_REMOVALS = "has_removals"
_HAS_REMOVALS = {
    HAS_REMOVALS: Exists(Departure.objects.filter(owner=OuterRef("owner")))
}
_OWNER = Prepared(lambda: Owner.objects.filter(key_sha256=Given("digest")))
_OPEN_ATTEMPT = Prepared(
    lambda: (
        Attempt.objects.select_related("owner", "version")
        .defer("version__definition")
        .filter(resumable(since=Given("since")), owner__key_sha256=Given("digest"))
        .annotate(**_HAS_GRANTS)
    )
)
_TWO_RESULTS = Prepared(
    lambda: (
        Result.objects.select_related("owner__follow_up", "version", "attempt")
        .defer("version__definition")
        .filter(
            owner__key_sha256=Given("digest"),
            expires_at__gt=Given("now"),
            number__lte=Given("number"),
        )
        .annotate(**_HAS_GRANTS, **_HAS_REQUESTS, **_HAS_REMOVALS)
        .order_by("-number")[:2]
    )
)
HIGHEST_NUMBER = 2**31 - 1  # that PostgreSQL keeps in Result.number


def owner_by_key(key: str) -> Owner | None:
    return _OWNER.first(digest=keys.digest(key))


def open_attempt(key: str) -> Attempt | None:
    """The attempt that the owner with this key may go on with."""
    return _OPEN_ATTEMPT.first(digest=keys.digest(key), since=kept_since())


def own_result(key: str, number: int | None = None) -> Result | None:
    """The owner's result of that number, or the newest one; only while it is kept."""
    return own_result_and_earlier(key, number)[0]


def own_result_and_earlier(
    key: str, number: int | None = None
) -> tuple[Result | None, Result | None]:
    """`own_result`, and the result that the owner was given before it.

    The second one is None, too, where it says nothing fair.
    """
    found = _TWO_RESULTS.rows(
        digest=keys.digest(key),
        now=timezone.now(),
        number=HIGHEST_NUMBER if number is None else min(number, HIGHEST_NUMBER),
    )
    result, earlier = [*found, None, None][:2]
    if result is None or number not in (None, result.number):
        return None, None
    return result, earlier if earlier and earlier.is_attentive else None


def own_results(owner: Owner) -> list[Result]:
    """All results of an owner that are still kept, newest first; texts come later."""
    return list(
        Result.objects.filter(owner=owner, expires_at__gt=timezone.now())
        .select_related("version")
        .defer("version__definition", "reply", "answers")
        .order_by("-number")
    )
