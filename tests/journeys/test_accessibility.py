"""Axe finds nothing on any kind of page, light or dark.

WCAG 2.2 AA with its target size, and axe's best practice.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.browser.pages import COLOURS_ALONE
from tests.support.browser.visitor import MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
CHAPTERS = (
    "difference",
    "project-management",
    "product-management",
    "in-practice",
    "working-together",
    "skills",
    "choosing",
    "future",
)
PUBLIC = [
    "/",
    *(f"/{chapter}/" for chapter in CHAPTERS),
    "/quiz/",
    "/quiz/resume/",
    "/method/",
    "/privacy/",
    "/accessibility/",
    "/call/",
]
RULES = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},
}
PHONE = {"width": 320, "height": 640}


def expect_accessible(visitor: Visitor) -> None:
    """Everything in the light, on a desk and on a phone; in the dark the colors, for
    nothing else differs there.
    """
    page = visitor.page
    page.emulate_media(
        color_scheme="light", reduced_motion="reduce"
    )  # or axe measures colors in the middle of a change
    for details in page.locator("details").all():
        details.evaluate("details => { details.open = true; }")
    desk = page.viewport_size
    assert desk is not None
    found = {"light": _violations(visitor, RULES)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = _violations(visitor, COLOURS_ALONE)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    found["phone"] = _violations(visitor, RULES)
    visitor.look()
    page.set_viewport_size(desk)
    assert found == {"light": [], "dark": [], "phone": []}, page.url


def _violations(visitor: Visitor, rules: dict[str, object]) -> list[str]:
    answer = Axe().run(visitor.page, options=rules).response
    return [
        f"{each['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for each in answer["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_page(visitor: Visitor, address: str) -> None:
    visitor.go(address)
    expect_accessible(visitor)


def test_sign_in_page(visitor: Visitor) -> None:
    visitor.go("/accounts/login/")
    expect_accessible(visitor)


def test_page_that_is_not_there(visitor: Visitor) -> None:
    visitor.go("/nowhere/")
    visitor.expect_complaint("status of 404 .*/nowhere/")
    expect_accessible(visitor)


def test_link_that_does_not_work(visitor: Visitor) -> None:
    visitor.go("/r/nothing/")
    visitor.expect_complaint("status of 404 .*/r/nothing/")
    expect_accessible(visitor)


def test_refused_form(visitor: Visitor) -> None:
    visitor.go("/quiz/")
    visitor.context.clear_cookies()
    visitor.press("Start the questions")
    visitor.expect_complaint("status of 403 .*/quiz/")
    visitor.expect_headline("Please try again")
    expect_accessible(visitor)


def test_sections_of_each_kind_and_the_overview_of_who_comes_back(
    visitor: Visitor,
) -> None:
    visitor.start("full")
    expect_accessible(visitor)
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 422 .*/quiz/1/")
    expect_accessible(visitor)
    for _ in range(2):
        visitor.answer_section(answers_of("clear_project"))
    expect_accessible(visitor)
    visitor.answer_section(answers_of("clear_project"))
    expect(visitor.page.locator(".offer")).to_have_count(1)
    expect_accessible(visitor)
    visitor.go("/quiz/")
    expect_accessible(visitor)


def test_section_that_another_window_has_changed_and_one_grown_old(
    visitor: Visitor,
) -> None:
    visitor.start("short")
    second = visitor.new_page()
    second.goto("/quiz/1/")
    visitor.choose("T1", "1", page=second)
    visitor.expect_saved("1 of 4", page=second)
    visitor.choose("T1", "5")
    visitor.expect_saved("Another window")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 422 .*/quiz/1/")
    expect_accessible(visitor)
    visitor.context.clear_cookies(name="csrftoken")
    visitor.press("Save and continue")
    visitor.expect_complaint("status of 403 .*/quiz/1/")
    expect_accessible(visitor)


def test_review_open_and_with_what_is_missing(visitor: Visitor) -> None:
    visitor.start("short")
    visitor.answer_section(answers_of("clear_short"))
    visitor.go("/quiz/1/?change=T1")
    expect_accessible(visitor)
    visitor.go("/quiz/review/")
    expect_accessible(visitor)
    visitor.press("Finish and see your result")
    visitor.expect_complaint("status of 422 .*/quiz/review/")
    expect_accessible(visitor)


@pytest.mark.parametrize(
    "example",
    [
        "clear_project",
        "lean_product",
        "close",
        "both",
        "low_both",
        "careless",
        "clear_short",
    ],
)
def test_result(visitor: Visitor, example: str) -> None:
    visitor.take(example)
    visitor.expect_path("/quiz/result/")
    expect_accessible(visitor)


def test_consent_that_is_sent_without_the_box(visitor: Visitor) -> None:
    visitor.take("clear_short")
    visitor.page.locator("#follow-up button[value=agree]").click()
    visitor.expect_complaint("status of 422 .*/follow-up/")
    expect(visitor.page.locator("h1")).to_have_count(1)
    expect_accessible(visitor)
    visitor.follow("Back to your result")
    visitor.expect_path("/quiz/result/1/")


def test_everything_around_a_result(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    visitor.take("clear_product")
    key = visitor.key()
    links = []
    for scope in ("summary", "strengths", "answers"):
        visitor.go("/quiz/result/")
        links.append(visitor.make_link(scope, label=f"For {scope}"))
    friend = make_visitor()
    for link in links:
        friend.go(link)
        expect_accessible(friend)
    visitor.press("End this link (the link For summary)")
    expect(visitor.page.locator(".link-list li")).to_have_count(2)
    expect_accessible(visitor)
    for address in (
        "/quiz/result/1/preview/summary/",
        "/quiz/review/",
        "/quiz/result/1/change/T1/",
        "/quiz/",
    ):
        visitor.go(address)
        expect_accessible(visitor)

    friend.start("short")
    friend.go("/quiz/resume/")
    friend.page.get_by_label("Your key").fill("too short")
    friend.press("Open")
    friend.expect_complaint("status of 422 .*/quiz/resume/")
    expect_accessible(friend)
    friend.page.get_by_label("Your key").fill(key)
    friend.press("Open")
    friend.expect_headline("Replace the key on this device?")
    expect_accessible(friend)
    friend.press("Yes, open mine here")
    friend.press("Clear this device")
    expect_accessible(friend)

    visitor.go("/quiz/data/")
    expect_accessible(visitor)
    visitor.press("Delete everything")
    visitor.expect_complaint("status of 422 .*/quiz/data/")
    expect_accessible(visitor)
    visitor.page.get_by_label("Yes, delete everything for good").check()
    visitor.press("Delete everything")
    visitor.expect_headline("Everything is deleted")
    expect_accessible(visitor)
