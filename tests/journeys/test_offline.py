"""Without a connection the page says so, and saves once there is one again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

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
