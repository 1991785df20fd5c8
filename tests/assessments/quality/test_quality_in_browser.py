"""The quality pages in a real browser.

Wide and narrow, light and dark, under the policy, with the keyboard alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.actions.sums import roll_up
from assessments.models import Questionnaire, Version
from tests.support.browser.pages import tab_to
from tests.support.loading import load
from tests.support.staff import address, signed_in
from tools.fill_results import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INDEX = "/admin/assessments/rollup/"
FULL = f"{INDEX}1/full/"


@pytest.fixture
def analyst_page(page: Page, transactional_db: None, live_server: Any) -> Page:
    """A site with enough results for every figure, some of them not counted yet."""
    load("load_article")
    load("load_questionnaire")
    version, now = Version.objects.get(), timezone.now()
    fill(version, count=900, seed=1, until=now, days=40)
    roll_up(now=now)
    fill(version, count=20, seed=2, until=now, days=1)
    client = signed_in(
        "anna", "view_quality", "add_questionnaire", "change_questionnaire"
    )
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return page


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_keep_the_policy_and_are_accessible(
    analyst_page: Page, live_server: Any, width: int, scheme: Any
) -> None:
    said: list[str] = []
    analyst_page.on("console", lambda message: said.append(message.text))
    analyst_page.emulate_media(color_scheme=scheme)
    analyst_page.set_viewport_size({"width": width, "height": 900})
    for path in (
        INDEX,
        FULL,
        f"{INDEX}1/short/",
        f"{FULL}?since=2026-02-02&until=2026-02-01",
        f"{FULL}?until=2020-01-01&since=2020-01-01",
    ):
        analyst_page.goto(live_server.url + path)
        for details in analyst_page.locator("#content details").all():
            details.evaluate("details => { details.open = true; }")
        assert said == [], path
        assert analyst_page.evaluate("document.documentElement.scrollWidth") <= width, (
            path
        )
        found = [
            f"{each['id']}: {node['html'][:200]}"
            for each in Axe().run(analyst_page).response["violations"]
            for node in each["nodes"]
        ]
        assert found == [], path
        said.clear()  # axe tries styles of its own, which the policy refuses


def test_everything_is_done_with_the_keyboard(
    analyst_page: Page, live_server: Any, tmp_path: Path
) -> None:
    analyst_page.goto(live_server.url + INDEX)
    tab_to(analyst_page, "button", "Count new results now")
    analyst_page.keyboard.press("Enter")
    expect(analyst_page.get_by_text("Looked at 20 new results.")).to_be_visible()
    tab_to(analyst_page, "link", "Version 1, full form")
    analyst_page.keyboard.press("Enter")
    expect(
        analyst_page.get_by_role("heading", name="Quality of version 1, full form")
    ).to_be_visible()
    tab_to(analyst_page, "button", "Show these weeks")
    analyst_page.keyboard.press("Enter")
    analyst_page.wait_for_url("**since=*")
    # The charts have their tables, opened without a mouse.
    tables = analyst_page.locator("#answers + .inside table")
    expect(tables).to_be_hidden()
    analyst_page.locator("#answers + .inside summary").focus()
    analyst_page.keyboard.press("Enter")
    expect(tables).to_be_visible()
    tab_to(analyst_page, "button", "Download “Scales” (CSV)")
    with analyst_page.expect_download() as download:
        analyst_page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "scales.csv")
    assert (
        (tmp_path / "scales.csv")
        .read_text(encoding="utf-8-sig")
        .startswith("Scale,Questions,People,")
    )
    tab_to(analyst_page, "button", "Start a draft with these constants")
    analyst_page.keyboard.press("Enter")
    expect(analyst_page.locator(".messagelist")).to_contain_text(
        "This draft starts from version 1, with an error of"
    )
    draft = Questionnaire.objects.latest("pk")
    expect(analyst_page).to_have_url(
        live_server.url + address("questionnaire_change", draft.pk)
    )
