"""A group on paper, read from the PDF that the browser prints."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from assessments.models import Coach, Invitation, Participation, Result
from tests.support.browser.pages import sign_in
from tests.support.coaching import invite, joined
from tests.support.group import fill_group

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The longest that a coach and a client can write.
LONG_NAME = "Maximiliane-Alexandra von Hohenstein-Rosenberg the Younger"
CONTACT = (
    "Room 214, Career services, careers.technical-college-north.example/coaching, "
    "555-0100-2200, mornings"
)
EXAMPLES = ["clear_project", "close", "both", "clear_product", "low_both"]


@pytest.fixture
def group(live_coach: Coach) -> Invitation:
    Coach.objects.filter(pk=live_coach.pk).update(contact=CONTACT)
    return invite(live_coach, onward=True)


@pytest.fixture
def workspace(page: Page, live_coach: Coach, live_server: Any) -> Page:
    sign_in(page, live_coach, live_server.url)
    return page


def named_people(group: Invitation, number: int) -> list[str]:
    """Clients under different names, with the same answers."""
    fill_group(group, number)
    for place, grant in enumerate(Participation.objects.order_by("pk"), 1):
        Participation.objects.filter(pk=grant.pk).update(name=f"Person {place:02}")
    return [f"Person {place:02}" for place in range(1, number + 1)]


def printed(page: Page, address: str, size: str = "A4") -> list[str]:
    """The text of each page of paper."""
    page.goto(address)
    pdf = page.pdf(format=size, prefer_css_page_size=True)
    return [each.extract_text() for each in PdfReader(BytesIO(pdf)).pages]


def test_class_of_32_takes_33_pages_and_each_bears_its_name(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    names = named_people(group, 32)
    pages = printed(workspace, f"{live_server.url}/coach/{group.pk}/print/")
    assert len(pages) == 33
    assert [name for name in names if name not in pages[0]] == []
    for name, text in zip(names, pages[1:], strict=True):
        assert text.startswith(f"{name},")
        assert "page 1 of 1" in text.splitlines()[0]
        assert [other for other in names if other in text] == [name]


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_every_outcome_fits_its_pages_on_either_paper(
    workspace: Page, group: Invitation, live_server: Any, size: str
) -> None:
    for example in EXAMPLES:
        joined(group, "Ann", example)
    Participation.objects.update(name=LONG_NAME)
    address = f"{live_server.url}/coach/{group.pk}/print/"
    assert len(printed(workspace, address, size)) == 1 + len(EXAMPLES)
    pages = printed(workspace, f"{address}?what=whole", size)[1:]
    assert [text.startswith(LONG_NAME) for text in pages] == [True] * len(pages)
    assert [re.findall(r", page (\d of \d)", text) for text in pages] == [
        [f"{number} of 5"] for number in range(1, 6)
    ] * len(EXAMPLES)


def test_name_stands_on_a_page_that_staff_made_too_long(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    joined(group, "Ann")
    workspace.goto(f"{live_server.url}/coach/{group.pk}/print/")
    workspace.evaluate("""() => {
        const notes = document.querySelector(".cols p");
        for (let line = 0; line < 60; line++) notes.before(notes.cloneNode(true));
    }""")
    pdf = workspace.pdf(format="A4", prefer_css_page_size=True)
    pages = [each.extract_text() for each in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) > 2
    assert [text.startswith("Ann,") for text in pages[1:]] == [True] * len(pages[1:])


def test_table_of_35_takes_two_pages_and_the_picture_begins_on_the_first(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    names = named_people(group, 35)
    pages = printed(workspace, f"{live_server.url}/coach/{group.pk}/?sort=name")
    assert len(pages) == 2
    assert [name for name in names if name not in "".join(pages)] == []
    pages = printed(workspace, f"{live_server.url}/coach/{group.pk}/picture/")
    assert len(pages) == 2
    # The words under the figure stand behind it.
    mean = Result.objects.earliest("pk").parsed_reply.shown
    assert mean is not None
    assert f"average: {mean.lean} toward project" in " ".join(pages[0].split())


def test_paper_has_nothing_to_press(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    joined(group, "Ann"), joined(group, "Bo")
    workspace.goto(f"{live_server.url}/coach/{group.pk}/print/")
    workspace.emulate_media(media="print")
    shown = workspace.evaluate("""() => [...document.querySelectorAll(
        "button, input, summary, nav, .masthead, .colophon, main > header"
    )].filter((each) => each.checkVisibility()).map((each) => each.outerHTML)""")
    assert shown == []


def test_print_waits_until_what_is_chosen_is_shown(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    joined(group, "Ann"), joined(group, "Bo")
    workspace.goto(f"{live_server.url}/coach/{group.pk}/print/")
    button = workspace.get_by_role("button", name="Print", exact=True)
    expect(button).to_be_visible()
    workspace.get_by_label("The whole result").check()
    expect(button).to_be_hidden()
    workspace.get_by_text("Only some clients").click()
    workspace.get_by_role("checkbox", name="Bo").check()
    workspace.get_by_role("button", name="Show these pages").click()
    expect(button).to_be_visible()
    expect(workspace.locator("article")).to_have_count(1)
    workspace.get_by_role("checkbox", name="Bo").uncheck()
    expect(button).to_be_hidden()
