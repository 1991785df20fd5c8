"""How long the road is: pages and clicks, from the first page to the result."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
MAX_PAGES, MAX_CLICKS, MAX_CLICKS_TO_CHANGE = 6, 17, 3


class Counter:
    """Counts the pages that a visitor sees and the clicks that they need."""

    def __init__(self, page: Page) -> None:
        self.clicks = self.pages = 0
        page.on("domcontentloaded", self._seen)

    def _seen(self, _: Page) -> None:
        self.pages += 1

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()


def nav_link(visitor: Visitor) -> Locator:
    return visitor.page.locator("nav a[data-continue]")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_short_form_is_six_pages_and_seventeen_clicks_from_the_landing_page(
    make_visitor: MakeVisitor, script: bool
) -> None:
    visitor = make_visitor(java_script_enabled=script)
    page, answers = visitor.page, answers_of("clear_short")
    counter = Counter(page)
    visitor.go("/")
    counter.click(page.locator('main a.button[href="/quiz/"]').first)
    page.wait_for_url("**/quiz/")
    counter.click(page.locator("button[name=form][value=short]"))
    for number in (1, 2, 3):
        page.wait_for_url(f"**/quiz/{number}/")
        for fieldset in page.locator("fieldset.trade-off").all():
            question = fieldset.get_attribute("id") or ""
            chosen = f'input[name="{question}"][value="{answers[question]}"]'
            counter.click(page.locator(chosen))
        visitor.server.let_minutes_pass()
        counter.click(page.locator(".save .button").first)
    page.wait_for_url("**/quiz/result/")
    visitor.expect_headline("Your answers point clearly to project management.")
    assert counter.pages <= MAX_PAGES
    assert counter.clicks <= MAX_CLICKS


def test_changing_one_answer_of_a_result_takes_three_clicks_from_the_list(
    visitor: Visitor,
) -> None:
    visitor.take("clear_short")
    before = visitor.figures()
    visitor.go("/quiz/review/")
    page, counter = visitor.page, Counter(visitor.page)
    counter.click(page.locator("#T7 a"))
    counter.click(page.locator('input[name="T7"][value="5"]'))
    counter.click(page.locator("main form .button"))
    page.wait_for_url("**/quiz/result/2/")
    assert visitor.figures() != before
    assert counter.clicks <= MAX_CLICKS_TO_CHANGE
    visitor.go("/quiz/result/1/")
    visitor.expect_figures(before)


def test_changing_one_answer_before_the_end_leads_back_to_its_place(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    visitor.answer_all("clear_short")
    visitor.follow("Change question 7")
    visitor.choose("T7", "5")
    visitor.press("Save and go back")
    visitor.expect_path("/quiz/review/#T7")
    expect(visitor.page.locator("#T7")).to_be_in_viewport()
    expect(visitor.page.locator("#T7 dd")).to_contain_text("Much more B")


def test_public_pages_offer_to_go_on_and_then_the_result(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    visitor.go("/skills/")
    plain = nav_link(visitor).inner_text()
    visitor.start("short")
    visitor.go("/skills/")
    expect(nav_link(visitor)).to_have_text("Continue")
    visitor.go("/")
    expect(visitor.page.locator("main [data-continue]").first).to_have_text("Continue")
    nav_link(visitor).click()
    visitor.expect_headline("Welcome back")
    visitor.follow("Continue")
    visitor.answer_all("clear_short")
    visitor.finish()
    visitor.go("/skills/")
    expect(nav_link(visitor)).to_have_text("Your result")
    nav_link(visitor).click()
    visitor.expect_path("/quiz/result/")
    visitor.go("/quiz/")
    visitor.press("Clear this device")
    visitor.go("/skills/")
    expect(nav_link(visitor)).to_have_text(plain)

    other = make_visitor()
    other.go("/quiz/")
    other.page.get_by_label("This is a shared computer").check()
    other.press("Start the short form")
    other.go("/skills/")
    expect(nav_link(other)).to_have_text(plain)
