"""Questions left open: one summary of errors, with the way to each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import keyboard
from tests.support.browser.visitor import Visitor
from tests.support.taker import EXAMPLES, answers_of

pytestmark = pytest.mark.browser


def test_unanswered_questions_give_one_summary_that_has_the_focus_and_leads_to_each(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    visitor.choose("T2", "1")
    visitor.expect_saved("1 of 4 answers saved")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 422 .*/quiz/1/")
    summary = visitor.page.locator(".error-summary")
    expect(summary).to_have_count(1)
    expect(summary).to_be_focused()
    expect(visitor.page).to_have_title(re.compile("^Error: "))
    expect(summary.locator("a")).to_have_text(
        [re.compile(f"^Question {number}:") for number in (1, 3, 4)]
    )
    visitor.expect_chosen({"T2": "1"})
    for question in ("T1", "T3", "T4"):
        group = visitor.page.locator(f"fieldset#{question}")
        error = visitor.page.locator(f"#{group.get_attribute('aria-describedby')}")
        expect(error).to_have_text(re.compile("^Question "))
    summary.get_by_role("link", name="Question 3").click()
    expect(visitor.page.locator("input[name=T3]").first).to_be_focused()
    visitor.page.keyboard.press("Space")
    visitor.expect_chosen({"T2": "1", "T3": "1"})


def test_summary_is_walked_with_the_keyboard(visitor: Visitor) -> None:
    visitor.start("short")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 422 .*/quiz/1/")
    keyboard.tab_to(visitor, ".error-summary a")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("input[name=T1]").first).to_be_focused()
    keyboard.choose_here(visitor, "4")
    visitor.expect_chosen({"T1": "4"})


def test_review_with_open_questions_names_them_and_leads_back(visitor: Visitor) -> None:
    visitor.start("short")
    visitor.answer_section(answers_of("clear_short"))
    visitor.go("/quiz/review/")
    visitor.press("Finish and see your result")
    visitor.expect_complaint("status of 422 .*/quiz/review/")
    summary = visitor.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.locator("a")).to_have_count(8)
    summary.get_by_role("link", name="Question 6").click()
    visitor.expect_path("/quiz/2/#T6")


def test_too_many_not_sure_are_listed_and_the_attempt_stays_open(
    visitor: Visitor,
) -> None:
    visitor.start("full")
    visitor.answer_all("too_few")
    visitor.finish()
    visitor.expect_complaint("status of 422 .*/quiz/review/")
    expect(visitor.page.locator(".error-summary a")).to_have_count(
        EXAMPLES["too_few"][1].count("-")
    )
    visitor.go("/quiz/")
    visitor.follow("Continue")
    visitor.expect_path("/quiz/review/")
