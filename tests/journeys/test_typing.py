"""What staff and coaches type is not lost: two people at once, and one who leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from assessments.actions.drafts import duplicate
from assessments.models import Coach, Participation
from assessments.models import Section as QuestionSection
from content.models import Page as Article
from content.models import ProseBlock, SiteWords
from tests.support.coaching import invite, joined, make_coach, signed_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenAs = Callable[..., Page]


@pytest.fixture
def ada(transactional_db: None) -> User:
    return User.objects.create_superuser("ada", "ada@example.org", "a long phrase")


@pytest.fixture
def ben(transactional_db: None) -> User:
    return User.objects.create_superuser("ben", "ben@example.org", "a long phrase")


@pytest.fixture
def open_as(browser: Browser, live_server: Any) -> Iterator[OpenAs]:
    """A window in which somebody is signed in; two of one person are two tabs."""
    contexts: dict[int, Any] = {}

    def open_page(user: User, address: str) -> Page:
        if user.pk not in contexts:
            contexts[user.pk] = browser.new_context(base_url=live_server.url)
            session = signed_in_as(user).cookies["sessionid"].value
            contexts[user.pk].add_cookies(
                [{"name": "sessionid", "value": session, "url": live_server.url}]
            )
        page: Page = contexts[user.pk].new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts.values():
        context.close()


def change(row: Any) -> str:
    return reverse(
        f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]
    )


# The button that saves and stays: of the bar, or of a plain form of the admin.
STAYS = re.compile("^Save( and continue editing)?$")


def press(page: Page, name: str | re.Pattern[str] = STAYS) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def both(open_as: OpenAs, ada: User, ben: User, address: str) -> tuple[Page, Page]:
    return open_as(ada, address), open_as(ben, address)


@pytest.mark.parametrize(
    ("kept", "label"), [("Ben", "Keep my text"), ("Ada", "Use the saved text")]
)
def test_two_editors_of_one_page(
    article: object, ada: User, ben: User, open_as: OpenAs, kept: str, label: str
) -> None:
    row = Article.objects.get(slug="skills")
    of_ada, of_ben = both(open_as, ada, ben, change(row))
    of_ada.locator("#id_lead").fill("Lead of Ada")
    press(of_ada)
    # The message is in view.
    expect(of_ada.locator(".messagelist .success")).to_be_in_viewport()
    of_ben.locator("#id_lead").fill("Lead of Ben")
    of_ben.locator("#id_title").fill("Title of Ben")
    press(of_ben)
    expect(of_ben.locator(".both-stored")).to_have_text("Lead of Ada")
    expect(of_ben.locator("#id_lead")).to_have_value("Lead of Ben")
    of_ben.get_by_label(label).check()
    press(of_ben)
    row.refresh_from_db()
    assert (row.lead, row.title) == (f"Lead of {kept}", "Title of Ben")


def test_block_deleted_meanwhile_is_put_back(
    article: object, ada: User, ben: User, open_as: OpenAs
) -> None:
    row = Article.objects.get(slug="difference")
    block = ProseBlock.objects.filter(parent=row).first()
    assert block is not None
    of_ada, of_ben = both(open_as, ada, ben, change(row))
    of_ada.locator("input[name$='proseblock_set-0-DELETE']").check(force=True)
    press(of_ada)
    heading = of_ben.locator("#id_content_proseblock_set-0-heading")
    heading.fill("Heading of Ben")
    press(of_ben)
    assert not ProseBlock.objects.filter(pk=block.pk).exists()
    of_ben.get_by_label("Restore it").check()
    press(of_ben)
    back = ProseBlock.objects.get(parent=row, heading="Heading of Ben")
    assert back.text == block.text


def test_two_editors_of_one_section(
    questionnaire: Any, ada: User, ben: User, open_as: OpenAs
) -> None:
    draft_section = duplicate_section(questionnaire)
    of_ada, of_ben = both(open_as, ada, ben, change(draft_section))
    of_ada.locator("#id_questions-0-statement").fill("Ada words this one")
    press(of_ada)
    of_ben.locator("#id_questions-1-statement").fill("Ben words the next")
    press(of_ben)
    words = [question.statement for question in draft_section.questions.all()[:2]]
    assert words == ["Ada words this one", "Ben words the next"]
    expect(of_ben.locator(".messagelist .warning")).to_contain_text("Statement")


def duplicate_section(version: Any) -> QuestionSection:
    section: Any = duplicate(version).sections.order_by("position").first()
    return section


def test_two_editors_of_the_words_of_the_site(
    article: object, ada: User, ben: User, open_as: OpenAs
) -> None:
    of_ada, of_ben = both(open_as, ada, ben, change(SiteWords.objects.get()))
    of_ada.locator("#id_footer").fill("Footer of Ada")
    press(of_ada)
    of_ben.locator("#id_footer").fill("Footer of Ben")
    press(of_ben)
    assert SiteWords.objects.get().footer == "Footer of Ada"
    of_ben.get_by_label("Keep my text").check()
    press(of_ben)
    assert SiteWords.objects.get().footer == "Footer of Ben"


def test_page_draft_saves_itself_and_leaving_asks_before(
    article: object, ada: User, open_as: OpenAs
) -> None:
    row = Article.objects.get(slug="skills")
    page = open_as(ada, change(row))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#id_lead").click()
    page.keyboard.type("Typed: ")
    page.evaluate("location.href = '/admin/'")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    said = page.locator("[data-saved]")
    expect(said).to_contain_text("Saved", timeout=15_000)
    row.refresh_from_db()
    assert "Typed:" in row.lead
    # Now nothing is unsaved.
    with page.expect_navigation():
        page.evaluate("location.href = '/admin/'")
    assert asked == ["beforeunload"]


def test_new_block_saves_itself_once(
    article: object, ada: User, open_as: OpenAs
) -> None:
    row = Article.objects.get(slug="skills")
    before = ProseBlock.objects.filter(parent=row).count()
    page = open_as(ada, change(row))
    page.get_by_label("Kind of block").select_option(label="Text")
    page.get_by_role("button", name="Add at the end").click()
    new = page.locator(
        ".order-machine .inline-related:not(.has_original):not(.empty-form)"
    )
    new.locator("[name$=-heading]").fill("A new block")
    new.get_by_role("textbox", name="Text").click()
    page.keyboard.type("First words")
    said = page.locator("[data-saved]")
    expect(said).to_contain_text("Saved", timeout=15_000)
    saved = page.locator(".has_original").filter(has=page.locator(".ProseMirror")).last
    expect(saved.locator(".inline-deletelink")).to_have_count(0)
    page.locator("#id_title").fill("Title after that")
    press(page)
    assert ProseBlock.objects.filter(parent=row).count() == before + 1
    assert ProseBlock.objects.get(heading="A new block").text == "<p>First words</p>"


@pytest.fixture
def grant(questionnaire: object, transactional_db: None, ada: User) -> Participation:
    return joined(invite(make_coach("Carla", by=ada), onward=True))


def test_coach_in_two_tabs(grant: Participation, open_as: OpenAs) -> None:
    user = Coach.objects.get().user
    assert user is not None
    address = reverse("coach_client", args=[grant.pk])
    one, two = open_as(user, address), open_as(user, address)
    one.get_by_label("Your notes").fill("From the first tab")
    expect(one.locator("[data-saved]")).to_contain_text("Saved", timeout=15_000)
    two.get_by_label("Your notes").fill("From the second tab")
    expect(two.locator("[data-saved]")).to_contain_text("Not saved", timeout=15_000)
    press(two, "Save my notes")
    expect(two.locator(".both-stored")).to_have_text("From the first tab")
    expect(two.get_by_label("Your notes", exact=True)).to_have_value(
        "From the second tab"
    )
    two.get_by_label("Keep my text").check()
    press(two, "Save my notes")
    expect(two.locator("#notes .notice")).to_be_in_viewport()
    grant.refresh_from_db()
    assert grant.notes == "From the second tab"


def test_what_is_undone_while_a_save_is_under_way_is_saved(
    grant: Participation, open_as: OpenAs
) -> None:
    user = Coach.objects.get().user
    assert user is not None
    page = open_as(user, reverse("coach_client", args=[grant.pk]))
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    address = reverse("coach_notes", args=[grant.pk])
    saving = f"**{address}"
    page.route(saving, hold_first)
    notes = page.get_by_label("Your notes")
    with page.expect_request(saving):
        notes.fill("Typed by mistake")
    notes.fill("")
    with page.expect_response(saving):
        held[0].continue_()
    with page.expect_response(saving):
        pass  # the second save
    grant.refresh_from_db()
    assert grant.notes == ""


def test_other_forms_of_the_page_lose_no_text(
    grant: Participation, open_as: OpenAs
) -> None:
    user = Coach.objects.get().user
    assert user is not None
    page = open_as(user, reverse("coach_client", args=[grant.pk]))
    page.get_by_label("Your notes").fill("Typed during the talk")
    page.get_by_label("A step").fill("Call a friend")
    press(page, "Make the link")
    expect(page.get_by_label("Your notes")).to_have_value("Typed during the talk")
    expect(page.get_by_label("A step")).to_have_value("Call a friend")
    # Notes save themselves; a step does not, and leaving asks.
    page.get_by_label("Your notes").fill("Typed in the talk")
    expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=15_000)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.href = '/coach/'")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    press(page, "Add the step")
    grant.refresh_from_db()
    assert grant.notes == "Typed in the talk"
    assert [step.text for step in grant.steps.all()] == ["Call a friend"]


def test_no_button_loses_text_without_script(
    grant: Participation, browser: Browser, live_server: Any
) -> None:
    user = Coach.objects.get().user
    assert user is not None
    session = signed_in_as(user).cookies["sessionid"].value
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(reverse("coach_client", args=[grant.pk]))
    page.get_by_label("Your notes").fill("Typed in the talk")
    page.get_by_label("Who is it for?").fill("Cem")
    page.get_by_label("A step").fill("Call a friend")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Who is it for?")).to_have_value("Cem")
    grant.refresh_from_db()
    assert grant.notes == "Typed in the talk"
    assert [step.text for step in grant.steps.all()] == ["Call a friend"]
    context.close()


def test_session_that_ended_costs_no_text(
    article: object, ada: User, open_as: OpenAs
) -> None:
    page = open_as(ada, change(SiteWords.objects.get()))
    page.locator("#id_footer").fill("Typed for an hour")
    page.context.clear_cookies(name="sessionid")
    press(page)
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute(
        "target", "_blank"
    )
    session = signed_in_as(ada).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": page.url}])
    # A sign-in makes a new token, too.
    page.context.clear_cookies(name="csrftoken")
    page.context.new_page().goto(
        page.url.replace(change(SiteWords.objects.get()), "/admin/")
    )
    press(page, "Save now")
    assert SiteWords.objects.get().footer == "Typed for an hour"
