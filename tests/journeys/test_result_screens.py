"""How much of a phone's screen a result takes: 360 × 780, every outcome and form."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 360, 780
MAX_SCREENS = 4.5
# The elements that scroll sideways. The heads of the tables are hidden by clipping.
SCROLLING = """(part) => [...part.querySelectorAll(":not(thead, thead *)")].filter(
  (each) => each.scrollWidth > each.clientWidth
    && getComputedStyle(each).overflowX !== "visible"
).map((each) => each.outerHTML)"""
SHOWN = [
    "clear_project",
    "clear_product",
    "lean_project",
    "close",
    "both",
    "low_both",
    "lean_product",
    "both_short",
]


@pytest.fixture
def phone(make_visitor: MakeVisitor) -> Visitor:
    return make_visitor(viewport={"width": WIDTH, "height": HEIGHT})


def edge(visitor: Visitor, selector: str, side: str) -> float:
    """The distance from the top of the page, in CSS pixels."""
    found: float = visitor.page.locator(selector).first.evaluate(
        f"(element) => element.getBoundingClientRect().{side} + scrollY"
    )
    return found


@pytest.mark.parametrize("example", SHOWN)
def test_share_is_on_the_first_screen_and_the_working_within_four_and_a_half(
    phone: Visitor, example: str
) -> None:
    phone.take(example)
    assert edge(phone, ".take .button", "bottom") <= HEIGHT
    assert edge(phone, "#working", "top") <= MAX_SCREENS * HEIGHT
    assert phone.page.evaluate("document.documentElement.scrollWidth") == WIDTH


def test_sum_line_by_line_fits_a_phone_and_is_still_a_table(phone: Visitor) -> None:
    phone.take("clear_project")
    phone.page.locator("#working > summary").click()
    wide, room = phone.page.locator("#sum").evaluate(
        "(part) => [part.scrollWidth, part.clientWidth]"
    )
    assert wide <= room
    assert phone.page.locator("#sum").evaluate(SCROLLING) == []
    tables = phone.page.locator("#sum").get_by_role("table")
    expect(tables).to_have_count(4)
    expect(tables.first.get_by_role("columnheader")).to_have_count(4)
    expect(tables.first.get_by_role("rowheader")).to_have_count(13)
    expect(tables.first.get_by_role("cell")).to_have_count(12 * 3 + 2)
