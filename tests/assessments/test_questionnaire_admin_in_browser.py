"""The admin of the questionnaire in a real browser: wide and narrow, under the policy, with the keyboard in mind."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page

from assessments.actions.drafting import duplicate
from assessments.models import Question, Questionnaire, Version

from .staff import address, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYTHING = ("change_questionnaire", "add_questionnaire", "delete_questionnaire", "publish_questionnaire", "view_version")


@pytest.fixture
def draft(transactional_db: None) -> Questionnaire:
    """One with findings, so that the pages show them."""
    call_command("load_article", verbosity=0)
    call_command("load_questionnaire", verbosity=0)
    draft = duplicate(Version.objects.get())
    Question.objects.filter(section__questionnaire=draft, code="T3").update(statement="I never stop to look at it.", side="left")
    return draft


@pytest.fixture
def staff_page(page: Page, draft: Questionnaire, live_server: Any) -> Page:
    client: Client = signed_in("paula", *EVERYTHING)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_keep_the_policy_and_are_accessible(staff_page: Page, draft: Questionnaire, live_server: Any, width: int) -> None:
    said: list[str] = []
    staff_page.on("console", lambda message: said.append(message.text))
    staff_page.set_viewport_size({"width": width, "height": 900})
    for path in (
        address("questionnaire_change", draft.pk),
        address("section_change", draft.sections.get(position=1).pk),
        address("section_change", draft.sections.get(position=6).pk),
        address("questionnaire_publish", draft.pk),
        address("version_change", Version.objects.get().pk),
    ):
        staff_page.goto(live_server.url + path)
        assert said == [], path
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert [violation["id"] for violation in Axe().run(staff_page).response["violations"]] == [], path
        said.clear()  # axe tries styles of its own, which the policy refuses


def test_finding_leads_to_the_question_which_is_mended_and_one_is_added(staff_page: Page, draft: Questionnaire, live_server: Any) -> None:
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    staff_page.get_by_role("link", name="Question T3, project statement").click()
    question = staff_page.locator("#questions-2")
    assert question.get_by_label("Id:").input_value() == "T3"
    question.get_by_role("textbox", name="Statement").first.fill("I look for ways to make a task quicker.")
    question.get_by_label("Side:").select_option("right")
    staff_page.get_by_text("Add another Trade-off").click()
    added = staff_page.locator("#questions-4")
    added.get_by_label("Id:").fill("T99")
    added.get_by_label("Side:").select_option("left")
    for line, place, words in (("Risk management", 0, "I plan for rain."), ("Product vision", 1, "I dream of sun.")):
        added.get_by_label("Line of the article").nth(place).select_option(line)
        added.get_by_role("textbox", name="Statement").nth(place).fill(words)
    staff_page.get_by_role("button", name="Save", exact=True).click()
    assert staff_page.url.partition("#")[0] == live_server.url + address("questionnaire_change", draft.pk)
    assert draft.sections.get(position=1).questions.get(code="T99").position == 5
    assert staff_page.get_by_text("is a negation").count() == 0


def test_constant_of_a_finding_is_opened_by_its_link(staff_page: Page, draft: Questionnaire, live_server: Any) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(trade_off_weight="1/2")
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    field = staff_page.get_by_label("Share of the trade-offs")
    assert not field.is_visible()
    staff_page.get_by_role("link", name="Share of the trade-offs").click()
    field.wait_for(state="visible")
