"""The front page and the audit trail in a real browser.

Wide and narrow, light and dark, under the policy, by keyboard alone.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from assessments.actions.clicks import count_click
from assessments.models import Version
from content.models import Page
from tests.support.loading import load
from tests.support.snapshots import forget_snapshots
from tools.fill_results import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRAIL = "/admin/content/auditentry/"
MOST_TABS = 60


@pytest.fixture
def staff_page(
    page: BrowserPage, transactional_db: None, staff_client: Client, live_server: Any
) -> BrowserPage:
    """Stella's browser, on a site with something to tell."""
    load("load_article")
    load("load_questionnaire")
    forget_snapshots()
    fill(Version.objects.get(), count=120, seed=1, until=timezone.now(), days=1)
    Page.objects.filter(slug="skills").update(lead="Changed.")
    count_click("/", day=timezone.now().date())
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": staff_client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return page


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_keep_the_policy_and_are_accessible(
    staff_page: BrowserPage, live_server: Any, width: int, scheme: Any
) -> None:
    said: list[str] = []
    staff_page.on("console", lambda message: said.append(message.text))
    staff_page.emulate_media(color_scheme=scheme)
    staff_page.set_viewport_size({"width": width, "height": 900})
    for path in ("/admin/", TRAIL, f"{TRAIL}?act__exact=publish&q=skills"):
        staff_page.goto(live_server.url + path)
        assert said == [], path
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width, (
            path
        )
        found = [
            f"{each['id']}: {node['html'][:200]}"
            for each in Axe().run(staff_page).response["violations"]
            for node in each["nodes"]
        ]
        assert found == [], path
        said.clear()  # axe tries styles of its own, which the policy refuses


def tab_to(page: BrowserPage, selector: str) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(
            "selector => document.activeElement.matches(selector)", selector
        ):
            assert (
                page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                != "none"
            )
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_draft_that_waits_and_the_trail_are_reached_and_searched_by_keyboard(
    staff_page: BrowserPage, live_server: Any
) -> None:
    waiting = (
        f'a[href="/admin/content/page/{Page.objects.get(slug="skills").pk}/change/"]'
    )
    staff_page.goto(f"{live_server.url}/admin/")
    tab_to(staff_page, waiting)
    staff_page.keyboard.press("Enter")
    staff_page.wait_for_url("**/change/")

    staff_page.goto(f"{live_server.url}/admin/")
    tab_to(staff_page, f'a[href="{TRAIL}"]')
    staff_page.keyboard.press("Enter")
    staff_page.wait_for_url(f"**{TRAIL}")
    tab_to(staff_page, "#searchbar")
    staff_page.keyboard.type("version 1")
    staff_page.keyboard.press("Enter")
    staff_page.wait_for_url("**q=version+1*")
    expect(staff_page.locator("#result_list tbody tr")).to_have_count(1)
    tab_to(staff_page, 'a[href*="act__exact=publish"]')
    staff_page.keyboard.press("Enter")
    staff_page.wait_for_url("**act__exact=publish*")


def luminance(color: tuple[int, ...]) -> float:
    """The relative luminance of WCAG 2.2, from 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_icons_of_yes_and_no_stand_out_on_every_row(
    staff_page: BrowserPage, live_server: Any, scheme: Any
) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1 against the row."""
    User.objects.create_user("ben", "ben@example.org", is_active=False)
    staff_page.emulate_media(color_scheme=scheme)
    staff_page.goto(f"{live_server.url}/admin/auth/user/")
    icons = staff_page.locator("#result_list td img").all()
    assert len(icons) == 6
    for icon in icons:
        shot = Image.open(BytesIO(icon.screenshot())).convert("RGB")
        colors = [luminance(color) for _, color in shot.getcolors(10_000) or []]
        assert (max(colors) + 0.05) / (min(colors) + 0.05) >= 3
