"""Without a connection the page says so, and saves once there is one again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.support.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_choice_made_offline_is_saved_once_online_without_a_press(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    visitor.choose("T1", "2")
    visitor.expect_saved("1 of 4 answers saved")
    visitor.context.set_offline(True)
    visitor.choose("T2", "5")
    visitor.expect_saved("Not saved yet: no connection. We’ll keep trying.")
    visitor.choose("T1", "4")
    visitor.context.set_offline(False)
    visitor.expect_saved("2 of 4 answers saved")
    visitor.expect_complaint("ERR_INTERNET_DISCONNECTED")
    visitor.page.reload()
    visitor.expect_chosen({"T1": "4", "T2": "5"})


def test_a_server_that_answers_with_an_error_is_tried_again(visitor: Visitor) -> None:
    visitor.start("short")
    failures = iter([503, 500])

    def fail(route: Route) -> None:
        status = next(failures, None)
        if status:
            route.fulfill(status=status, body="")
        else:
            route.continue_()

    visitor.page.route("**/quiz/1/", fail)
    visitor.choose("T1", "2")
    visitor.expect_saved("Not saved yet")
    visitor.expect_saved("1 of 4 answers saved")
    visitor.expect_complaint("status of 50[03]")
    visitor.page.reload()
    visitor.expect_chosen({"T1": "2"})


@pytest.mark.parametrize("failure", [503, None])
def test_the_page_is_not_left_before_its_choices_are_saved(
    visitor: Visitor, failure: int | None
) -> None:
    visitor.start("short")
    for question in ("T1", "T2", "T3"):
        visitor.choose(question, "2")
    visitor.expect_saved("3 of 4 answers saved")
    down = True

    def fail(route: Route) -> None:
        if not down:
            route.continue_()
        elif failure:
            route.fulfill(status=failure, body="")
        else:
            route.abort()

    visitor.page.route("**/quiz/1/", fail)
    visitor.choose("T4", "5")
    visitor.page.get_by_role("button", name="Save and continue").click()
    cause = "our server is having trouble" if failure else "no connection"
    visitor.expect_saved(f"Not saved yet: {cause}. We’ll keep trying.")
    visitor.expect_path("/quiz/1/")
    expect(visitor.page.locator("[data-saved]")).to_be_in_viewport()
    down = False
    visitor.expect_path("/quiz/2/")
    visitor.expect_complaint("status of 503|ERR_FAILED")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "2", "T2": "2", "T3": "2", "T4": "5"})


def test_an_own_try_that_failed_after_saving_is_no_other_window(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    lost = iter([True])

    def lose_the_reply(route: Route) -> None:
        if next(lost, False):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visitor.page.route("**/quiz/1/", lose_the_reply)
    visitor.choose("T1", "2")
    visitor.choose("T1", "5")
    for question in ("T2", "T3", "T4"):
        visitor.choose(question, "3")
    visitor.press("Save and continue")
    visitor.expect_path("/quiz/2/")
    visitor.expect_complaint("ERR_FAILED")
    visitor.go("/quiz/1/")
    visitor.expect_chosen({"T1": "5", "T2": "3", "T3": "3", "T4": "3"})
