"""Changing one's mind after the end.

A new result, and the old one with its link as it was.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import MakeVisitor, Visitor

pytestmark = pytest.mark.browser


def test_a_corrected_answer_makes_a_new_result_and_leaves_the_shared_one_alone(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    visitor.take("clear_project")
    figures = visitor.figures()
    link = visitor.make_link("answers", label="For Ada")
    friend = make_visitor()
    before = friend.context.request.get(f"{link.rstrip('/')}.json").body()

    visitor.go("/quiz/review/")
    visitor.follow("Change question 1")
    visitor.expect_chosen({"T1": "1"})
    visitor.choose("T1", "5")
    visitor.press("Save and see the result")
    visitor.expect_path("/quiz/result/2/")
    assert visitor.figures() != figures
    corrected = visitor.figures()

    visitor.go("/quiz/result/1/")
    visitor.expect_figures(figures)
    after = friend.context.request.get(f"{link.rstrip('/')}.json").body()
    assert after == before
    friend.go(link)
    assert friend.figures() != corrected

    visitor.go("/quiz/result/share/")
    item = visitor.page.locator(".link-list li").filter(has_text="For Ada")
    expect(item).to_contain_text("You have a newer result.")


def test_an_ended_link_shows_nothing_and_says_no_more_than_an_unknown_one(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    visitor.take("clear_short")
    link = visitor.make_link("summary")
    friend = make_visitor()
    friend.go(link)
    visitor.press("End this link (the link without a label)")
    friend.go(link)
    ended = friend.page.locator("main").inner_text()
    friend.go("/r/00000000000000000000000000/")
    assert friend.page.locator("main").inner_text() == ended
    friend.expect_complaint("status of 404 .*/r/")


def test_copy_button_puts_the_address_on_the_clipboard(
    make_visitor: MakeVisitor,
) -> None:
    visitor = make_visitor(permissions=["clipboard-read", "clipboard-write"])
    visitor.take("clear_short")
    link = visitor.make_link("summary")
    visitor.page.get_by_role("button", name="Copy").click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == link


def test_copy_button_keeps_its_name(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(permissions=["clipboard-read", "clipboard-write"])
    visitor.take("clear_short")
    visitor.make_link("summary", label="Ada")
    button = visitor.page.locator("[data-copy]")
    before = button.inner_text()
    assert "Ada" in before
    visitor.page.clock.install()
    visitor.page.reload()
    button.click()
    expect(button).not_to_have_accessible_name(before)
    expect(button).to_contain_text("Ada")
    visitor.page.clock.fast_forward(5_000)
    expect(button).to_have_accessible_name(before)


def test_deleting_everything_ends_the_links_and_the_key(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    visitor.take("clear_short")
    key = visitor.key()
    link = visitor.make_link("summary")
    visitor.go("/quiz/data/")
    visitor.page.get_by_label("Yes, delete everything for good").check()
    visitor.press("Delete everything")
    visitor.expect_headline("Everything is deleted")
    friend = make_visitor()
    friend.go(link)
    friend.expect_complaint("status of 404 .*/r/")
    friend.go("/quiz/resume/")
    friend.page.get_by_label("Your key").fill(key)
    friend.press("Open")
    friend.expect_complaint("status of 422 .*/quiz/resume/")
    expect(friend.page.locator(".error-summary a")).to_have_attribute("href", "#id_key")
