"""Leaving and coming back.

By cookie, by key on another device, and clearing a computer that others use.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browser.visitor import KEY, MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
COOKIE = "rolefit_key"


def started(visitor: Visitor) -> str:
    """One section done, then away. Returns the key."""
    visitor.start("short")
    key = visitor.key()
    assert KEY.fullmatch(key)
    visitor.answer_section(answers_of("clear_short"))
    visitor.choose("T5", "2")
    visitor.press("Save and leave")
    return key


def first_headline(visitor: Visitor) -> str:
    visitor.go("/quiz/result/")
    return visitor.headline()


def expect_no_key_in_requests(visitor: Visitor, key: str) -> None:
    """Nor in the log of the server, which writes down every address that it is asked
    for.
    """
    asked = " ".join([*visitor.requested, visitor.server.log.read_text()]).upper()
    for form in (key, key.replace("-", ""), key.replace("-", "%20")):
        assert form not in asked


def test_coming_back_by_cookie_continues_where_it_stopped(visitor: Visitor) -> None:
    key = started(visitor)
    visitor.page.close()
    visitor.page = visitor.new_page()
    visitor.go("/")
    visitor.go("/quiz/")
    visitor.expect_headline("Welcome back")
    visitor.expect_key(key)
    visitor.follow("Continue")
    visitor.expect_path("/quiz/2/")
    visitor.expect_chosen({"T5": "2"})


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_a_key_typed_carelessly_opens_the_answers_on_another_device(
    make_visitor: MakeVisitor, script: bool
) -> None:
    key = started(make_visitor())
    other = make_visitor(java_script_enabled=script)
    other.go("/quiz/resume/")
    other.page.get_by_label("Your key").fill(
        f"  {key.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}"
    )
    other.press("Open")
    other.expect_headline("Welcome back")
    other.follow("Continue")
    other.expect_chosen({"T5": "2"})
    expect_no_key_in_requests(other, key)


def test_a_key_behind_the_hash_sign_never_reaches_the_server_in_an_address(
    make_visitor: MakeVisitor,
) -> None:
    key = started(make_visitor())
    other = make_visitor()
    other.go(f"/quiz/resume/#{key}")
    expect(other.page.get_by_label("Your key")).to_have_value(key)
    other.expect_path("/quiz/resume/")  # gone from the bar and from the history
    other.press("Open")
    other.expect_key(key)
    expect_no_key_in_requests(other, key)


def test_a_key_from_the_visitors_own_mail_opens_a_finished_result_with_one_press(
    make_visitor: MakeVisitor,
) -> None:
    first, other = make_visitor(), make_visitor()
    first.take("clear_short")
    first.go("/quiz/")
    mail = first.page.get_by_role("link", name="Send it to myself")
    address = mail.get_attribute("href") or ""
    [text] = parse_qs(urlsplit(address).query)["body"]
    [link] = [word for word in text.split() if "#" in word]
    other.go(link)
    other.press("Open")
    other.expect_path("/quiz/result/")
    other.expect_headline(first_headline(first))
    expect_no_key_in_requests(other, first.key())


def test_copy_button_puts_the_key_on_the_clipboard(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(permissions=["clipboard-read", "clipboard-write"])
    started(visitor)
    visitor.go("/quiz/2/")
    visitor.page.get_by_role("button", name="Copy").click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.key()


def test_copy_that_the_browser_refuses_selects_the_key_and_says_so(
    visitor: Visitor,
) -> None:
    started(visitor)
    visitor.go("/quiz/2/")
    visitor.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    visitor.page.get_by_role("button", name="Copy").click()
    expect(visitor.page.locator("[data-copy]")).to_contain_text("Selected")
    assert visitor.page.evaluate("`${getSelection()}`") == visitor.key()


def test_a_text_behind_the_hash_sign_that_is_no_key_does_no_harm(
    visitor: Visitor,
) -> None:
    visitor.go("/quiz/resume/#%E0%A4%A")
    expect(visitor.page.get_by_label("Your key")).to_have_value("%E0%A4%A")
    visitor.expect_path("/quiz/resume/")


def test_a_device_that_holds_somebody_elses_key_asks_first(
    make_visitor: MakeVisitor,
) -> None:
    first, second = make_visitor(), make_visitor()
    key, other_key = started(first), started(second)
    second.go("/quiz/resume/")
    second.page.get_by_label("Your key").fill(key)
    second.press("Open")
    second.expect_headline("Replace the key on this device?")
    second.follow("No, leave it")
    second.expect_key(other_key)
    second.go("/quiz/resume/")
    second.page.get_by_label("Your key").fill(key)
    second.press("Open")
    second.press("Yes, open mine here")
    second.expect_key(key)


def test_finish_and_clear_leaves_nothing_behind_on_this_computer(
    visitor: Visitor,
) -> None:
    visitor.take("clear_short")
    figures = visitor.figures()
    key = visitor.key()
    visitor.press("Clear this device")
    visitor.expect_headline("This device is clear")
    visitor.expect_key(key)
    assert COOKIE not in {cookie["name"] for cookie in visitor.context.cookies()}
    visitor.page.go_back()
    visitor.expect_path("/quiz/")  # the result is not in the browser's memory
    assert key not in visitor.page.content()
    visitor.go("/quiz/result/")
    visitor.expect_path("/quiz/")
    visitor.go("/quiz/resume/")
    visitor.page.get_by_label("Your key").fill(key)
    visitor.press("Open")
    visitor.expect_path("/quiz/result/")
    visitor.expect_figures(figures)


def test_a_shared_computer_forgets_when_the_browser_closes(visitor: Visitor) -> None:
    visitor.go("/quiz/")
    visitor.page.get_by_label("This is a shared computer").check()
    visitor.press("Start the questions")
    (cookie,) = [
        cookie for cookie in visitor.context.cookies() if cookie["name"] == COOKIE
    ]
    assert cookie["expires"] == -1
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"


def test_log_of_the_server_holds_no_key_and_no_token(visitor: Visitor) -> None:
    visitor.start()
    token = "abcdefghjkmnpqrstvwxyz0123"
    visitor.page.goto(f"/r/{token}/")
    visitor.expect_complaint("404")
    log = visitor.server.log.read_text()
    assert "/r/…" in log
    assert token not in log
    assert KEY.search(log) is None
