"""What the printer gives: one sheet without a key, and the working on request."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser
PAGE = re.compile(rb"/Type\s*/Page\b")
ON_PAPER = ("h1", "svg.compact", "#why", "#strengths", "#next")
NOT_ON_PAPER = (".key", ".take", ".call", "#keep", "#working", ".masthead nav")


def sheets(visitor: Visitor) -> int:
    return len(PAGE.findall(visitor.page.pdf(format="A4")))


@pytest.mark.parametrize(
    "example", ["clear_project", "lean_project", "both", "close", "low_both"]
)
def test_result_is_one_sheet(visitor: Visitor, example: str) -> None:
    visitor.take(example)
    assert sheets(visitor) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_result_on_paper_has_its_parts_and_no_key(
    make_visitor: MakeVisitor, script: bool
) -> None:
    visitor = make_visitor(java_script_enabled=script)
    visitor.take("clear_project")
    expect(visitor.page.locator(".key")).to_be_visible()
    visitor.page.emulate_media(media="print")
    for part in ON_PAPER:
        expect(visitor.page.locator(part).first).to_be_visible()
    for part in NOT_ON_PAPER:
        for element in visitor.page.locator(part).all():
            expect(element).to_be_hidden()
    wide, window = visitor.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= window


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_open_working_is_printed_too(make_visitor: MakeVisitor, script: bool) -> None:
    visitor = make_visitor(java_script_enabled=script)
    visitor.take("clear_project")
    visitor.page.locator("#working > summary").click()
    visitor.page.emulate_media(media="print")
    for table in visitor.page.locator("#sum table").all():
        expect(table).to_be_visible()
    assert sheets(visitor) > 2


def test_print_button_prints_the_sheet_alone(visitor: Visitor) -> None:
    visitor.take("clear_short")
    visitor.page.evaluate("window.print = () => { document.title = 'printed'; }")
    working = visitor.page.locator("#working")
    working.locator("summary").click()
    visitor.page.get_by_role("button", name="Print", exact=True).click()
    expect(visitor.page).to_have_title("printed")
    expect(working).not_to_have_attribute("open", "")


def test_working_has_a_button_that_prints_it(visitor: Visitor) -> None:
    visitor.take("clear_short")
    visitor.page.evaluate("window.print = () => { document.title = 'printed'; }")
    working = visitor.page.locator("#working")
    working.locator("summary").click()
    working.get_by_role("button", name="Print").click()
    expect(visitor.page).to_have_title("printed")
    expect(working).to_have_attribute("open", "")


def test_print_button_is_not_offered_without_script(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(java_script_enabled=False)
    visitor.take("clear_short")
    expect(visitor.page.get_by_role("button", name="Print")).to_have_count(0)
