"""From signed in to thirty invitations in thirty mailboxes, and every page on the way.

Each page fits, keeps to the policy, and axe finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.actions import personal_links
from assessments.actions.personal_links import Person
from assessments.models import Coach, Invitation, PersonalLink
from tests.support.browser.pages import sign_in
from tests.support.browser.reader import Reader
from tests.support.coaching import invite
from tests.support.smtp import real_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAX_CLICKS = 6
THIRTY = "\n".join(
    f"Person {number} <person{number}@example.org>" for number in range(30)
)


@pytest.fixture
def reader(browser: Browser, live_server: Any, live_coach: Coach) -> Iterator[Reader]:
    context = browser.new_context(reduced_motion="reduce")
    reader = Reader(context, live_server.url)
    sign_in(reader.page, live_coach, reader.url)
    yield reader
    context.close()
    assert reader.faults == []


def paste(page: Page, text: str) -> None:
    """Into what has the focus, as from a clipboard."""
    page.keyboard.insert_text(text)


def test_thirty_invitations_take_six_clicks_and_one_paste(
    page: Page, live_server: Any, live_coach: Coach
) -> None:
    sign_in(page, live_coach, live_server.url)
    page.goto(f"{live_server.url}/coach/")
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        clicks += 1
        page.locator(selector).first.click()

    with real_mail() as server:
        click("main a[href='/coach/new/']")
        click("[name=label]")
        page.keyboard.type("Spring course")
        click("button[value=names]")
        expect(page.locator("[name=names]")).to_be_focused()
        paste(page, THIRTY)
        click("button[value=check]")
        click("button[value=invite]")
        click("button[value=send]")
        expect(page.locator("button[value=send]")).to_have_count(0)
        assert clicks <= MAX_CLICKS
        assert sorted(mail.to[0] for mail in server.received) == sorted(
            f"person{number}@example.org" for number in range(30)
        )
        assert server.connections == 1
    codes = set(PersonalLink.objects.values_list("code", flat=True))
    assert len(codes) == 30
    for mail in server.received:
        assert sum(f"/join/{code}/" in mail.body for code in codes) == 1
    group = Invitation.objects.get()
    page.goto(f"{live_server.url}/coach/{group.pk}/")
    expect(page.locator("#not-started li")).to_have_count(30)


def test_pages_of_inviting(reader: Reader, live_coach: Coach) -> None:
    group = invite(live_coach, label="Spring course with a long name " + "x" * 40)
    address = f"/coach/{group.pk}"
    reader.look(f"{address}/names/")
    reader.press("button[value=check]")
    reader.page.locator("[name=names]").fill(
        "Ada Lovelace <ada@example.org>\nBen\nx@\n" + "W" * 60
    )
    reader.press("button[value=check]")
    reader.press("button[value=invite]")
    reader.page.locator("[name=text]").fill("No link")
    reader.press("button[value=save]")
    reader.look(f"{address}/invited/")
    reader.look(f"{address}/")
    reader.look("/coach/settings/")
    reader.press("main form button.button")


def test_pages_of_somebody_invited(reader: Reader, live_coach: Coach) -> None:
    personal_links.invite_people(
        invite(live_coach), [Person("Ada", "ada@example.org"), Person("Ben")]
    )
    link = PersonalLink.objects.earliest("pk")
    reader.look(f"/join/{link.code}/")
    reader.look(f"/join/{link.code}/stop/")
    reader.press("main button[value=stop]")
