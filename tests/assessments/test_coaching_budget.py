"""A group of 5,000 costs what one of 50 does."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Attempt, Coach, Invitation, Owner, Participation, Result

from .coaching import invite, joined, signed_in_as

pytestmark = pytest.mark.django_db
MOST_RATIO, MOST_QUERIES = 1.5, 8
ROUNDS = 15


def fill(invitation: Invitation, count: int) -> None:
    """Clients with one result each, all with the answers of the first, a second apart."""
    first = joined(invitation).attempt
    result, now = first.result, timezone.now()
    owners = Owner.objects.bulk_create(Owner(key_sha256=f"{invitation.pk}-{number}") for number in range(1, count))
    attempts = Attempt.objects.bulk_create(
        Attempt(owner=owner, version=first.version, form="full", answers=first.answers, started_at=now, changed_at=now, finished_at=now)
        for owner in owners
    )
    shared = {field: getattr(result, field) for field in ("number", "form", "outcome", "lean", "answers", "reply", "expires_at")}
    Result.objects.bulk_create(
        Result(owner_id=attempt.owner_id, attempt=attempt, version=first.version, finished_at=now, **shared) for attempt in attempts
    )
    Participation.objects.bulk_create(
        Participation(
            invitation=invitation,
            attempt=attempt,
            name=f"Client {number}",
            scope="answers",
            consented_at=now - timedelta(seconds=number),
        )
        for number, attempt in enumerate(attempts)
    )


def seconds(browser: Client, invitation: Invitation) -> float:
    begin = perf_counter()
    assert browser.get(f"/coach/{invitation.pk}/").status_code == 200
    return perf_counter() - begin


def test_group_of_five_thousand_costs_what_one_of_fifty_does(coach: Coach) -> None:
    browser = signed_in_as(coach.user)
    small, large = invite(coach), invite(coach)
    fill(small, 50)
    fill(large, 5_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does; it does not see what is not committed
    asked = []
    for group in (small, large):
        seconds(browser, group)
        with CaptureQueriesContext(connection) as found:
            seconds(browser, group)
        asked.append(len(found))
    assert asked[0] == asked[1] <= MOST_QUERIES, asked
    # Side by side and in turn, so that whatever else this machine does slows both alike.
    rounds = [(seconds(browser, small), seconds(browser, large)) for _ in range(ROUNDS)]
    few, many = (median(column) for column in zip(*rounds, strict=True))
    assert many <= MOST_RATIO * few, f"{many * 1000:.1f} ms against {few * 1000:.1f} ms"
