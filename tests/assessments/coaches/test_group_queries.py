"""A large group costs as many queries as a small one. `make bench` takes the time."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.models import Coach
from tests.support.coaching import invite, signed_in_as
from tests.support.group import GROUP_ADDRESSES, fill_group
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MAX_QUERIES = 10


def statements(browser: Client, address: str) -> int:
    """Count the statements of a page.

    Every five seconds one page asks in addition whether a new version is live.
    """
    assert browser.get(address).status_code == 200
    return min(len(asked(lambda: browser.get(address))) for _ in range(2))


@pytest.mark.slow
def test_pages_ask_no_more_about_a_large_group(
    coach: Coach, other_coach: Coach
) -> None:
    counts = []
    for owner, size in ((coach, 50), (other_coach, 200)):
        group = invite(owner)
        fill_group(group, size)
        browser = signed_in_as(owner.user)
        pages = ["", *(f"{group.pk}/{address}" for address in GROUP_ADDRESSES)]
        counts.append([statements(browser, f"/coach/{page}") for page in pages])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MAX_QUERIES
