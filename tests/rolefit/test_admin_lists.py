"""What every list of the admin has in common."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.formats import date_format

from assessments.models import Coach
from content.models import AuditEntry
from tests.support.dom import parse

AUDIT, COACHES = "/admin/content/auditentry/", "/admin/assessments/coach/"


@pytest.mark.parametrize(
    ("how", "written"),
    [
        ("DATE_FORMAT", "November 28, 2026"),
        ("DATETIME_FORMAT", "November 28, 2026, 09:05"),
        ("TIME_FORMAT", "09:05"),
    ],
)
def test_dates_are_written_in_one_way(how: str, written: str) -> None:
    assert date_format(datetime(2026, 11, 28, 9, 5, tzinfo=UTC), how) == written


@pytest.mark.django_db
@pytest.mark.parametrize(("entries", "counted"), [(0, "0 entries"), (1, "1 entry")])
def test_entries_are_counted_in_words(
    staff_client: Client, entries: int, counted: str
) -> None:
    AuditEntry.objects.all().delete()
    for _ in range(entries):
        AuditEntry.objects.create(act="publish", subject="a page")
    page = parse(staff_client.get(AUDIT))
    assert page.one(".paginator").text == counted
    assert page.one("h1").text == "Audit trail"


@pytest.mark.django_db
def test_filters_stand_before_the_table_and_say_which_is_on(
    staff_client: Client,
) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    Coach.objects.create(name="Ann", email="ann@example.org", asked_at=now)
    for query, names, cleared in (
        ({}, ["All"], []),
        ({"status": "waiting"}, ["Waits for an answer"], ["?"]),
    ):
        page = parse(staff_client.get(COACHES, query))
        assert page.texts(".filters a[aria-current]") == names
        assert page.values(".filters p a") == cleared
        [inside] = page.all("#changelist .filters")
        assert inside.parent is not None
        assert not page.has("#changelist-filter")
        assert page.has("#result_list tbody tr")
    assert not parse(staff_client.get(COACHES, {"status": "open"})).has("tbody tr")
