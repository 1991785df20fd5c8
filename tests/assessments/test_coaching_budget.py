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
    shared = {field: getattr(result, field) for field in ("number", "form", "outcome", "answers", "reply", "expires_at")}
    Result.objects.bulk_create(
        Result(owner_id=attempt.owner_id, attempt=attempt, version=first.version, finished_at=now, lean=number % 100, **shared)
        for number, attempt in enumerate(attempts)
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


# Of the group; nothing stands for the list of all groups. Each page of the table is full in either group.
ADDRESSES = [
    None,
    "",
    "?sort=name",
    "?sort=project",
    "?sort=product",
    "?outcome=clear_project",
    "?status=shared&sort=name",
    "?page=60",
    "?page=60&sort=product",
    "status/",
]


def seconds(browser: Client, address: str) -> float:
    begin = perf_counter()
    assert browser.get(address).status_code == 200
    return perf_counter() - begin


def asked(browser: Client, address: str) -> int:
    seconds(browser, address)
    with CaptureQueriesContext(connection) as found:
        seconds(browser, address)
    return len(found)


def test_group_of_five_thousand_costs_what_one_of_fifty_does(coach: Coach, other_coach: Coach) -> None:
    groups = {coach: invite(coach), other_coach: invite(other_coach)}
    for each, size in ((coach, 50), (other_coach, 5_000)):
        fill(groups[each], size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does; it does not see what is not committed
    browsers = {each: signed_in_as(each.user) for each in groups}
    found = {}
    for address in ADDRESSES:
        few, many = ((browsers[each], "/coach/" if address is None else f"/coach/{groups[each].pk}/{address}") for each in groups)
        assert asked(*few) == asked(*many) <= MOST_QUERIES, address
        # Side by side and in turn, so that whatever else this machine does slows both alike.
        rounds = [(seconds(*few), seconds(*many)) for _ in range(ROUNDS)]
        small, large = (median(column) for column in zip(*rounds, strict=True))
        found[address] = f"{large / small:.2f}: {large * 1000:.1f} ms against {small * 1000:.1f} ms"
    print(found)
    assert [(address, ratio) for address, ratio in found.items() if float(ratio.partition(":")[0]) > MOST_RATIO] == []
