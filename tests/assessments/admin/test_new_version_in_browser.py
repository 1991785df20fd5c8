"""An editor and a publisher bring out a new version in a real browser, and a result of
the old one stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from assessments.models import Questionnaire, ShareLink, Version
from tests.content.conftest import groups as groups  # noqa: PLC0414  the fixture
from tests.support.browser import MAX_WAIT
from tests.support.editing import member_of, sign_in
from tests.support.loading import load
from tests.support.snapshots import forget_snapshots
from tests.support.staff import address
from tests.support.taker import Taker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OLD, NEW = (
    "Before I start something, I list the steps it needs.",
    "Before I start, I note the steps and who does what.",
)


@pytest.fixture
def link(transactional_db: None, groups: None) -> ShareLink:
    """To a result that was given before anything is edited, with every answer."""
    for command in ("load_article", "load_questionnaire"):
        load(command)
    forget_snapshots()
    taker = Taker()
    taker.take("clear_project")
    taker.client.post(
        "/quiz/result/share/", {"label": "Coach", "scope": "answers", "days": "30"}
    )
    return ShareLink.objects.get()


@pytest.fixture
def open_as(browser: Browser, link: ShareLink, live_server: Any) -> Any:
    """A browser in which a member of that group is signed in; one without a group is a
    visitor's.
    """
    contexts, said = [], []

    def open_page(group: str | None) -> Page:
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        if group:
            session = sign_in(member_of(group)).cookies["sessionid"].value
            context.add_cookies(
                [{"name": "sessionid", "value": session, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def read(page: Page, link: ShareLink) -> str:
    """All words and numbers of the shared result, the folded ones and those inside the
    figures as well.
    """
    page.goto(f"/r/{link.token}/")
    return " ".join((page.locator("main").text_content() or "").split())


def edit_first_question(
    editor: Page, draft: Questionnaire, *, statement: str, side: str
) -> None:
    question = editor.locator("#questions-0")
    expect(question.get_by_label("Id:")).to_have_value("T1")
    question.get_by_role("textbox", name="Statement").first.fill(statement)
    question.get_by_label("Side:").select_option(side)
    with editor.expect_navigation():
        editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("link", name="The draft", exact=True).click()
    expect(editor.locator("#findings")).to_be_visible()


@pytest.mark.usefixtures("few_people")
def test_editor_mends_and_publisher_publishes_while_an_old_result_stays(
    open_as: Callable[..., Page], link: ShareLink
) -> None:
    editor, publisher, visitor = open_as("Editor"), open_as("Publisher"), open_as(None)
    json_before, page_before = (
        Client().get(f"/r/{link.token}.json").content,
        read(visitor, link),
    )
    assert OLD in page_before
    assert "53 toward" in page_before

    editor.goto(address("version_change", Version.objects.get().pk))
    editor.get_by_role("button", name="Duplicate to a draft").click()
    expect(editor.locator("#findings")).to_be_visible()
    draft = Questionnaire.objects.latest("pk")
    assert editor.url.endswith(address("questionnaire_change", draft.pk))
    findings = editor.locator("#findings + .inside")
    expect(findings.locator(".blocking")).to_have_count(0)

    # Break the balance, read what is found, and follow it back to where it can be
    # mended.
    editor.get_by_role("link", name="T1", exact=True).click()
    edit_first_question(editor, draft, statement=NEW, side="right")
    expect(findings.locator(".blocking li").first).to_be_visible()
    expect(findings.locator(".blocking")).to_contain_text(
        "“Planning and organization” must be on the left as often as on the right"
    )
    expect(findings.locator(".blocking")).to_contain_text(
        "in 3 of 8 trade-offs about strengths. Make it half."
    )
    editor.get_by_role("link", name="T1", exact=True).first.click()
    edit_first_question(editor, draft, statement=NEW, side="left")
    expect(findings.locator(".blocking")).to_have_count(0)

    editor.get_by_role("button", name="Rehearse the saved draft").click()
    expect(editor.locator(".page-tools [role=status]")).to_have_text(
        "Done. See below what would happen.", timeout=5 * MAX_WAIT
    )
    expect(editor.get_by_role("row", name="Full, live version")).to_be_visible()
    expect(editor.get_by_role("link", name="Publish the saved draft…")).to_have_count(0)
    assert editor.request.get(address("questionnaire_publish", draft.pk)).status == 403
    assert Version.objects.count() == 1

    publisher.goto(address("questionnaire_change", draft.pk))
    publisher.get_by_role("link", name="Publish the saved draft…").click()
    changes = publisher.locator(".differences")
    expect(changes).to_contain_text(OLD)
    expect(changes).to_contain_text(NEW)
    publisher.get_by_role("button", name="Publish this draft").click()
    expect(publisher.locator(".messagelist")).to_contain_text("Version 2 is live.")
    assert Version.objects.count() == 2

    visitor.goto("/quiz/")
    visitor.get_by_role("button", name="Start the questions").click()
    expect(visitor.get_by_text(NEW)).to_be_visible()
    assert Client().get(f"/r/{link.token}.json").content == json_before
    assert read(visitor, link) == page_before
