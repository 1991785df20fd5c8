"""From the front page to a friend who reads the shared result, under each condition
that docs/architecture.md promises to serve.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import keyboard
from tests.support.browser.visitor import KEY, SECTIONS, MakeVisitor, Visitor
from tests.support.taker import answers_of

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}


def expect_same_result(
    friend: Visitor, link: str, headline: str, figures: list[str]
) -> None:
    """The friend has no cookie of the owner's and gets none."""
    friend.go(link)
    friend.expect_headline(headline)
    friend.expect_figures(figures)
    assert friend.context.cookies() == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_with_the_keyboard_alone(
    make_visitor: MakeVisitor, viewport: dict[str, int]
) -> None:
    visitor = make_visitor(viewport=viewport)
    visitor.go("/")
    keyboard.press_enter(visitor, 'main a[href="/quiz/"], nav a[href="/quiz/"]')
    keyboard.press_enter(visitor, 'button[name=form][value="full"]')
    answers = answers_of("clear_project")
    for number in range(1, SECTIONS["full"] + 1):
        visitor.expect_path(f"/quiz/{number}/")
        for fieldset in visitor.page.locator("fieldset.trade-off").all():
            question = fieldset.get_attribute("id") or ""
            keyboard.choose(visitor, question, answers[question])
        if number == SECTIONS["full"]:
            visitor.server.let_minutes_pass()
            keyboard.press_enter(visitor, "button[value=finish]")
        else:
            keyboard.press_enter(visitor, "button[value=continue]")
    headline, figures = visitor.headline(), visitor.figures()
    assert headline == "Your answers point clearly to project management."
    keyboard.press_enter(visitor, 'a[href^="/quiz/result/share/"]')
    keyboard.choose(visitor, "scope", "answers")
    keyboard.press_enter(visitor, 'form[action^="/quiz/result/share/"] button')
    link = visitor.page.locator(".link-list input").first.input_value()
    expect_same_result(
        make_visitor(viewport=viewport), link, headline.replace("Your", "The"), figures
    )


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_with_script_switched_off(
    make_visitor: MakeVisitor, viewport: dict[str, int]
) -> None:
    visitor = make_visitor(java_script_enabled=False, viewport=viewport)
    visitor.go("/")
    visitor.page.locator('a[href="/quiz/"]').first.click()
    visitor.look()
    visitor.press("Start the questions")
    assert KEY.fullmatch(visitor.key())
    visitor.answer_all("both")
    visitor.finish()
    headline, figures = visitor.headline(), visitor.figures()
    assert headline == "You’d enjoy both, and your choices don’t separate them."
    link = visitor.make_link("answers")
    friend = make_visitor(java_script_enabled=False, viewport=viewport)
    expect_same_result(
        friend,
        link,
        "This person would enjoy both, and their choices don’t separate the two.",
        figures,
    )


def test_every_page_of_the_article_fits_a_phone(make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(viewport=PHONE)
    visitor.go("/")
    chapters = [
        link.get_attribute("href") or ""
        for link in visitor.page.locator("#contents a").all()
    ]
    assert len(chapters) == 8
    for address in [
        *chapters,
        "/method/",
        "/privacy/",
        "/accessibility/",
        "/quiz/resume/",
        "/accounts/login/",
    ]:
        visitor.go(address)
        expect(visitor.page.locator("h1")).to_have_count(1)
