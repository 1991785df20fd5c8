"""How much of a phone's screen a result takes: 360 × 780, every outcome and form."""

from __future__ import annotations

import pytest

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 360, 780
MAX_SCREENS = 4.5
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
