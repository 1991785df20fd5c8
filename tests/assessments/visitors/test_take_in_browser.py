"""Taking a result along in a browser: picture, share sheet, and to the call."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from assessments.models import ShareLink
from assessments.visitors.owner_cookie import COOKIE
from content.models import SiteWords
from tests.support.articles import publish_drafted_words
from tests.support.browser.pages import RULES
from tests.support.taker import Taker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ELSEWHERE = "https://calls.example.net/"
SHEET = """
navigator.share = async (shared) => { window.shared = shared; };
"""


@pytest.fixture
def open_page(
    visitor: Taker, live_server: Any, new_context: Callable[..., Any]
) -> Callable[..., Page]:
    """A page of the owner of a clear result, with or without script."""
    visitor.take("clear_project")

    def open_as_owner(path: str, *, script: bool = True, sheet: str = "") -> Page:
        context = new_context(java_script_enabled=script)
        cookie = {"name": COOKIE, "value": visitor.key, "url": live_server.url}
        context.add_cookies([cookie])
        if sheet:
            context.add_init_script(sheet)
        page: Page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return open_as_owner


def book_at(address: str) -> None:
    SiteWords.objects.update(booking_address=address)
    publish_drafted_words()


def test_picture_arrives_as_a_png_and_nothing_is_sent(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page("/quiz/result/")
    said: list[str] = []
    sent: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: sent.append(request.url))
    with page.expect_download() as download:
        page.locator("[data-picture]").click()
    assert download.value.suggested_filename == "rolefit-1.png"
    download.value.save_as(tmp_path / "card.png")
    data = (tmp_path / "card.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    # A blank picture of this size takes a few kilobytes.
    assert len(data) > 20_000
    # The browser may still ask for the icon of the page.
    allowed = ("data:", f"{page.evaluate('origin')}/static/")
    assert [url for url in sent if not url.startswith(allowed)] == []
    assert said == []


def test_buttons_that_need_script_are_hidden_without_it(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/quiz/result/", script=False)
    expect(page.locator(".take a")).to_be_visible()
    for button in page.locator(".take button").all():
        expect(button).to_be_hidden()


@pytest.mark.parametrize("sheet", [SHEET, "delete Navigator.prototype.share;"])
def test_new_link_is_offered_to_the_share_sheet_where_there_is_one(
    open_page: Callable[..., Page], sheet: str
) -> None:
    page = open_page("/quiz/result/", sheet=sheet)
    page.locator(".take a").click()
    page.locator("#make button").click()
    address = page.locator("#links .address input").input_value()
    assert address.endswith(f"/r/{ShareLink.objects.get().token}/")
    button = page.locator("#links [data-share]")
    if sheet != SHEET:
        expect(button).to_be_hidden()
        return
    button.click()
    assert page.evaluate("window.shared") == {"url": address}


@pytest.mark.parametrize("script", [True, False])
def test_ticked_choice_brings_the_result_to_the_booking_page(
    open_page: Callable[..., Page], script: bool
) -> None:
    book_at(f"{ELSEWHERE}?result={{result}}")
    page = open_page("/quiz/result/", script=script)
    page.context.route(f"{ELSEWHERE}**", booked)
    expect(page.locator(".bring button")).to_be_hidden()
    page.locator("#bring").focus()
    page.keyboard.press("Space")
    expect(page.locator(".bring .actions a")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ELSEWHERE}**")
    link = ShareLink.objects.get()
    assert page.url.endswith(f"%2Fr%2F{link.token}%2F")
    assert link.expires_at > timezone.now()
    page.go_back()
    expect(page.locator(".bring")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_choice_and_the_page_with_the_link_are_accessible(
    open_page: Callable[..., Page], scheme: Literal["light", "dark"]
) -> None:
    book_at(ELSEWHERE)
    page = open_page("/quiz/result/")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.locator("#bring").check()
    call = Axe().run(page, context=".part.call", options=RULES).response
    assert call["violations"] == []
    page.locator(".bring button").click()
    expect(page.locator("#address")).to_be_visible()
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_working_stays_within_four_and_a_half_phone_screens_beside_the_choice(
    open_page: Callable[..., Page],
) -> None:
    SiteWords.objects.update(
        call_text="Most people know soon, once they do the real work. You don’t have "
        "to figure it out alone: our team talks it through with you, for free."
    )
    publish_drafted_words()
    book_at(ELSEWHERE)
    page = open_page("/quiz/result/")
    page.set_viewport_size({"width": 360, "height": 780})
    expect(page.locator("#bring")).to_be_visible()
    top = page.locator("#working").evaluate("e => e.getBoundingClientRect().top")
    assert top + page.evaluate("scrollY") <= 4.5 * 780


def test_unticked_choice_leaves_a_plain_link(open_page: Callable[..., Page]) -> None:
    book_at(f"{ELSEWHERE}?result={{result}}")
    page = open_page("/quiz/result/", script=False)
    page.context.route(f"{ELSEWHERE}**", booked)
    page.locator(".bring .actions a").click()
    page.wait_for_url(f"{ELSEWHERE}?result=")
    assert not ShareLink.objects.exists()


def booked(route: Route) -> None:
    route.fulfill(body="<title>Booked</title>", content_type="text/html")
