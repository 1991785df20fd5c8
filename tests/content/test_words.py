"""Words outside pages: drafted by editors, published together, frozen, restored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from content import published
from content.actions import PublishError
from content.difference import words_difference
from content.models import (
    AuditEntry,
    FormerWords,
    Page,
    Role,
    SiteWords,
    Strength,
    WordsVersion,
)
from content.models.words import draft_state, live_state, word_models, words_to_json
from content.word_actions import publish_words, restore_words
from content.word_review import review_words, waiting_words
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.editing import member_of, sign_in
from tests.support.forms import opened
from tests.support.pages import levels
from tests.support.snapshots import forget_snapshots

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COMMUNICATION = Strength.objects.filter(slug="communication")
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "changelist": (),
    "difference": (),
    "publish": (),
    "preview": (),
    "preview_page": ("skills",),
    "state": (1,),
    "restore": (1,),
}


def address(name: str, *args: object) -> str:
    return reverse(f"admin:content_wordsversion_{name}", args=args or ARGUMENTS[name])


def newest() -> WordsVersion:
    version = WordsVersion.objects.first()
    assert version is not None
    return version


def trail() -> list[tuple[User | None, str, str]]:
    """Newest first, without what came with the software."""
    return [
        (entry.by, entry.act, entry.subject)
        for entry in AuditEntry.objects.exclude(by=None).select_related("by")
    ]


def test_draft_shows_once_it_is_published(article: None, editor: User) -> None:
    shown = published.load_words().words.footer
    SiteWords.objects.update(footer="New.")
    COMMUNICATION.update(name="Talking")
    assert published.load_words().words.footer == shown
    version = publish_words(by=editor)
    assert version is not None
    assert (version.number, version.published_by) == (2, editor)
    site = published.load_words()
    assert site.words.footer == "New."
    assert site.strengths["communication"].name == "Talking"
    assert trail() == [(editor, "publish", "the words, state 2")]


def test_words_that_visitors_see_already_get_no_state(
    article: None, editor: User
) -> None:
    assert publish_words(by=editor) is None
    assert (WordsVersion.objects.count(), trail()) == (1, [])


def test_frozen_words_are_those_of_the_rows(article: None) -> None:
    assert newest().state() == draft_state() == live_state()
    role = newest().state()["role"]["product-manager"]
    assert role["page"] == Page.objects.get(slug="product-management").pk
    strengths = newest().state()["strength"]
    assert strengths["communication"]["role"] is None
    assert strengths["risk-management"]["role"] == "project-manager"
    assert list(newest().state()["strength"]) == list(
        Strength.objects.values_list("slug", flat=True)
    )


def test_state_has_the_fields_of_today(article: None) -> None:
    """An older state lacks a field, and has one that is gone."""
    version = newest()
    stored = json.loads(version.content)
    for role in stored["role"].values():
        del role["does"], role["page"]
        role["motto"] = "Gone."
    for strength in stored["strength"].values():
        del strength["retired"]
    version.content = words_to_json(stored)
    roles = version.state()["role"].values()
    assert [(role["does"], role["page"]) for role in roles] == [("", None)] * 2
    assert all("motto" not in role for role in roles)
    kept = version.state()["strength"].values()
    assert {strength["retired"] for strength in kept} == {False}


def test_kind_that_was_never_published_is_shown_as_its_rows_say(article: None) -> None:
    version = newest()
    stored = json.loads(version.content)
    del stored["role"]
    version.content = words_to_json(stored)
    version.save()
    Role.objects.filter(position=1).update(name="Boss of dates")
    assert published.load_words().roles[0].name == "Boss of dates"


@pytest.mark.parametrize("missing", [True, False])
def test_kind_that_was_never_published_waits_and_is_published(
    article: None, editor: User, missing: bool
) -> None:
    version = newest()
    stored = json.loads(version.content)
    stored["role"] = {}
    if missing:
        del stored["role"]
    version.content = words_to_json(stored)
    version.save()
    assert [change.how for change in waiting_words().changes] == ["added"] * 2
    assert publish_words(by=editor, seen=review_words().seen)
    shown = published.load_words().roles[0].name
    Role.objects.filter(position=1).update(name="Boss of dates")
    assert published.load_words().roles[0].name == shown
    assert [change.how for change in waiting_words().changes] == ["changed"]


def test_publishing_is_refused_once_a_draft_has_changed(
    article: None, editor: User
) -> None:
    SiteWords.objects.update(footer="New.")
    seen = review_words().seen
    SiteWords.objects.update(footer="Newer.")
    with pytest.raises(PublishError):
        publish_words(by=editor, seen=seen)
    assert (WordsVersion.objects.count(), trail()) == (1, [])
    assert publish_words(by=editor, seen=review_words().seen)


def test_publishing_is_refused_once_somebody_else_has_published(
    article: None, editor: User
) -> None:
    SiteWords.objects.update(footer="New.")
    seen = review_words().seen
    publish_words(by=None)
    with pytest.raises(PublishError):
        publish_words(by=editor, seen=seen)
    assert trail() == []


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (SiteWords.objects.all(), {"booking_address": "https://a.example/{typo}"}),
        (SiteWords.objects.all(), {"name": ""}),
        (Role.objects.filter(position=1), {"summary": ""}),
        (COMMUNICATION, {"text": ""}),
    ],
)
def test_text_that_no_form_would_take_blocks_publishing(
    article: None, editor: User, rows: QuerySet[Any], wrong: dict[str, str]
) -> None:
    rows.update(**wrong)
    with pytest.raises(PublishError) as refusal:
        publish_words(by=editor)
    assert len(refusal.value.findings) == 1
    assert (WordsVersion.objects.count(), trail()) == (1, [])


def test_difference_names_rows_and_fields(article: None) -> None:
    COMMUNICATION.update(name="Talking", retired=True)
    Strength.objects.create(slug="juggling", name="Juggling", kind="shared", text="3.")
    Role.objects.filter(position=1).update(page=Page.objects.get(slug="skills"))
    difference = waiting_words()
    assert {
        (change.how, change.name): [
            (field.name, field.before, field.after) for field in change.fields
        ]
        for change in difference.changes
    } == {
        ("changed", "strength “Communication”"): [
            ("name", "Communication", "Talking"),
            ("retired", "no", "yes"),
        ],
        ("added", "strength “Juggling”"): [
            ("name", "", "Juggling"),
            ("kind", "", "Shared skill"),
            ("position", "", "1"),
            ("text", "", "3."),
            ("retired", "", "no"),
        ],
        ("changed", "role “Project manager”"): [
            ("page", "Project management", "Skills you need")
        ],
    }
    gone = words_difference(draft_state(), live_state())
    assert ("removed", "strength “Juggling”") in {
        (change.how, change.name) for change in gone.changes
    }
    assert difference.summary.endswith("and 2 more")
    nothing = words_difference(draft_state(), draft_state())
    assert (bool(nothing), nothing.summary) == (False, "Nothing")


def test_restoring_gives_the_drafts_an_older_state_and_keeps_what_they_said(
    article: None, editor: User
) -> None:
    before = draft_state()
    SiteWords.objects.update(footer="New.")
    COMMUNICATION.update(name="Talking", retired=True)
    Role.objects.filter(position=1).update(page=None)
    publish_words(by=None)
    SiteWords.objects.update(footer="Only drafted.")
    assert restore_words(WordsVersion.objects.get(number=1), by=editor) == 3
    assert draft_state() == before
    # Visitors see it only once it is published.
    assert published.load_words().words.footer == "New."
    former = {one.kind: one.values for one in FormerWords.objects.all()}
    assert former == {
        "sitewords": {"footer": "Only drafted."},
        "strength": {"name": "Talking", "retired": True},
        "role": {"page": None},
    }
    assert trail() == [(editor, "restore", "the words, state 1, to the drafts")]
    assert LogEntry.objects.count() == 3


def test_restoring_brings_a_deleted_strength_back_and_leaves_a_new_one(
    article: None, editor: User
) -> None:
    COMMUNICATION.delete()
    Strength.objects.create(slug="juggling", name="Juggling", kind="shared", text="3.")
    assert restore_words(newest(), by=editor) == 1
    assert COMMUNICATION.get().name == "Communication"
    assert Strength.objects.filter(slug="juggling").exists()
    assert not FormerWords.objects.exists()


def test_restoring_a_name_that_another_strength_has_now_is_refused(
    article: None, editor: User, editor_client: Client
) -> None:
    SiteWords.objects.update(footer="New.")
    COMMUNICATION.update(name="Talking")
    Strength.objects.create(
        slug="new", name="Communication", kind="shared", text="Says it."
    )
    with pytest.raises(ValidationError, match="Strength “Communication”: "):
        restore_words(newest(), by=editor)
    refused = editor_client.post(address("restore"), follow=True)
    assert levels(refused) == ["error"]
    assert SiteWords.objects.get().footer == "New."
    assert (COMMUNICATION.get().name, trail()) == ("Talking", [])


def test_restoring_gives_back_names_that_two_strengths_have_swapped(
    article: None, editor: User
) -> None:
    before = draft_state()
    one, two = Strength.objects.order_by("pk")[:2]
    for row, name in ((one, "Between"), (two, one.name), (one, two.name)):
        Strength.objects.filter(pk=row.pk).update(name=name)
    assert restore_words(newest(), by=editor) == 2
    assert draft_state() == before
    assert {former.values["name"] for former in FormerWords.objects.all()} == {
        one.name,
        two.name,
    }


def test_publisher_sees_what_changes_and_publishes_just_that(
    article: None, publisher_client: Client
) -> None:
    SiteWords.objects.update(footer="New.")
    page = publisher_client.get(address("publish"))
    assert parse(page).texts(".change h3") == ["Site words"]
    [shown] = parse(page).texts(".change dd ins")
    assert "New." in shown
    fields = opened(publisher_client, address("publish"))
    SiteWords.objects.update(footer="Newer.")
    refused = publisher_client.post(address("publish"), fields)
    assert (refused.status_code, levels(refused)) == (422, ["error"])
    assert WordsVersion.objects.count() == 1
    fields = opened(publisher_client, address("publish"))
    done = publisher_client.post(address("publish"), fields, follow=True)
    assert levels(done) == ["success"]
    assert newest().state()["sitewords"]["1"]["footer"] == "Newer."
    again = publisher_client.post(
        address("publish"), {"seen": review_words().seen}, follow=True
    )
    assert (levels(again), WordsVersion.objects.count()) == (["info"], 2)
    assert not parse(publisher_client.get(address("publish"))).has("[name=seen]")


def test_wrong_text_is_named_instead_of_the_button(
    article: None, publisher_client: Client
) -> None:
    SiteWords.objects.update(name="")
    page = parse(publisher_client.get(address("publish")))
    assert len(page.all(".findings li")) == 1
    assert not page.has("[name=seen]")
    assert publisher_client.post(address("publish")).status_code == 422


def test_states_tell_who_changed_what(
    article: None, editor: User, editor_client: Client
) -> None:
    SiteWords.objects.update(footer="New.")
    publish_words(by=editor)
    COMMUNICATION.update(name="Talking")
    page = editor_client.get(address("changelist"))
    assert parse(page).texts("tbody td bdi") == ["ada", "Came with the software"]
    assert address("difference") + "?before=1&after=2" in parse(page).values("a")
    assert page.context["waiting"].summary == "Strength “Communication”"
    drafts = parse(editor_client.get(address("difference")))
    assert drafts.texts(".change h3") == ["Strength “Communication”"]
    older = {"before": "draft", "after": "1"}
    assert address("restore") in parse(
        editor_client.get(address("difference"), older)
    ).values("form[method=post]")
    wrong = editor_client.get(address("difference"), {"before": "9"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("states", [1, 3])
def test_states_cost_the_same_however_many_there_are(
    article: None, editor_client: Client, django_assert_num_queries, states: int
) -> None:
    for number in range(states - 1):
        # Comparing what these say would query the page of the role.
        Role.objects.update(summary=f"Summary {number}")
        publish_words(by=None)
    with django_assert_num_queries(8 + len(word_models())):
        editor_client.get(address("changelist"))


def test_states_stand_on_pages_of_25(article: None, editor_client: Client) -> None:
    for number in range(2, 27):
        SiteWords.objects.update(footer=f"Footer {number}")
        publish_words(by=None)

    def states(**query: Any) -> list[str]:
        page = parse(editor_client.get(address("changelist"), query))
        return page.texts("tbody th")

    assert states() == states(p="x") == states(p=1)
    assert [text.split()[1] for text in states()] == [str(n) for n in range(26, 1, -1)]
    assert [text.split()[1] for text in states(p=2)] == ["1"]
    assert states(p=2) == states(p=9)
    # Of all states, one is marked as live.
    assert [text for text in states() + states(p=2) if "(" in text] == states()[:1]
    first = parse(editor_client.get(address("changelist")))
    assert first.values(".paginator a") == ["?p=2"]
    # The last row of a page names the state before, which is on the next page.
    assert f"{address('difference')}?before=1&after=2" in first.values("tbody a")


def test_preview_shows_drafts_on_pages_of_today(
    article: None, publisher_client: Client
) -> None:
    SiteWords.objects.update(name="Our site", strapline="New line.")
    Role.objects.filter(position=1).update(summary="Takes a goal and runs.")
    COMMUNICATION.update(name="Talking")
    home = parse(publisher_client.get(address("preview")))
    assert home.one(".lead").text == "New line."
    assert "Our site" in home.one("head title").text
    assert "Takes a goal and runs." in home.texts(".role p")
    chapter = parse(publisher_client.get(address("preview_page")))
    assert chapter.one("#communication").one("h3").text == "Talking"
    assert "Our site" in chapter.one("head title").text
    older = parse(publisher_client.get(address("state")))
    assert older.one(".lead").text == SiteWords().strapline
    forget_snapshots()
    assert "Our site" not in Client().get("/").content.decode()
    for unknown in (address("preview_page", "nowhere"), address("state", 9)):
        assert publisher_client.get(unknown).status_code == 404


def test_pages_of_the_words_refuse_whom_they_are_not_for(
    article: None, writer_client: Client, publisher_client: Client
) -> None:
    writer = sign_in(member_of("Editor"))
    posts = ("publish", "restore")
    answers = {
        name: [
            (client.post if name in posts else client.get)(address(name)).status_code
            for client in (publisher_client, writer, writer_client, Client())
        ]
        for name in ARGUMENTS
    }
    seen = [200, 200, 403, 302]
    assert answers == dict.fromkeys(ARGUMENTS, seen) | {
        "publish": [422, 403, 403, 302],
        "restore": [403, 302, 403, 302],
    }
    assert writer.get(address("restore")).status_code == 405
    assert writer.post(address("restore", 9)).status_code == 404
    assert writer.get(address("publish")).status_code == 403
    assert writer.post(address("difference")).status_code == 405


@pytest.mark.parametrize("name", ["sitewords", "role", "strength"])
def test_form_tells_how_its_draft_differs_and_what_comes_next(
    article: None, name: str
) -> None:
    model = {"sitewords": SiteWords, "role": Role, "strength": Strength}[name]
    row = model.objects.first()
    assert row is not None
    form = reverse(f"admin:content_{name}_change", args=[row.pk])
    field = {"sitewords": "footer", "role": "summary", "strength": "text"}[name]
    writer = sign_in(member_of("Editor"))
    page = writer.get(form)
    assert not page.context["row_difference"]
    assert address("publish") not in parse(page).values("a")
    saved = writer.post(form, opened(writer, form) | {field: "New."}, follow=True)
    assert levels(saved) == ["info", "success"]
    assert address("difference") in parse(saved).values(".messagelist a")
    page = writer.get(form)
    assert len(parse(page).texts("[aria-labelledby=saved-draft] dd ins")) == 1
    publish_drafted_words()
    assert not writer.get(form).context["row_difference"]


def test_new_strength_waits_to_be_published(article: None) -> None:
    writer = sign_in(member_of("Editor"))
    data = {
        "name": "Juggling",
        "slug": "juggling",
        "kind": "shared",
        "position": 9,
        "text": "Three balls.",
    }
    saved = writer.post(reverse("admin:content_strength_add"), data, follow=True)
    assert levels(saved) == ["info", "success"]
    row = Strength.objects.get(slug="juggling")
    form = reverse("admin:content_strength_change", args=[row.pk])
    assert not writer.get(form).context["is_published"]
    assert "juggling" not in published.load_words().strengths
    publish_words(by=None)
    assert "juggling" in published.load_words().strengths


def test_strength_that_was_published_is_not_deleted(
    article: None, editor_client: Client
) -> None:
    row = Strength.objects.create(slug="new", name="New", kind="shared", text="New.")
    delete = reverse("admin:content_strength_delete", args=[row.pk])
    publish_words(by=None)
    assert editor_client.post(delete, {"post": "yes"}).status_code == 403


def test_front_page_tells_which_words_wait(
    article: None, publisher_client: Client
) -> None:
    writer = sign_in(member_of("Editor"))
    block = "[aria-labelledby=waiting-words]"
    assert not parse(writer.get("/admin/")).has(block)
    COMMUNICATION.update(name="Talking")
    for client, name in ((writer, "difference"), (publisher_client, "publish")):
        shown = parse(client.get("/admin/")).one(block)
        assert shown.texts("li") == ["Strength “Communication”"]
        assert shown.values("a") == [address(name)]


def test_front_page_sends_only_who_may_edit_to_the_words_that_are_missing(
    article: None, publisher_client: Client
) -> None:
    writer = sign_in(member_of("Editor"))
    [form] = parse(writer.get("/admin/")).one("[aria-labelledby=missing]").values("a")
    assert parse(writer.get(form, follow=True)).has("[name=contact_email]")
    block = parse(publisher_client.get("/admin/")).one("[aria-labelledby=missing]")
    assert block.values("a") == []
    assert block.texts("li") == published.current().words.missing
