"""From the front page to a result that somebody else can read: by keyboard, without script, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.assessments.taker import answers_of

from .server import Server
from .steps import answer_all, choose, finish, fits, go_on, key_of, share, start, take


def tab_to(page: Page, condition: str) -> None:
    """Press Tab until the focused element meets a condition written in script."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"(node => {condition})(document.activeElement)"):
            return
    raise AssertionError(f"the keyboard never reached {condition}")


def press_button(page: Page, words: str) -> None:
    tab_to(page, f"['BUTTON', 'A'].includes(node.tagName) && node.textContent.trim().startsWith('{words}')")
    page.keyboard.press("Enter")


def test_full_form_with_the_keyboard_alone_shared_and_read_in_another_browser(visit: Callable[..., Page], server: Server) -> None:
    page = visit(viewport={"width": 320, "height": 700})
    page.goto("/")
    assert fits(page)
    press_button(page, "Start the questions")
    page.wait_for_url("**/quiz/")
    assert fits(page)
    press_button(page, "Start the questions")
    answers = answers_of("clear_project")
    for number in range(1, 7):
        page.wait_for_url(f"**/quiz/{number}/")
        assert fits(page)
        for question in page.locator("fieldset[id]").evaluate_all("nodes => nodes.map(node => node.id)"):
            tab_to(page, f"node.name === '{question}'")
            page.keyboard.press("Space")
            values = page.locator(f"input[name={question}]").evaluate_all("nodes => nodes.map(node => node.value)")
            for _ in range(values.index(answers[question])):
                page.keyboard.press("ArrowDown")
        press_button(page, "Save and continue")
    page.wait_for_url("**/quiz/review/")
    assert fits(page)
    server.take_time()
    press_button(page, "Finish and see your result")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers point clearly to project management.")
    assert fits(page)
    press_button(page, "Share a read-only link")
    page.wait_for_url("**/quiz/result/share/*")
    tab_to(page, "node.name === 'scope'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press_button(page, "Make the link")
    expect(page.get_by_role("status")).to_contain_text("The link is ready.")
    assert fits(page)
    address = page.get_by_role("textbox", name="Address of the link").input_value()
    other = visit(viewport={"width": 320, "height": 700})
    other.goto(address)
    expect(other.get_by_role("heading", level=1)).to_have_text("The answers point clearly to project management.")
    expect(other.locator("main")).to_contain_text("43.75 project and 9.375 project make 53.125 project exactly")
    assert fits(other)


def test_full_form_without_script(visit: Callable[..., Page], server: Server) -> None:
    page = visit(java_script_enabled=False)
    take(page, server, "lean_project")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers lean towards project management.")
    path = share(page, "With every answer")
    other = visit(java_script_enabled=False)
    other.goto(path)
    expect(other.get_by_role("heading", level=1)).to_have_text("The answers lean towards project management.")


def test_stopping_after_the_short_part_and_going_on_later(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    start(page)
    answer_all(page, "clear_project", sections=range(3))
    expect(page.get_by_role("heading", name="You can stop here")).to_be_visible()
    server.take_time()
    page.get_by_role("button", name="Stop here and see the result").click()
    expect(page.locator("main")).to_contain_text("A first reading from the short form")
    path = share(page)
    before = page.request.get(path[:-1] + ".json").body()
    page.goto("/quiz/result/")
    page.get_by_role("button", name="Answer 13 more questions").click()
    answer_all(page, "clear_project", sections=range(3))
    finish(page, server)
    expect(page.locator("main")).to_contain_text("25 of 25 questions answered")
    assert page.request.get(path[:-1] + ".json").body() == before
    page.goto("/quiz/result/share/")
    expect(page.locator("main")).to_contain_text("A newer result exists")


def test_correcting_one_answer_makes_a_new_result_and_leaves_the_shared_one(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    take(page, server, "clear_project")
    path = share(page, "With every answer")
    before = page.request.get(path[:-1] + ".json").body()
    page.goto("/quiz/review/")
    page.get_by_role("button", name="Change this answer to question 6").click()
    page.wait_for_url("**/quiz/2/#T6")
    page.locator("input[name=T6][value='1']").check()
    go_on(page)
    page.goto("/quiz/review/")
    finish(page, server)
    expect(page.locator("main")).to_contain_text("47 towards project")
    assert page.request.get(path[:-1] + ".json").body() == before


def test_coming_back_by_cookie_and_by_key_on_another_device(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    start(page)
    key = key_of(page)
    choose(page, answers_of("both"))
    go_on(page)
    page.goto("/")
    page.goto("/quiz/")
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url("**/quiz/2/")
    other = visit()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(f"/quiz/resume/#{key}")
    assert other.get_by_label("Your key").input_value() == key
    assert key not in other.url
    other.get_by_role("button", name="Open").click()
    other.get_by_role("link", name="Continue").click()
    other.wait_for_url("**/quiz/2/")
    assert not [url for url in asked if key.replace("-", "") in url.replace("-", "") and "#" not in url]
    other.goto("/quiz/")
    other.get_by_role("button", name="Finish and clear this computer").click()
    expect(other.locator("b.key")).to_have_text(key)
    other.goto("/quiz/2/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Where do your answers fall?")


def test_deleting_everything_ends_the_link_and_the_key(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    take(page, server, "both")
    path = share(page)
    page.goto("/quiz/data/")
    page.get_by_label("Yes, delete all of it for good").check()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.locator("main")).to_contain_text("1 result, 1 set of answers and 1 share link were deleted")
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.request.get(path).status == 404


def test_paper_has_every_line_of_the_sum_and_no_key(visit: Callable[..., Page], server: Server) -> None:
    page = visit()
    take(page, server, "clear_project")
    key = key_of(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.locator("main").inner_text()
    assert "37.5 × 14 ÷ 12 + 6.25 × (13 ÷ 4 − 7 ÷ 4)" in printed
    assert key not in printed
    assert "Share a read-only link" not in printed
