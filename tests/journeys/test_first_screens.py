"""What stands on the first screen of a phone, and that it can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 780}
MAX_TRADE_OFF = 640
# The height from the first statement to "Not sure".
TRADE_OFFS = """() => [...document.querySelectorAll(".trade-off:not(.rating)")].map(
  (group) => {
    const parts = [...group.querySelectorAll(".statement, .answer")];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    return Math.max(...boxes.map((box) => box.bottom))
      - Math.min(...boxes.map((box) => box.top));
  })"""
# What would be as light as the plate that forced colors paint behind text.
PALE = """() => {
    const probe = document.body.appendChild(document.createElement("p"));
    probe.style.color = "Canvas";
    const canvas = getComputedStyle(probe).color;
    probe.remove();
    return [...document.querySelectorAll("body *")].filter((each) =>
      each.checkVisibility() && !each.matches("button, option, svg *")
      && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      && getComputedStyle(each).color === canvas
    ).map((each) => each.textContent.trim());
  }"""
UNREADABLE = """() => [...document.querySelectorAll(".button")].filter((button) => {
    const style = getComputedStyle(button);
    return button.checkVisibility() && style.color === style.backgroundColor;
  }).map((button) => button.textContent)"""


@pytest.fixture
def phone(make_visitor: MakeVisitor) -> Visitor:
    return make_visitor(viewport=PHONE)


def expect_on_the_first_screen(visitor: Visitor, selector: str) -> None:
    box = visitor.page.locator(selector).first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]


@pytest.mark.parametrize(
    ("address", "selector"),
    [
        ("/", 'main a.button[href="/quiz/"]'),
        ("/quiz/", "button[name=form][value=full]"),
        ("/quiz/", "button[name=form][value=short]"),
    ],
    ids=["landing", "start", "start_short"],
)
def test_start_stands_on_the_first_screen(
    phone: Visitor, address: str, selector: str
) -> None:
    phone.go(address)
    expect_on_the_first_screen(phone, selector)


def test_first_radio_stands_on_the_first_screen_of_section_1(phone: Visitor) -> None:
    phone.start("full")
    expect_on_the_first_screen(phone, "fieldset input")


def test_both_statements_and_all_buttons_of_a_trade_off_are_seen_together(
    phone: Visitor,
) -> None:
    phone.start("full")
    heights: list[float] = []
    for number in (1, 2, 3, 4):
        phone.go(f"/quiz/{number}/")
        heights += phone.page.evaluate(TRADE_OFFS)
    assert len(heights) == 12
    assert max(heights) <= MAX_TRADE_OFF


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_are_readable_in_forced_colors(
    make_visitor: MakeVisitor, scheme: str
) -> None:
    visitor = make_visitor(forced_colors="active", color_scheme=scheme)
    visitor.go("/")
    assert visitor.page.evaluate("matchMedia('(forced-colors: active)').matches")
    unreadable = {"/": visitor.page.evaluate(UNREADABLE)}
    visitor.start("short")
    unreadable["/quiz/1/"] = visitor.page.evaluate(UNREADABLE)
    for _ in range(3):
        visitor.answer_section(answers_of("clear_short"))
    unreadable["/quiz/review/"] = visitor.page.evaluate(UNREADABLE)
    visitor.finish()
    unreadable["/quiz/result/"] = visitor.page.evaluate(UNREADABLE)
    visitor.go("/quiz/")
    unreadable["/quiz/"] = visitor.page.evaluate(UNREADABLE)
    assert unreadable == dict.fromkeys(unreadable, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_failed_save_and_skip_link_are_readable_in_forced_colors(
    make_visitor: MakeVisitor, scheme: str
) -> None:
    visitor = make_visitor(forced_colors="active", color_scheme=scheme)
    visitor.start("short")
    visitor.page.route("**/quiz/1/", lambda route: route.abort())
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.locator(".skip")).to_be_focused()
    visitor.choose("T1", "2")
    visitor.expect_saved("Not saved yet")
    expect(visitor.page.locator(".saved.unsaved")).to_be_in_viewport()
    assert visitor.page.evaluate(PALE) == []
    visitor.expect_complaint("ERR_FAILED")
    visitor.page.unroute("**/quiz/1/")
    visitor.expect_saved("1 of 4 answers saved")
