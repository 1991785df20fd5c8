"""A group on paper: how many pages it takes, and that nothing on them is torn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from assessments.models import Coach
from tests.support.browser.pages import sign_in
from tests.support.coaching import invite, joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_PAGES = 3


@pytest.fixture
def paper(page: Page, live_coach: Coach, live_server: Any) -> Page:
    """A group of three."""
    group = invite(live_coach, onward=True)
    (
        joined(group, "Ann", "clear_project"),
        joined(group, "Ben", "close"),
        joined(group, "Cem", "both"),
    )
    sign_in(page, live_coach, live_server.url)
    page.goto(f"{live_server.url}/coach/{group.pk}/print/")
    return page


def test_group_of_three_takes_a_sensible_number_of_pages(paper: Page) -> None:
    pages = re.findall(rb"/Type\s*/Page\b", paper.pdf(format="A4"))
    assert 3 <= len(pages) <= 3 * MOST_PAGES


def test_tables_short_parts_and_whatever_follows_a_heading_stay_whole(
    paper: Page,
) -> None:
    paper.emulate_media(media="print")

    def styles(selector: str, name: str) -> set[str]:
        return set(
            paper.locator(selector).evaluate_all(
                "(all, name) => all.map((each) => getComputedStyle(each)[name])", name
            )
        )

    assert styles(
        ".paper .sum table, .paper .sum p, .paper .part:not(:has(.sum, .evidence))",
        "breakInside",
    ) == {"avoid"}
    assert styles(
        ".paper .sum summary, .paper .sum h3, .paper .sum caption, .paper"
        " .part:has(.sum) > h2",
        "breakAfter",
    ) == {"avoid"}
    assert styles(".paper .sum .total", "breakBefore") == {"avoid"}
