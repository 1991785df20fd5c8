"""Pages of the live server in a browser: signed in, by keyboard, under axe."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from assessments.models import Coach
from tests.support.coaching import signed_in_as

RULES = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
}
COLOURS_ALONE = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def sign_in(page: Page, coach: Coach, url: str) -> None:
    session = signed_in_as(coach.user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": url}])


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until the one with this role and name has the focus, and can be seen to
    have it.
    """
    wanted = page.get_by_role(role, name=name, exact=True)
    expect(wanted).to_have_count(1)
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert (
                wanted.evaluate("element => getComputedStyle(element).outlineStyle")
                != "none"
            )
            return
    raise AssertionError(f"Tab never reaches {name}")
