"""The bar below the page editor: it saves, and leads to the preview and publishing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.actions import withdraw_page
from content.bar import saved_at_words
from content.models import Page
from content.review import review_pages
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import Element, parse
from tests.support.editing import member_of, sign_in
from tests.support.forms import opened
from tests.support.pages import levels

pytestmark = pytest.mark.database

ADD = reverse("admin:content_page_add")


def address(name: str, page: Page) -> str:
    if name == "publish":
        return f"{reverse('admin:content_page_publish')}?page={page.pk}"
    return reverse(f"admin:content_page_{name}", args=(page.pk,))


@pytest.fixture
def skills(article: None) -> Page:
    return Page.objects.get(slug="skills")


def bar(client: Client, where: str) -> Element:
    return parse(client.get(where)).one(".savebar")


def press(client: Client, where: str, button: str, **changes: str) -> HttpResponse:
    """As a browser does: the whole form, and the button."""
    return client.post(where, opened(client, where) | changes | {button: ""})


def names(bar: Element) -> list[str]:
    return [button.attributes["name"] for button in bar.all("button")]


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [
        ("_continue", "change"),
        ("_preview", "preview"),
        ("_review", "review"),
        ("_publish", "publish"),
    ],
)
def test_every_button_saves_first(
    skills: Page, editor_client: Client, button: str, leads_to: str
) -> None:
    where = address("change", skills)
    saved = press(editor_client, where, button, lead="Typed.")
    assert saved.status_code == 302
    assert saved["Location"].partition("#")[0] == address(leads_to, skills)
    skills.refresh_from_db()
    assert skills.lead == "Typed."
    assert skills.drafts.first().document().lead == "Typed."


@pytest.mark.parametrize("button", ["_preview", "_review", "_publish"])
def test_what_cannot_be_saved_leads_nowhere(
    skills: Page, editor_client: Client, button: str
) -> None:
    where = address("change", skills)
    press(editor_client, where, "_continue", lead="Typed.")
    assert bar(editor_client, where).one("[data-saved]").text
    refused = press(editor_client, where, button, title="")
    assert refused.status_code == 200
    assert refused.context["adminform"].form.errors.keys() == {"title"}
    assert parse(refused).one(".savebar [data-saved]").text == ""


def test_publishing_leads_back_to_what_is_in_the_way(
    skills: Page, editor_client: Client
) -> None:
    where = address("change", skills)
    saved = press(editor_client, where, "_publish", lead="")
    assert saved["Location"] == f"{where}#content-start"
    shown = editor_client.get(where)
    assert levels(shown) == ["warning"]
    page = parse(shown)
    assert page.values(".findings.blocking a") == ["#id_lead"]
    before = page.one("[name=_publish]").text
    fixed = press(editor_client, where, "_publish", lead="Words.")
    assert fixed["Location"] == address("publish", skills)
    assert bar(editor_client, where).one("[name=_publish]").text != before


def test_buttons_are_those_of_the_own_rights(
    skills: Page, groups: None, editor_client: Client
) -> None:
    where = address("change", skills)
    offered = {
        group: names(bar(sign_in(member_of(group)), where))
        for group in ("Editor", "Publisher")
    }
    assert offered == {"Editor": ["_continue", "_preview", "_review"], "Publisher": []}
    both = ["_continue", "_preview", "_publish"]
    assert names(bar(editor_client, where)) == both
    assert names(bar(editor_client, ADD)) == both


def test_editor_who_posts_the_button_of_publishers_publishes_nothing(
    skills: Page, writer_client: Client
) -> None:
    where = address("change", skills)
    saved = press(writer_client, where, "_publish", title="Typed")
    assert writer_client.get(saved["Location"]).status_code == 403
    assert skills.versions.count() == 1


def note(client: Client, page: Page) -> str:
    return bar(client, address("change", page)).one("[data-words=note]").text


def test_note_says_what_visitors_see(
    article: None, editor: User, editor_client: Client
) -> None:
    page = make_page()
    notes = [note(editor_client, page)]  # without blocks
    make_prose(page)
    notes.append(note(editor_client, page))
    publish_page(page, by=editor)
    notes.append(note(editor_client, page))
    Page.objects.filter(pk=page.pk).update(title="Changed")
    notes.append(note(editor_client, page))
    withdraw_page(page, by=editor)
    notes.append(note(editor_client, page))
    Page.objects.filter(pk=page.pk).update(title="", lead="")
    notes.append(note(editor_client, page))
    assert len(set(notes)) == 5
    assert notes[1] == notes[4]
    [finding] = review_pages([make_page("another")])[0].findings
    assert str(finding) in notes[0]
    assert "2" in notes[5]


def test_script_that_saves_learns_what_the_bar_says(
    skills: Page, editor_client: Client
) -> None:
    where = address("change", skills)
    fields = opened(editor_client, where)
    said: list[Any] = []
    for lead in ("", "Words."):
        sent = fields | {"lead": lead}
        by_script = {"accept": "application/json"}
        said.append(editor_client.post(where, sent, headers=by_script).json())
        fields |= said[-1]["fields"]
    assert said[0]["words"] != said[1]["words"]
    shown = bar(editor_client, where)
    assert said[1]["words"] == {
        "note": shown.one("[data-words=note]").text,
        "last": shown.one("[data-words=last]").text,
    }


def test_time_of_saving_is_of_the_place_of_the_site(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    now = datetime(2026, 11, 28, 7, 32, tzinfo=ZoneInfo("UTC"))
    with time_machine.travel(now, tick=False):
        assert saved_at_words(now) == "Saved 16:32"
        before = datetime(2026, 11, 27, 14, 59, tzinfo=ZoneInfo("UTC"))
        assert saved_at_words(before) == "Saved November 27"


# New pages


def test_new_page_is_saved_with_a_title_alone_and_publishing_asks_for_the_rest(
    article: None, editor_client: Client
) -> None:
    saved = press(editor_client, ADD, "_continue", title="What it pays")
    page = Page.objects.get(title="What it pays")
    assert saved["Location"].startswith(address("change", page))
    assert (page.slug, page.position) == ("what-it-pays", 9)
    assert (page.nav_title, page.description, page.lead) == ("", "", "")
    shown = parse(editor_client.get(address("change", page)))
    assert shown.values(".findings.blocking a") == [
        "#id_nav_title",
        "#id_description",
        "#id_lead",
    ]
    preview = editor_client.get(address("preview", page))
    assert parse(preview).one("h1").text == "What it pays"
    saved = press(editor_client, address("change", page), "_publish")
    assert saved["Location"] == f"{address('change', page)}#content-start"
    assert not page.versions.exists()


def test_new_page_leads_on_from_its_first_save(
    article: None, editor_client: Client
) -> None:
    saved = press(editor_client, ADD, "_preview", title="What it pays")
    page = Page.objects.get(title="What it pays")
    assert saved["Location"] == address("preview", page)


def test_new_page_without_a_title_is_refused(db: None, editor_client: Client) -> None:
    refused = press(editor_client, ADD, "_continue", slug="money")
    assert refused.context["adminform"].form.errors.keys() == {"title"}
    assert not Page.objects.exists()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Skills", "skills-2"),
        ("Über Geld", "uber-geld"),
        ("مال", "page"),
        ("Quiz", "quiz-2"),
        ("n" * 80, "n" * 50),
    ],
)
def test_address_comes_from_the_title_and_is_free(
    skills: Page, editor_client: Client, title: str, slug: str
) -> None:
    press(editor_client, ADD, "_continue", title=title)
    page = Page.objects.get(title=title)
    assert page.slug == slug
    # The next of that title gets another one.
    press(editor_client, ADD, "_continue", title=title)
    assert Page.objects.filter(title=title).count() == 2


def test_position_is_the_last_one_unless_it_is_typed(
    article: None, editor_client: Client
) -> None:
    assert parse(editor_client.get(ADD)).one("[name=position]").value == "9"
    press(editor_client, ADD, "_continue", title="Second", position="2")
    press(editor_client, ADD, "_continue", title="Last", position="")
    assert Page.objects.get(title="Second").position == 2
    assert Page.objects.get(title="Last").position == 9


def test_page_that_has_an_address_keeps_one(
    skills: Page, editor_client: Client
) -> None:
    press(editor_client, address("change", skills), "_continue", slug="", lead="New.")
    skills.refresh_from_db()
    assert (skills.slug, skills.lead) == ("skills", "New.")


def test_preview_says_what_it_is_and_leads_back(
    skills: Page, editor_client: Client
) -> None:
    for name, args, back in (
        ("preview", (skills.pk,), "change"),
        ("state", (skills.pk, 1), "states"),
    ):
        shown = editor_client.get(reverse(f"admin:content_page_{name}", args=args))
        assert parse(shown).values("main .notice a") == [address(back, skills)]


def test_right_to_add_alone_leads_to_no_form_of_others(
    article: None, editor_client: Client
) -> None:
    user = User.objects.create_user("cleo", "cleo@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_page"))
    saved = press(sign_in(user), ADD, "_continue", title="By Cleo")
    assert saved.status_code == 302
    assert Page.objects.filter(title="By Cleo").exists()
