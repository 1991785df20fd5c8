"""How many clicks it takes until visitors see changed words, from the front page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Locator, Page, expect

from assessments.models import Version
from assessments.queries.versions import newest_version, questionnaire_of
from content import published
from content.models import Page as Article
from tests.support.browser import MAX_WAIT
from tests.support.coaching import signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Editor:
    """A browser of somebody with both rights; counts the clicks.

    Keys are not counted: they are what the editor types.
    """

    page: Page
    clicks: int = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            what.click()

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))

    def follow(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True))


@pytest.fixture
def editor(browser: Browser, transactional_db: None, live_server: Any) -> Iterator[Any]:
    context = browser.new_context(base_url=live_server.url)
    user = User.objects.create_superuser("ada", "ada@example.org", "a long phrase")
    session = signed_in_as(user).cookies["sessionid"].value
    context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(MAX_WAIT)
    yield Editor(page)
    context.close()


def test_typo_of_a_page_is_live_in_three_clicks(
    article: object, editor: Editor
) -> None:
    editor.page.goto("/admin/")
    editor.follow("Skills you need")
    editor.page.locator("#id_lead").fill("Without the typo.")
    editor.press("Publish…")
    expect(editor.page.locator(".change ins").first).to_contain_text("Without")
    editor.press("Publish this draft")
    expect(editor.page.locator(".messagelist .success")).to_be_in_viewport()
    assert editor.clicks == 3
    published.forget()
    skills = published.current().chapter("skills")
    assert skills is not None
    assert skills.document.lead == "Without the typo."
    assert Article.objects.get(slug="skills").versions.count() == 2


def test_reworded_question_is_live_in_seven_clicks_at_most(
    questionnaire: Version, editor: Editor
) -> None:
    words = "I like to plan the way to a goal."
    editor.page.goto("/admin/")
    editor.click(
        editor.page.locator("#content").get_by_role("link", name="Versions", exact=True)
    )
    editor.click(editor.page.locator("#result_list tbody th a").first)
    editor.press("Duplicate to a draft")
    editor.follow("T1")
    statement = editor.page.locator("#questions-0").get_by_role(
        "textbox", name="Statement"
    )
    statement.first.fill(words)
    editor.press("Publish…")
    expect(editor.page.locator(".differences")).to_contain_text(words)
    editor.press("Publish this draft")
    assert editor.clicks <= 7
    live = newest_version()
    assert live is not None
    assert live.number == questionnaire.number + 1
    questions = questionnaire_of(live).questions_of("full")
    [first] = [question for question in questions if question.id == "T1"]
    assert words in str(first)


def test_bar_stays_in_view_and_follows_what_the_script_saves(
    article: object, editor: Editor
) -> None:
    page = editor.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/admin/")
    editor.follow("Skills you need")
    bar = page.locator(".savebar")
    expect(bar).to_be_in_viewport(ratio=1)
    note = bar.locator("[data-words=note]")
    before = note.text_content()
    page.locator("#id_lead").fill("")
    expect(note).not_to_have_text(before or "")
    button = bar.locator("[data-words=last]")
    in_the_way = button.text_content()
    page.locator("#id_lead").fill("Words that the script saves.")
    expect(button).not_to_have_text(in_the_way or "")
    expect(bar.locator("[data-saved]")).to_contain_text("Saved")
    page.mouse.wheel(0, 100_000)
    expect(page.get_by_role("button", name="Add at the end")).to_be_in_viewport()
    expect(bar).to_be_in_viewport(ratio=1)


def test_preview_shows_what_is_typed_and_leads_back(
    article: object, editor: Editor
) -> None:
    editor.page.goto("/admin/")
    editor.follow("Skills you need")
    editor.page.locator("#id_lead").fill("Typed just now.")
    editor.press("Preview")
    expect(editor.page.get_by_text("Typed just now.")).to_be_visible()
    editor.follow("Back to the editor")
    expect(editor.page.locator("#id_lead")).to_have_value("Typed just now.")


def test_what_is_new_is_in_view_after_saving_from_the_foot_of_a_page(
    article: object, editor: Editor
) -> None:
    editor.page.goto("/admin/")
    editor.follow("Skills you need")
    editor.page.locator("#id_lead").fill("")
    editor.page.mouse.wheel(0, 100_000)
    editor.press("Save")
    expect(editor.page.locator(".messagelist .success")).to_be_in_viewport()
    expect(editor.page.locator(".findings.blocking li")).to_be_in_viewport()
