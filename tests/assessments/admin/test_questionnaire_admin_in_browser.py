"""The admin of the questionnaire in a real browser.

Wide and narrow, under the policy, with the keyboard in mind.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from assessments.actions.drafts import duplicate
from assessments.actions.versions import assemble
from assessments.models import (
    PanelRating,
    Question,
    Questionnaire,
    RatingPanel,
    Version,
)
from content.models import Strength
from tests.support.articles import publish_drafted_words
from tests.support.browser import MAX_WAIT
from tests.support.browser.pages import COLOURS_ALONE, tab_to
from tests.support.loading import load
from tests.support.panel import rated
from tests.support.staff import address, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYTHING = (
    "change_questionnaire",
    "add_questionnaire",
    "delete_questionnaire",
    "publish_questionnaire",
    "view_version",
    "add_ratingpanel",
    "change_ratingpanel",
)
WATCH_PROGRESS = """() => {
  const progress = document.querySelector("progress");
  window.seen = [];
  new MutationObserver((records) =>
      records.forEach((record) => window.seen.push(record.oldValue)))
    .observe(progress, {
        attributes: true, attributeFilter: ["value"], attributeOldValue: true,
      });
}"""


@pytest.fixture
def draft(transactional_db: None) -> Questionnaire:
    """One with findings, so that the pages show them."""
    load("load_article")
    load("load_questionnaire")
    draft = duplicate(Version.objects.get())
    Question.objects.filter(section__questionnaire=draft, code="T3").update(
        statement="I never stop to look at it.", side="left"
    )
    Strength.objects.filter(slug="risk-management").update(name="Taming risk")
    publish_drafted_words()
    rated(draft, people=1)
    return draft


@pytest.fixture
def staff_page(page: Page, draft: Questionnaire, live_server: Any) -> Page:
    client: Client = signed_in("paula", *EVERYTHING)
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_keep_the_policy_and_are_accessible(
    staff_page: Page, draft: Questionnaire, live_server: Any, width: int
) -> None:
    said: list[str] = []
    staff_page.on("console", lambda message: said.append(message.text))
    staff_page.set_viewport_size({"width": width, "height": 900})
    for path in (
        address("questionnaire_change", draft.pk),
        address("section_change", draft.sections.get(position=1).pk),
        address("section_change", draft.sections.get(position=6).pk),
        address("questionnaire_changelist"),
        address("questionnaire_publish", draft.pk),
        address("questionnaire_coverage", draft.pk),
        address("questionnaire_panels", draft.pk),
        address("questionnaire_upload"),
        address("questionnaire_preview", draft.pk),
        address("version_compare") + f"?after=draft-{draft.pk}",
        f"/rate/{RatingPanel.objects.get().token}/",
        address("version_change", Version.objects.get().pk),
    ):
        staff_page.goto(live_server.url + path)
        assert said == [], path
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width, (
            path
        )
        assert [
            violation["id"]
            for violation in Axe().run(staff_page).response["violations"]
        ] == [], path
        said.clear()  # axe tries styles of its own, which the policy refuses


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_question_that_is_to_be_deleted_can_be_read(
    staff_page: Page, draft: Questionnaire, live_server: Any, scheme: Any
) -> None:
    staff_page.emulate_media(color_scheme=scheme)
    section = draft.sections.get(position=1)
    staff_page.goto(live_server.url + address("section_change", section.pk))
    staff_page.locator(".inline-related .delete input").first.check()
    found = Axe().run(staff_page, options=COLOURS_ALONE).response["violations"]
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (768, 900)])
def test_bar_is_in_sight_from_the_first_screen_to_the_last(
    staff_page: Page, draft: Questionnaire, live_server: Any, width: int, height: int
) -> None:
    """Findings and questions stand before the form, which is screens below."""
    staff_page.set_viewport_size({"width": width, "height": height})
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    publish = staff_page.locator(".savebar [name=_publish]")
    expect(publish).to_be_in_viewport(ratio=1)
    staff_page.locator("#id_name").scroll_into_view_if_needed()
    expect(publish).to_be_in_viewport(ratio=1)
    staff_page.locator("#id_note").fill("Look at T3.")
    with staff_page.expect_navigation():
        publish.click()
    expect(staff_page).to_have_url(
        live_server.url + address("questionnaire_publish", draft.pk)
    )
    draft.refresh_from_db()
    assert draft.note == "Look at T3."


def test_finding_leads_to_the_question_which_is_mended_and_one_is_added(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    staff_page.get_by_role("link", name="Question T3, project statement").click()
    question = staff_page.locator("#questions-2")
    expect(question.get_by_label("Id:")).to_have_value("T3")
    question.get_by_role("textbox", name="Statement").first.fill(
        "I look for ways to make a task quicker."
    )
    question.get_by_label("Side:").select_option("right")
    staff_page.get_by_text("Add another Trade-off").click()
    added = staff_page.locator("#questions-4")
    added.get_by_label("Id:").fill("T99")
    added.get_by_label("Side:").select_option("left")
    for line, place, words in (
        ("Taming risk", 0, "I plan for rain."),
        ("Product vision", 1, "I dream of sun."),
    ):
        added.get_by_label("Line of the article").nth(place).select_option(line)
        added.get_by_role("textbox", name="Statement").nth(place).fill(words)
    with staff_page.expect_navigation():
        staff_page.get_by_role("button", name="Save", exact=True).click()
    staff_page.get_by_role("link", name="The draft", exact=True).click()
    change = re.escape(live_server.url + address("questionnaire_change", draft.pk))
    expect(staff_page).to_have_url(re.compile(f"{change}(#.*)?"))
    assert draft.sections.get(position=1).questions.get(code="T99").position == 5
    expect(staff_page.get_by_text("is a negation")).to_have_count(0)


def test_constant_of_a_finding_is_opened_by_its_link(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    Questionnaire.objects.filter(pk=draft.pk).update(trade_off_weight="1/2")
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    field = staff_page.get_by_label("Weight of the trade-offs")
    expect(field).to_be_hidden()
    staff_page.get_by_role("link", name="Weight of the trade-offs").click()
    expect(field).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_rehearsal_shows_how_far_it_has_come_and_then_what_it_found(
    staff_page: Page,
    draft: Questionnaire,
    live_server: Any,
    few_people: int,
    width: int,
) -> None:
    Question.objects.filter(section__questionnaire=draft, code="T3").update(
        statement="I look for ways to make a task quick.", side="right"
    )
    said: list[str] = []
    staff_page.on("console", lambda message: said.append(message.text))
    staff_page.set_viewport_size({"width": width, "height": 900})
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    progress = staff_page.get_by_role("progressbar", name="Rehearsal progress")
    expect(progress).to_be_hidden()
    staff_page.evaluate(WATCH_PROGRESS)
    tab_to(staff_page, "button", "Rehearse the saved draft")
    staff_page.keyboard.press("Enter")
    expect(staff_page.locator(".page-tools [role=status]")).to_have_text(
        "Done. See below what would happen.", timeout=5 * MAX_WAIT
    )
    expect(progress).to_be_hidden()
    seen = [int(value) for value in staff_page.evaluate("window.seen") if value]
    # Each value that another took the place of.
    assert seen == list(range(500, 4 * few_people, 500))
    heading = staff_page.get_by_role("heading", name="What would happen")
    expect(heading).to_be_focused()
    expect(staff_page.get_by_role("row", name="Full, live version")).to_be_visible()
    assert said == []
    assert staff_page.evaluate("document.documentElement.scrollWidth") <= width
    assert [
        violation["id"] for violation in Axe().run(staff_page).response["violations"]
    ] == []


@pytest.mark.usefixtures("few_people")
def test_rehearsal_that_is_cut_off_says_so_and_can_be_repeated(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    cut = '{"done": 500, "people": 40000}\n'
    staff_page.route(
        "**/rehearse/",
        lambda route: route.fulfill(body=cut, content_type="application/x-ndjson"),
        times=1,
    )
    button = staff_page.get_by_role("button", name="Rehearse the saved draft")
    button.click()
    expect(staff_page.locator(".page-tools [role=status]")).to_contain_text(
        "The rehearsal stopped early."
    )
    button.click()
    expect(staff_page.locator(".page-tools [role=status]")).to_contain_text(
        "Done.", timeout=5 * MAX_WAIT
    )


def test_draft_that_cannot_be_rehearsed_says_why(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    Question.objects.filter(section__questionnaire=draft).delete()
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    staff_page.get_by_role("button", name="Rehearse the saved draft").click()
    expect(staff_page.locator(".messagelist .error")).to_have_count(1)


def test_rating_link_is_made_copied_rated_and_closed_with_the_keyboard(
    staff_page: Page, draft: Questionnaire, live_server: Any, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    RatingPanel.objects.all().delete()
    staff_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    staff_page.goto(live_server.url + address("questionnaire_panels", draft.pk))
    tab_to(staff_page, "button", "Make a rating link")
    staff_page.keyboard.press("Enter")
    tab_to(staff_page, "button", "Copy")
    staff_page.keyboard.press("Enter")
    expect(staff_page.get_by_role("button", name="Copied")).to_be_visible()
    link = staff_page.evaluate("navigator.clipboard.readText()")
    assert link == f"{live_server.url}/rate/{RatingPanel.objects.get().token}/"

    context = staff_page.context.browser.new_context(java_script_enabled=False)
    rater = context.new_page()
    rater.goto(link)
    for number in range(37):
        rater.keyboard.press("Tab")
        while rater.locator(f'input[name="s{number + 1}"]:focus').count() == 0:
            rater.keyboard.press("Tab")
        rater.keyboard.press("Space")
        if number == 0:
            rater.keyboard.press("ArrowRight")
    tab_to(rater, "button", "Send my ratings")
    rater.keyboard.press("Enter")
    expect(rater.get_by_role("heading", level=1)).to_have_text(
        "Thanks, we have your ratings"
    )
    assert PanelRating.objects.get().numbers == [2, *[1] * 36]
    context.close()

    staff_page.reload()
    expect(staff_page.get_by_text("1 rater, 37 statements. Open.")).to_be_visible()
    button = staff_page.get_by_role("button", name="Close the link made")
    button.click()
    expect(button).to_have_count(0)
    expect(staff_page.locator(".panels li")).to_contain_text("Closed")


def test_two_questionnaires_are_chosen_and_compared_with_the_keyboard(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    staff_page.goto(
        live_server.url + address("version_compare") + f"?after=draft-{draft.pk}"
    )
    rows = staff_page.locator(".differences tbody tr")
    everything = rows.count()
    tab_to(staff_page, "checkbox", "Show only differences:")
    staff_page.keyboard.press("Space")
    tab_to(staff_page, "button", "Compare")
    staff_page.keyboard.press("Enter")
    staff_page.wait_for_url("**only=on*")
    expect(rows).not_to_have_count(everything)
    expect(rows.first).to_be_visible()
    kinds = staff_page.locator(".differences td:last-child").all_inner_texts()
    assert set(kinds) == {"differs"}


@pytest.mark.parametrize("width", [320, 1280])
def test_draft_is_tried_with_the_keyboard_to_its_result(
    staff_page: Page, draft: Questionnaire, live_server: Any, width: int
) -> None:
    def look() -> None:
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width
        assert [
            violation["id"]
            for violation in Axe().run(staff_page).response["violations"]
        ] == []

    staff_page.set_viewport_size({"width": width, "height": 900})
    staff_page.goto(live_server.url + address("questionnaire_preview", draft.pk))
    staff_page.locator("input[name=form][value=short]").press("Space")
    for name in ("Start", "Continue"):
        with staff_page.expect_navigation():
            staff_page.get_by_role("button", name=name).press("Enter")
    expect(staff_page.locator(".error-summary")).to_be_focused()
    look()
    for button in ("Continue", "Continue", "See the result"):
        for group in staff_page.get_by_role("group").all():
            group.get_by_role("radio").first.press("Space")
            staff_page.keyboard.press("ArrowDown")
        look()
        with staff_page.expect_navigation():
            staff_page.get_by_role("button", name=button).press("Enter")
    # Faster than anybody reads, and the same button all the way.
    expect(staff_page.get_by_role("heading", level=1)).to_contain_text(
        "the same button 8 times in a row"
    )
    look()
    staff_page.get_by_role("button", name="Back to the questions").press("Enter")
    expect(
        staff_page.get_by_text("Section 3 of 3, questions 9 to 12 of 12")
    ).to_be_visible()
    expect(staff_page.get_by_role("radio", checked=True)).to_have_count(4)


def test_file_goes_out_and_in_and_a_faulty_one_is_told_of(
    staff_page: Page, draft: Questionnaire, live_server: Any
) -> None:
    staff_page.goto(live_server.url + address("questionnaire_change", draft.pk))
    with staff_page.expect_download() as taken:
        staff_page.get_by_role("button", name="Download this draft (JSON)").click()
    text = taken.value.path().read_text()
    staff_page.goto(live_server.url + address("questionnaire_changelist"))
    staff_page.get_by_role("link", name="Upload a questionnaire file").click()
    for content in (text.replace('"intro"', '"introduction"'), text):
        staff_page.get_by_label("Questionnaire file").set_input_files(
            {
                "name": "bank.json",
                "mimeType": "application/json",
                "buffer": content.encode(),
            }
        )
        staff_page.get_by_role("button", name="Make a draft from this file").click()
        if content != text:
            expect(staff_page.get_by_role("alert")).to_contain_text("intro: is missing")
            assert [
                violation["id"]
                for violation in Axe().run(staff_page).response["violations"]
            ] == []
    newest = Questionnaire.objects.latest("pk")
    assert staff_page.url == live_server.url + address(
        "questionnaire_change", newest.pk
    )
    assert assemble(newest) == assemble(draft)
