"""The coach's pages about people in a real browser.

On a phone and on a desk, in the dark, with the keyboard alone, without script.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from assessments.actions import attempts, clients, grants
from assessments.models import Coach, Invitation, NextStep, Participation, ShareLink
from tests.support.browser.pages import RULES, sign_in, tab_to
from tests.support.coaching import answer, invite, joined, make_coach
from tests.support.loading import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coach(transactional_db: None) -> Coach:
    for command in ("load_article", "load_questionnaire", "load_prompts"):
        load(command)
    return make_coach("Carla", by=User.objects.create_user("mara"))


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach, onward=True, label="Spring group")


@pytest.fixture
def ann(group: Invitation) -> Participation:
    """The first of four, with an earlier and a later result, two steps and a link."""
    ann = joined(group, "Ann", "clear_product")
    for name, example in (("Bo", "close"), ("Cem", "low_both"), ("Dev", "both")):
        joined(group, name, example)
    owner = ann.attempt.owner
    attempts.correct(owner.results.get(number=1))
    grants.agree_to_newer(ann, result=answer(owner, "lean_project"))
    clients.toggle_step(clients.add_step(ann, text="Ask two people"), done=True)
    clients.add_step(ann, text="Read chapter three")
    clients.make_onward_link(ann, scope="summary", label="A colleague", days=7)
    return ann


@pytest.fixture
def workspace(page: Page, coach: Coach, live_server: Any) -> Page:
    sign_in(page, coach, live_server.url)
    return page


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "light"), (768, "light"), (1280, "light"), (1280, "dark")],
)
def test_pages_fit_keep_the_policy_and_are_accessible(
    workspace: Page,
    group: Invitation,
    ann: Participation,
    live_server: Any,
    width: int,
    scheme: Any,
) -> None:
    said: list[str] = []
    workspace.on("console", lambda message: said.append(message.text))
    workspace.set_viewport_size({"width": width, "height": 900})
    workspace.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    later = Participation.objects.exclude(pk=ann.pk).get(name="Ann")
    for address in (
        reverse("coach_client", args=[ann.pk]),
        reverse("coach_client", args=[Participation.objects.get(name="Dev").pk]),
        reverse("coach_client_print", args=[ann.pk]),
        f"/coach/compare/?one={ann.pk}&two={later.pk}",
        "/coach/compare/",
        reverse("coach_picture", args=[group.pk]),
        reverse("coach_print", args=[group.pk]),
    ):
        workspace.goto(live_server.url + address)
        for details in workspace.locator("details").all():
            details.evaluate("details => { details.open = true; }")
        assert said == [], address
        assert workspace.evaluate("document.documentElement.scrollWidth") <= width, (
            address
        )
        violations = Axe().run(workspace, options=RULES).response["violations"]
        assert [
            (each["id"], each["nodes"][0]["html"][:200]) for each in violations
        ] == [], address
        said.clear()  # axe tries styles of its own, which the policy refuses


def test_coach_works_with_the_keyboard_alone_and_without_script(
    browser: Browser, coach: Coach, ann: Participation, live_server: Any
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, coach, live_server.url)
    page.goto(reverse("coach_client", args=[ann.pk]))

    tab_to(page, "button", "Mark as done (“Read chapter three”)")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert NextStep.objects.filter(done_at=None).count() == 0

    tab_to(page, "textbox", "A step")
    page.keyboard.type("Sit in on a planning meeting")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".checklist:not(.ideas) li")).to_have_count(3)

    tab_to(page, "button", "Show them to Ann")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Ann sees these steps with the result.")).to_be_visible()

    tab_to(page, "textbox", "Your notes")
    page.keyboard.type("Begin with school.")
    tab_to(page, "button", "Save my notes")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Your notes")).to_have_value("Begin with school.")

    tab_to(page, "button", "End this link (the link A colleague)")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert ShareLink.objects.get().revoked_at is not None

    page.goto("/coach/compare/")
    tab_to(page, "combobox", "First result")
    page.keyboard.type("Bo")
    tab_to(page, "combobox", "Second result")
    page.keyboard.type("Cem")
    tab_to(page, "button", "Compare")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bo and Cem")
    context.close()


def test_client_on_paper_has_the_guide_and_nothing_private_or_to_press(
    workspace: Page, ann: Participation, live_server: Any
) -> None:
    workspace.goto(live_server.url + reverse("coach_client", args=[ann.pk]))
    workspace.emulate_media(media="print")
    for private in ("#notes", "#links", "#steps .flow", "#steps button"):
        for each in workspace.locator(private).all():
            expect(each).to_be_hidden()
    expect(workspace.locator("#guide")).to_be_visible()
