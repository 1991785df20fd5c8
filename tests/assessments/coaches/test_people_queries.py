"""5,000 people cost as many queries and rows as 50.

`make bench` compares the time (tools/bench_groups.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client

from assessments.models import Coach
from tests.support.coaching import invite, signed_in_as
from tests.support.group import PEOPLE_ADDRESSES, fill_workspace
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.slow]
MAX_QUERIES = 8  # of a search one more, which counts whom it finds


@pytest.fixture
def browsers(coach: Coach, other_coach: Coach) -> list[Client]:
    """Of a coach with 50 people, and of one with 5,000."""
    for owner, size in ((coach, 50), (other_coach, 5_000)):
        fill_workspace([invite(owner) for _ in range(5)], size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does in time
    return [signed_in_as(owner.user) for owner in (coach, other_coach)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each query of the ORM hands over."""
    rows: list[int] = []
    results_iter = SQLCompiler.results_iter

    def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Iterator[Any]:
        found = list(results_iter(self, *args, **kwargs))
        rows.append(len(found))
        return iter(found)

    monkeypatch.setattr(SQLCompiler, "results_iter", counted)
    return rows


def get(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 200


def test_list_asks_and_reads_no_more_of_5000_people(
    browsers: list[Client], read: list[int]
) -> None:
    for address in (f"/coach/{each}" for each in PEOPLE_ADDRESSES):
        queries, rows = [], []
        for browser in browsers:
            get(browser, address)
            # Every five seconds a page asks in addition whether a version is live.
            queries.append(
                min(len(asked(lambda: get(browser, address))) for _ in range(2))  # noqa: B023
            )
            read.clear()
            get(browser, address)
            rows.append(sum(read))
        searches = any(name in address for name in ("name=", "status="))
        assert max(queries) <= MAX_QUERIES + searches
        assert queries[0] == queries[1]
        # 50 people, their grants, namesakes in 5 groups, the groups, the account.
        assert rows[1] <= 360


def test_later_page_of_a_search_asks_no_more(coach: Coach) -> None:
    fill_workspace([invite(coach)], 60)
    browser = signed_in_as(coach.user)
    address = "/coach/?name=client&page=2"
    get(browser, address)
    assert (
        min(len(asked(lambda: get(browser, address))) for _ in range(2))
        == MAX_QUERIES + 1
    )
