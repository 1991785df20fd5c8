"""The coach's open pages follow what clients do, and say so when they no longer can."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from assessments.actions import grants
from assessments.models import Coach, Invitation, Participation
from tests.support.browser.pages import sign_in
from tests.support.coaching import answer, invite, join, joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true})"


@pytest.fixture
def group(live_coach: Coach) -> Invitation:
    return invite(live_coach, max_uses=4)


@pytest.fixture
def workspace(page: Page, live_coach: Coach, live_server: Any) -> Page:
    sign_in(page, live_coach, live_server.url)
    page.clock.install()
    return page


def expect_counts(page: Page, *counts: str) -> None:
    expect(page.locator("#counts dd")).to_have_text([*counts])


def let_a_round_pass(page: Page) -> None:
    """To the answer of the next fetch."""
    with page.expect_response(re.compile("/status/")):
        page.clock.fast_forward(5_000)


def asked_from(page: Page) -> list[str]:
    """What the page asks for from now on."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url) if "/status/" in request.url else None
        ),
    )
    return asked


def test_client_joins_in_another_browser_and_the_group_changes_without_reload(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.goto(f"{live_server.url}/coach/{group.pk}/")
    workspace.evaluate("window.same = true")
    expect(workspace.locator("#clients tr")).to_have_count(0)
    expect_counts(workspace, "0 of 4", "0", "0", "0")

    client = workspace.context.browser.new_context().new_page()
    client.goto(f"{live_server.url}/join/{group.code}/")
    client.locator("input[name=name]").fill("Ann")
    client.locator("input[name=agree]").check()
    client.locator("button[value=share]").click()
    client.wait_for_url("**/quiz/1/")
    client.context.close()

    let_a_round_pass(workspace)
    expect(workspace.get_by_role("row", name="Ann")).to_contain_text("Joined")
    expect_counts(workspace, "1 of 4", "1", "0", "0")
    expect(workspace.get_by_label("Sort by")).to_be_visible()

    ann = Participation.objects.get()
    answer(ann.attempt.owner)
    let_a_round_pass(workspace)
    expect(workspace.get_by_role("row", name="Ann")).to_contain_text(
        "53 toward project"
    )
    expect_counts(workspace, "1 of 4", "1", "1", "1")
    expect(workspace.get_by_role("link", name="The group on one scale")).to_be_visible()

    grants.withdraw(ann)
    let_a_round_pass(workspace)
    expect(workspace.locator("#clients tr")).to_have_count(0)
    assert workspace.evaluate("window.same")


def test_list_of_groups_follows_too(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.goto(f"{live_server.url}/coach/groups/")
    row = workspace.get_by_role("row", name="Spring course")
    expect(row.locator("td")).to_have_text(["open", "0 of 4", "0", "0", "0"])
    for name in ("Ann", "Ben", "Cem", "Dev"):
        join(group, name)
    let_a_round_pass(workspace)
    expect(row.locator("td")).to_have_text(["full", "4 of 4", "4", "0", "0"])


def test_list_of_people_follows_too(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    join(group, "Ann")
    workspace.goto(f"{live_server.url}/coach/")
    for name in ("Ben", "Cem"):
        join(group, name)
    answer(Participation.objects.get(name="Ann").attempt.owner)
    let_a_round_pass(workspace)
    names = workspace.locator("#people tbody th > a")
    expect(names).to_have_text(["Ann", "Cem", "Ben"])
    expect(workspace.get_by_role("row", name="Ann")).to_contain_text("Shared")
    expect(workspace.locator("#group-nav b")).to_have_text(["3", "3"])


def test_focus_scroll_and_choices_stay_where_they_are(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    joined(group, "Ann"), joined(group, "Ben")
    workspace.set_viewport_size({"width": 1000, "height": 300})
    workspace.goto(f"{live_server.url}/coach/{group.pk}/?sort=name")
    workspace.get_by_label("Outcome").select_option("both")
    workspace.get_by_role("link", name="Ben").focus()
    place = workspace.evaluate("scrollY")
    assert place > 0
    join(group, "Cem")
    let_a_round_pass(workspace)
    expect_counts(workspace, "3 of 4", "3", "2", "2")
    expect(workspace.get_by_role("link", name="Cem")).to_have_count(0)
    expect(workspace.locator(".updating span")).to_be_visible()
    expect(workspace.get_by_role("link", name="Ben")).to_be_focused()
    assert workspace.evaluate("scrollY") == place
    expect(workspace.get_by_label("Outcome")).to_have_value("both")

    workspace.get_by_label("Outcome").focus()
    let_a_round_pass(workspace)
    expect(workspace.get_by_role("link", name="Cem")).to_be_attached()
    expect(workspace.locator(".updating span")).to_be_hidden()
    expect(workspace.get_by_label("Outcome")).to_be_focused()


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/coach/", "#people tbody tr"),
        ("/coach/{group}/", "#clients tbody tr"),
        ("/coach/groups/", "#groups tbody tr"),
    ],
)
def test_row_stays_under_the_pointer_and_the_rest_comes_when_it_leaves(
    workspace: Page, group: Invitation, live_server: Any, address: str, rows: str
) -> None:
    joined(group, "Ann")
    workspace.goto(live_server.url + address.format(group=group.pk))
    row = workspace.locator(rows).first
    row.hover()
    before, place = row.inner_text(), row.bounding_box()
    joined(group, "Ben")
    let_a_round_pass(workspace)
    expect(workspace.locator("[data-held] .updating span")).to_be_visible()
    assert (row.inner_text(), row.bounding_box()) == (before, place)

    workspace.mouse.move(1, 1)
    let_a_round_pass(workspace)
    expect(workspace.locator("[data-held]")).to_have_count(0)
    expect(row).not_to_have_text(before, use_inner_text=True)


def test_coach_stops_updates_and_starts_them_again(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.goto(f"{live_server.url}/coach/{group.pk}/")
    stop = workspace.locator("[data-stop]")
    stop.check()
    asked = asked_from(workspace)
    workspace.clock.run_for(30_000)
    assert asked == []
    stop.uncheck()
    let_a_round_pass(workspace)


def test_nothing_is_put_in_place_of_what_has_not_changed(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    joined(group, "Ann")
    for address in (
        f"/coach/{group.pk}/?sort=name&outcome=clear_project",
        "/coach/groups/",
        "/coach/?status=shared",
    ):
        workspace.goto(live_server.url + address)
        workspace.evaluate("""() => {
            window.changes = 0;
            new MutationObserver((records) => { window.changes += records.length; })
      .observe(document.body, { childList: true, subtree: true });
        }""")
        let_a_round_pass(workspace)
        let_a_round_pass(workspace)
        assert workspace.evaluate("window.changes") == 0


def test_hidden_page_asks_nothing(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.goto(f"{live_server.url}/coach/{group.pk}/")
    asked = asked_from(workspace)
    workspace.evaluate(LOOK % "true")
    workspace.clock.run_for(30_000)
    assert asked == []
    workspace.evaluate(LOOK % "false")
    let_a_round_pass(workspace)


def test_page_whose_session_has_ended_says_so_stops_and_leads_back(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    address = f"/coach/{group.pk}/?sort=name"
    workspace.goto(live_server.url + address)
    Session.objects.all().delete()
    let_a_round_pass(workspace)
    expect(workspace.locator("[data-ended]")).to_be_visible()
    asked = asked_from(workspace)
    workspace.clock.run_for(30_000)
    assert asked == []
    workspace.get_by_role("link", name="Sign in again").click()
    expect(workspace.locator("input[name=next]").first).to_have_value(address)


def test_page_waits_out_a_lost_connection_and_a_server_that_restarts(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.goto(f"{live_server.url}/coach/{group.pk}/")
    workspace.route("**/status/**", lambda route: route.abort(), times=1)
    with workspace.expect_event("requestfailed"):
        workspace.clock.fast_forward(5_000)
    workspace.route(
        "**/status/**", lambda route: route.fulfill(status=503, body=""), times=1
    )
    let_a_round_pass(workspace)
    join(group, "Ann")
    let_a_round_pass(workspace)
    expect(workspace.get_by_role("link", name="Ann")).to_be_visible()
    expect(workspace.locator("[data-ended]")).to_be_hidden()


def test_without_script_the_page_says_the_same_after_a_reload(
    live_coach: Coach, group: Invitation, page: Page, live_server: Any
) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, live_coach, live_server.url)
    plain.goto(f"{live_server.url}/coach/{group.pk}/")
    join(group, "Ann")
    plain.reload()
    expect_counts(plain, "1 of 4", "1", "0", "0")
    expect(plain.get_by_role("row", name="Ann")).to_contain_text("Joined")
    expect(plain.locator("[data-stop]")).to_be_hidden()
    context.close()
