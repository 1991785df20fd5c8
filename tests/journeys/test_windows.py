"""What people do to forms.

Two tabs, two clicks, Back, a page grown old. Nothing that was answered is lost.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
UNPROCESSABLE = "status of 422 .*/quiz/1/"


def first_section_in_two_tabs(visitor: Visitor) -> Page:
    visitor.start("short")
    second = visitor.new_page()
    second.goto("/quiz/1/")
    return second


def fill_first_section(visitor: Visitor, but: str = "") -> None:
    for question in {"T1", "T2", "T3", "T4"} - {but}:
        visitor.choose(question, "3")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_two_tabs_that_differ_are_shown_both_answers_and_asked(
    make_visitor: MakeVisitor, script: bool
) -> None:
    visitor = make_visitor(java_script_enabled=script)
    second = first_section_in_two_tabs(visitor)
    visitor.choose("T1", "1")
    if script:
        visitor.expect_saved("1 of 4 answers saved")
    else:
        visitor.press("Save and continue")
        visitor.expect_complaint(UNPROCESSABLE)
    visitor.choose("T1", "5", page=second)
    if script:
        visitor.expect_saved("Another window has a different answer", page=second)
    second.get_by_role("button", name="Save and continue").click()
    expect(second.locator("#id_T1_error")).to_contain_text(
        re.compile("Much more B.*Much more A")
    )
    visitor.expect_complaint(UNPROCESSABLE)

    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "1"})  # asking has written nothing
    for question in ("T1", "T2", "T3", "T4"):
        visitor.choose(question, "5", page=second)
    second.get_by_role("button", name="Save and continue").click()
    expect(second).to_have_url(f"{visitor.server.url}/quiz/2/")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "5", "T2": "5", "T3": "5", "T4": "5"})


def test_two_tabs_with_different_questions_keep_both(visitor: Visitor) -> None:
    second = first_section_in_two_tabs(visitor)
    visitor.choose("T1", "1")
    visitor.expect_saved("1 of 4 answers saved")
    visitor.choose("T2", "2", page=second)
    visitor.expect_saved("2 of 4 answers saved", page=second)
    second.reload()
    expect(second.locator("fieldset input:checked")).to_have_count(2)


def test_an_answer_left_alone_here_and_changed_there_stays_changed(
    make_visitor: MakeVisitor,
) -> None:
    visitor = make_visitor(java_script_enabled=False)
    visitor.start("short")
    visitor.choose("T1", "1")
    visitor.press("Save and leave")
    visitor.go("/quiz/1/")
    second = visitor.new_page()
    second.goto("/quiz/1/")
    visitor.choose("T1", "5", page=second)
    visitor.choose("T2", "4", page=second)
    with second.expect_navigation():
        second.get_by_role("button", name="Save and leave").click()

    visitor.choose("T3", "3")
    visitor.press("Save and continue")
    visitor.expect_complaint(UNPROCESSABLE)
    visitor.expect_chosen({"T1": "5", "T2": "4", "T3": "3"})
    visitor.choose("T4", "3")
    visitor.press("Save and continue")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "5", "T2": "4", "T3": "3", "T4": "3"})


def test_an_expired_token_does_not_hide_what_another_window_did(
    make_visitor: MakeVisitor,
) -> None:
    visitor = make_visitor(java_script_enabled=False)
    second = first_section_in_two_tabs(visitor)
    fill_first_section(visitor)
    for question in ("T1", "T2", "T3", "T4"):
        visitor.choose(question, "5", page=second)
    second.get_by_role("button", name="Save and continue").click()
    second.wait_for_url("**/quiz/2/")
    visitor.context.clear_cookies(name="csrftoken")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 403 .*/quiz/1/")
    visitor.press("Save and continue")
    visitor.expect_complaint(UNPROCESSABLE)
    expect(visitor.page.locator("#id_T4_error")).to_contain_text(
        re.compile("About the same.*Much more B")
    )


def test_a_choice_changed_while_its_save_is_under_way_is_no_other_window(
    visitor: Visitor,
) -> None:
    """The server has stored the first choice, its reply is on the way, and the visitor
    has gone on.
    """
    visitor.start("short")
    fill_first_section(visitor, but="T1")
    visitor.expect_saved("3 of 4 answers saved")
    held: list[Route] = []
    replies: list[APIResponse] = []

    def hold(route: Route) -> None:
        if "autosave" not in (route.request.post_data or "") or held:
            route.continue_()
        else:
            held.append(route)
            replies.append(route.fetch())

    visitor.page.route("**/quiz/1/", hold)
    visitor.choose("T1", "1")
    while not replies:
        visitor.page.wait_for_timeout(20)
    visitor.choose("T1", "4")
    visitor.page.get_by_role("button", name="Save and continue").click(
        no_wait_after=True
    )
    # Time enough for a page that would not wait for the reply.
    visitor.page.wait_for_timeout(300)
    held[0].fulfill(response=replies[0])
    visitor.page.wait_for_url("**/quiz/2/")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "4", "T2": "3", "T3": "3", "T4": "3"})


def test_pressing_continue_twice_saves_once_and_moves_one_section_on(
    make_visitor: MakeVisitor,
) -> None:
    for script in (True, False):
        visitor = make_visitor(java_script_enabled=script)
        visitor.start("short")
        for question in ("T1", "T2", "T3", "T4"):
            visitor.choose(question, "2")
        visitor.page.get_by_role("button", name="Save and continue").dblclick()
        visitor.page.wait_for_url("**/quiz/2/")
        visitor.go("/quiz/1/")
        visitor.expect_chosen({"T1": "2", "T2": "2", "T3": "2", "T4": "2"})


def test_pressing_finish_twice_makes_one_result(visitor: Visitor) -> None:
    visitor.start("short")
    visitor.answer_all("clear_short")
    visitor.server.let_minutes_pass()
    visitor.page.get_by_role(
        "button", name="Finish and see your result"
    ).first.dblclick()
    visitor.page.wait_for_url("**/quiz/result/")
    visitor.go("/quiz/data/")
    expect(visitor.page.get_by_role("link", name="Result 1")).to_have_count(1)
    expect(visitor.page.get_by_role("link", name="Result 2")).to_have_count(0)


def test_both_back_buttons_show_what_was_answered(visitor: Visitor) -> None:
    visitor.start("short")
    visitor.answer_section(answers_of("clear_short"))
    visitor.page.go_back()
    visitor.expect_path("/quiz/1/")
    visitor.expect_chosen({"T1": "1", "T2": "4", "T3": "4", "T4": "2"})
    visitor.choose("T1", "2")
    visitor.press("Save and continue")
    visitor.expect_path("/quiz/2/")
    visitor.choose("T5", "4")
    visitor.press("Back")
    visitor.expect_path("/quiz/1/")
    visitor.expect_chosen({"T1": "2", "T2": "4", "T3": "4", "T4": "2"})
    visitor.press("Save and continue")
    visitor.expect_chosen({"T5": "4"})


@pytest.mark.parametrize("token", ["gone", "foreign"])
def test_an_expired_token_keeps_the_choices_and_the_second_press_saves(
    make_visitor: MakeVisitor, token: str
) -> None:
    visitor = make_visitor(java_script_enabled=False)
    visitor.start("short")
    for question, button in answers_of("clear_short").items():
        if question in ("T1", "T2", "T3", "T4"):
            visitor.choose(question, button)
    visitor.context.clear_cookies(name="csrftoken")
    if token == "foreign":
        visitor.context.add_cookies(
            [{"name": "csrftoken", "value": "f" * 32, "url": visitor.server.url}]
        )
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 403 .*/quiz/1/")
    expect(visitor.page.locator(".error-summary")).to_be_visible()
    visitor.expect_chosen({"T1": "1", "T2": "4", "T3": "4", "T4": "2"})
    visitor.press("Save and continue")
    visitor.expect_path("/quiz/2/")


def test_an_autosave_refused_for_its_token_says_so_and_continue_mends_it(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    fill_first_section(visitor, but="T1")
    visitor.expect_saved("3 of 4 answers saved")
    visitor.context.clear_cookies(name="csrftoken")
    visitor.choose("T1", "2")
    visitor.expect_saved("Not saved yet. Press a button below to save.")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 403 .*/quiz/1/")
    visitor.press("Save and continue")
    visitor.expect_path("/quiz/2/")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "2", "T2": "3", "T3": "3", "T4": "3"})
