"""Nothing answered is lost: killed servers, lost connections, two windows, old tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.assessments.taker import answers_of

from .server import Server
from .steps import answer_all, choose, finish, go_on, start


def checked(page: Page) -> dict[str, str]:
    return dict(page.locator("input[type=radio]:checked").evaluate_all("nodes => nodes.map(node => [node.name, node.value])"))


def test_answers_shown_as_saved_survive_a_killed_server(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    start(page)
    answer_all(page, "clear_project", sections=range(1))
    choose(page, {"T5": "2", "T6": "3"})
    expect(page.get_by_role("status")).to_have_text("2 of 4 answers saved.")
    server.kill()
    page.locator("input[name=T7][value='1']").check()
    expect(page.get_by_role("status")).to_contain_text("Not saved yet")
    server.start()
    expect(page.get_by_role("status")).to_have_text("3 of 4 answers saved.", timeout=30_000)
    page.reload()
    assert checked(page) == {"T5": "2", "T6": "3", "T7": "1"}
    answer_all(page, "clear_project", sections=range(5))
    finish(page, server)
    expect(page.locator("main")).to_contain_text("53 towards project")


def test_answers_chosen_offline_are_saved_once_the_connection_is_back(visit: Callable[..., Page]) -> None:
    page = visit()
    start(page)
    page.context.set_offline(True)
    page.locator("input[name=T1][value='1']").check()
    expect(page.get_by_role("status")).to_contain_text("Not saved yet")
    page.locator("input[name=T1][value='4']").check()
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("1 of 4 answers saved.", timeout=30_000)
    page.reload()
    assert checked(page) == {"T1": "4"}


def test_changing_ones_mind_quickly_keeps_the_last_choice(visit: Callable[..., Page]) -> None:
    page = visit()
    start(page)
    for value in ("1", "2", "3", "4", "5", "2"):
        page.locator(f"input[name=T1][value='{value}']").check()
    expect(page.get_by_role("status")).to_have_text("1 of 4 answers saved.")
    page.wait_for_timeout(700)
    page.reload()
    assert checked(page) == {"T1": "2"}


def test_two_tabs_that_disagree_are_shown_both_answers(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    start(page)
    other = page.context.new_page()
    other.goto("/quiz/1/")
    choose(page, {"T1": "1", "T2": "1", "T3": "3", "T4": "3"})
    go_on(page)
    choose(other, {"T1": "5", "T2": "1", "T3": "3", "T4": "3"})
    go_on(other)
    expect(other.get_by_role("alert")).to_contain_text("you chose “Much more B” here, but “Much more A” in another window")
    other.locator("input[name=T1][value='5']").check()
    go_on(other)
    other.wait_for_url("**/quiz/2/")
    page.goto("/quiz/1/")
    assert checked(page)["T1"] == "5"


def test_back_shows_what_was_answered(visit: Callable[..., Page]) -> None:
    page = visit()
    start(page)
    answer_all(page, "both", sections=range(1))
    page.get_by_role("button", name="Back").click()
    page.wait_for_url("**/quiz/1/")
    assert checked(page) == {question: value for question, value in answers_of("both").items() if question in ("T1", "T2", "T3", "T4")}
    page.go_back()
    page.go_forward()
    assert len(checked(page)) == 4


def test_double_click_on_continue_is_one_step(visit: Callable[..., Page]) -> None:
    page = visit()
    start(page)
    choose(page, answers_of("both"))
    page.get_by_role("button", name="Save and continue").dblclick()
    page.wait_for_url("**/quiz/2/")


def test_page_whose_token_is_gone_keeps_the_choices_and_works_at_the_second_press(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    start(page)
    choose(page, answers_of("both"))
    page.context.clear_cookies(name="csrftoken")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("nothing is lost")
    assert len(checked(page)) == 4
    go_on(page)
    page.wait_for_url("**/quiz/2/")


def test_unanswered_question_moves_the_focus_to_the_summary_and_its_links_to_the_question(visit: Callable[..., Page]) -> None:
    page = visit()
    start(page)
    choose(page, {"T1": "1", "T3": "2"})
    go_on(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_T2_0")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_log_of_the_server_holds_no_key_and_no_token(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    start(page)
    page.goto("/r/abcdefghijklmnopqrstuvwxyz/")
    log = Path(server.folder, "log").read_text()
    assert "abcdefghijkl" not in log
    assert "/r/…" in log
    assert not re.search(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}", log)
