"""Axe finds nothing on any kind of page, in light and in dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.assessments.taker import answers_of

from .server import Server
from .steps import answer_all, choose, fits, go_on, key_of, share, start, take

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [pytest.param("light", 1280, id="light-1280"), pytest.param("dark", 360, id="dark-360")]
PUBLIC = [
    "/",
    "/difference/",
    "/project-management/",
    "/product-management/",
    "/in-practice/",
    "/working-together/",
    "/skills/",
    "/choosing/",
    "/future/",
    "/method/",
    "/privacy/",
    "/accessibility/",
    "/quiz/",
    "/quiz/resume/",
    "/no-such-page/",
    "/accounts/login/",
]


def look(page: Page) -> None:
    """No finding, and nothing that sticks out sideways."""
    found: Any = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == [], page.url
    assert fits(page), page.url


@pytest.fixture
def page_in(visit: Callable[..., Page]) -> Callable[[str, int], Page]:
    return lambda scheme, width: visit(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce"
    )


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_public_pages(page_in: Callable[[str, int], Page], scheme: str, width: int) -> None:
    page = page_in(scheme, width)
    for path in PUBLIC:
        page.goto(path)
        look(page)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_on_the_way_to_a_result(page_in: Callable[[str, int], Page], server: Server, scheme: str, width: int) -> None:
    page = page_in(scheme, width)
    start(page)
    look(page)
    go_on(page)
    look(page)
    for _ in range(3):
        choose(page, answers_of("clear_project"))
        go_on(page)
    look(page)  # the offer to stop
    choose(page, {"T9": "3"})
    page.get_by_role("button", name="Save and leave").click()
    look(page)
    page.goto("/quiz/6/")
    look(page)
    page.goto("/quiz/review/")
    look(page)
    page.get_by_role("button", name="Finish and see your result").click()
    look(page)  # what is missing
    page.goto("/quiz/4/")
    answer_all(page, "clear_project", sections=range(3))
    server.take_time()
    page.get_by_role("button", name="Finish and see your result").click()
    look(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    look(page)
    key = key_of(page)
    page.goto("/quiz/review/")
    look(page)
    paths = []
    for scope in ("The summary", "With strengths", "With every answer"):
        page.goto("/quiz/result/")
        paths.append(share(page, scope))
    look(page)
    page.get_by_role("link", name="With strengths").first.click()
    look(page)
    page.goto("/quiz/data/")
    look(page)
    page.get_by_role("button", name="Delete everything").click()
    look(page)  # the box is not ticked
    other = page_in(scheme, width)
    for path in paths:
        other.goto(path)
        look(other)
    start(other)
    other.goto("/quiz/resume/")
    other.get_by_label("Your key").fill("no key")
    other.get_by_role("button", name="Open").click()
    look(other)
    other.get_by_label("Your key").fill(key)
    other.get_by_role("button", name="Open").click()
    look(other)  # asks before it replaces
    page.goto("/quiz/data/")
    page.get_by_label("Yes, delete all of it for good").check()
    page.get_by_role("button", name="Delete everything").click()
    look(page)
    other.goto("/quiz/")
    other.get_by_role("button", name="Finish and clear this computer").click()
    look(other)


@pytest.mark.parametrize("outcome", ["close", "both", "low_both", "careless", "lean_product", "clear_product"])
def test_result_of_every_outcome(page_in: Callable[[str, int], Page], server: Server, outcome: str) -> None:
    page = page_in("light", 360)
    take(page, server, outcome)
    look(page)
