"""The short form, the offer to stop after it, and going on from it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser


def test_short_form_ends_in_a_provisional_result(visitor: Visitor) -> None:
    visitor.take("clear_short")
    visitor.expect_headline("Your answers point clearly to project management.")
    expect(visitor.page.locator(".kicker")).to_contain_text("short-form")
    expect(visitor.page.locator("#strengths .name")).to_have_count(0)


def test_a_clear_lean_after_section_3_may_stop_there_and_go_on_later(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    clear = answers_of("clear_short")
    visitor.start("full")
    for _ in range(3):
        visitor.answer_section(clear)
    visitor.expect_path("/quiz/4/")
    visitor.server.let_minutes_pass()
    visitor.press("Stop here and see the result")
    visitor.expect_path("/quiz/result/")
    expect(visitor.page.locator(".kicker")).to_contain_text("short-form")
    expect(visitor.page.locator("#working")).to_contain_text("12 of 12 questions")
    short = visitor.figures()
    link = visitor.make_link("summary")

    visitor.go("/quiz/result/")
    visitor.press("Answer 13 more questions")
    visitor.expect_path("/quiz/4/")
    visitor.answer_all("clear_project")
    visitor.finish()
    expect(visitor.page.locator("#working")).to_contain_text("25 of 25 questions")
    assert visitor.figures() != short

    visitor.go("/quiz/result/1/")
    visitor.expect_figures(short)
    friend = make_visitor()
    friend.go(link)
    friend.expect_figures(short)


def test_no_offer_after_section_3_without_a_clear_lean(visitor: Visitor) -> None:
    visitor.start("full")
    for _ in range(3):
        visitor.answer_section(answers_of("close"))
    expect(visitor.page.locator("form[data-autosave]")).to_have_count(1)
    expect(visitor.page.get_by_role("button", name="Stop here")).to_have_count(0)
