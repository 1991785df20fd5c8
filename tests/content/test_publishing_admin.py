"""Staff look at drafts and states, compare them, publish, take offline and take back;
whoever may not, cannot.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content import queries
from content.models import ListBlock, Page, PageVersion, Strength
from tests.support.articles import (
    make_page,
    make_prose,
    publish_drafted_words,
    publish_page,
)
from tests.support.dom import parse
from tests.support.editing import publish, sign_in
from tests.support.pages import levels


def address(name: str, *args: int) -> str:
    return reverse(f"admin:content_page_{name}", args=args)


def changes(response: HttpResponse) -> list[list[str]]:
    """What a page says of every changed place: the words that went and that came."""
    return [
        change.texts("dd del") + change.texts("dd ins")
        for change in parse(response).all(".change")
    ]


@pytest.fixture
def skills(article) -> Page:
    """A page with a draft that differs: its title, and one block more."""
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(title="Changed")
    make_prose(page, ordering=999)
    page.refresh_from_db()
    return page


def test_preview_shows_the_draft_and_is_never_kept(
    skills, editor_client: Client, client: Client
) -> None:
    response = editor_client.get(address("preview", skills.pk))
    assert parse(response).one("h1").text == "Changed"
    assert "no-store" in response["Cache-Control"]
    assert parse(client.get("/skills/")).one("h1").text == "Skills you need"


def test_preview_of_a_published_state_shows_that_state(
    skills, editor_client: Client
) -> None:
    response = editor_client.get(address("state", skills.pk, 1))
    assert parse(response).one("h1").text == "Skills you need"
    assert editor_client.get(address("state", skills.pk, 2)).status_code == 404


def test_question_shows_what_changes_and_publishes_it(
    skills, editor_client: Client
) -> None:
    question = editor_client.get(address("publish"), {"page": skills.pk})
    assert changes(question) == [
        ["[removed: Skills you need]", "[added: Changed]"],
        ["[added: Some words]", "[added: Some words.]"],
    ]
    page = parse(question)
    assert page.has("input[name=seen]")
    assert PageVersion.objects.count() == 8
    assert levels(publish(editor_client, skills)) == ["success"]
    assert PageVersion.objects.get(page=skills, number=2).document().title == "Changed"


def test_question_without_a_change_has_no_button(
    article, editor_client: Client
) -> None:
    page = Page.objects.get(slug="skills")
    question = editor_client.get(address("publish"), {"page": page.pk})
    assert (question.context["ready"], question.context["blocking"]) == (False, False)
    assert not parse(question).has("#content-main form")


def test_new_page_is_published_as_new(article, editor_client: Client) -> None:
    page = make_page()
    make_prose(page)
    question = editor_client.get(address("publish"), {"page": page.pk})
    [review] = question.context["reviews"]
    assert (review.page, review.current) == (page, None)
    assert levels(publish(editor_client, page)) == ["success"]
    assert page.versions.get().number == 1


def test_draft_that_was_saved_meanwhile_is_shown_again(
    skills, editor_client: Client
) -> None:
    where = f"{address('publish')}?page={skills.pk}"
    seen = parse(editor_client.get(where)).one("input[name=seen]").value
    Page.objects.filter(pk=skills.pk).update(title="Slipped in")
    response = editor_client.post(where, {"seen": seen})
    assert (response.status_code, PageVersion.objects.count()) == (422, 8)
    assert levels(response) == ["error"]
    assert changes(response)[0][1] == "[added: Slipped in]"
    assert parse(response).one("input[name=seen]").value != seen


@pytest.mark.parametrize("posted", [{}, {"seen": "0"}])
def test_nothing_is_published_unseen(
    skills, editor_client: Client, posted: dict[str, str]
) -> None:
    assert (
        editor_client.post(f"{address('publish')}?page={skills.pk}", posted).status_code
        == 422
    )
    assert PageVersion.objects.count() == 8


@pytest.mark.parametrize("query", ["", "?page=999", "?page=x"])
def test_question_about_no_page_is_not_found(
    article, editor_client: Client, query: str
) -> None:
    assert editor_client.get(address("publish") + query).status_code == 404


def test_findings_stand_in_the_way(article, editor_client: Client) -> None:
    page = make_page()
    make_prose(page, '<p><a href="/nowhere/at/all/">x</a></p>')
    question = editor_client.get(address("publish"), {"page": page.pk})
    [finding] = parse(question).texts(".findings.blocking li")
    assert "/nowhere/at/all/" in finding
    assert levels(publish(editor_client, page)) == ["error"]
    assert not page.versions.exists()


def test_draft_that_cannot_be_read_is_refused_with_the_field(
    article, editor_client: Client
) -> None:
    page = make_page()
    ListBlock.objects.create(parent=page, region="main", heading="Empty", lines="")
    question = editor_client.get(address("publish"), {"page": page.pk})
    assert (question.context["ready"], question.context["blocking"]) == (False, True)
    [finding] = parse(question).texts(".findings.blocking li")
    assert finding.startswith("In “Empty”, lines: ")


def test_several_pages_are_published_from_the_list_after_one_question(
    article, editor_client: Client
) -> None:
    pages = list(Page.objects.filter(slug__in=("skills", "future")))
    Page.objects.update(lead="All new.")
    chosen = {
        "action": "publish_selected",
        "_selected_action": [page.pk for page in pages],
    }
    question = editor_client.post(
        reverse("admin:content_page_changelist"), chosen, follow=True
    )
    assert {review.page for review in question.context["reviews"]} == {*pages}
    assert levels(publish(editor_client, *pages)) == ["success"] * 2
    assert PageVersion.objects.filter(number=2).count() == 2


def test_draft_shows_its_findings_each_with_a_way_to_its_place(
    article, editor_client: Client
) -> None:
    page = make_page()
    make_prose(page, "<p>Good.</p>", ordering=10)
    bad = make_prose(page, '<p><a href="/nowhere/at/all/">x</a></p>', ordering=5)
    shown = parse(editor_client.get(address("change", page.pk)))
    place = shown.one(".findings.blocking a").value.removeprefix("#")
    assert shown.one(f"[name={place}-id]").value == str(bad.pk)
    assert shown.has(f"#{place}")
    Page.objects.filter(pk=page.pk).update(lead="")
    shown = parse(editor_client.get(address("change", page.pk)))
    assert "#id_lead" in shown.values(".findings.blocking a")


@pytest.mark.parametrize(
    ("change", "differing"), [({}, []), ({"title": "Changed"}, ["Title"])]
)
def test_draft_tells_how_it_differs_from_what_visitors_see(
    article, editor_client: Client, change: dict[str, str], differing: list[str]
) -> None:
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(**change)
    shown = parse(editor_client.get(address("change", page.pk)))
    link = f"a[href*='{address('difference', page.pk)}?before=1']"
    assert shown.texts(link) == differing
    assert not shown.has(".findings.blocking")


def test_new_draft_is_not_on_the_site_yet(article, editor_client: Client) -> None:
    response = editor_client.get(address("change", make_page().pk))
    assert response.context["review"].current is None
    shown = parse(response)
    assert not shown.has("a[href='/new-page/']")
    assert len(shown.all(".findings.blocking li")) == 1


def test_states_tell_who_when_and_what(skills, editor, editor_client: Client) -> None:
    publish_page(skills, by=editor)
    response = editor_client.get(address("states", skills.pk))
    assert response.context["current"].number == 2
    rows = response.context["rows"]
    assert [
        (version.number, version.published_by, before) for version, _, before in rows
    ] == [(2, editor, 1), (1, None, None)]
    changed = rows[0][1]
    assert [block.how for block in changed.blocks] == [("added",)]
    link = f"a[href*='{address('difference', skills.pk)}?before=1&after=2']"
    assert parse(response).one(link).text.startswith(changed.summary)


@pytest.mark.parametrize("states", [1, 3])
def test_states_cost_the_same_however_many_there_are(
    skills, editor, editor_client: Client, django_assert_num_queries, states: int
) -> None:
    for number in range(states - 1):
        Page.objects.filter(pk=skills.pk).update(title=f"Title {number}")
        publish_page(Page.objects.get(pk=skills.pk), by=editor)
    with django_assert_num_queries(10):
        editor_client.get(address("states", skills.pk))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, ["[removed: Skills you need]", "[added: Changed]"]),
        (
            {"before": "draft", "after": "1"},
            ["[removed: Changed]", "[added: Skills you need]"],
        ),
    ],
)
def test_any_two_states_are_compared(
    skills, editor_client: Client, query: dict[str, str], words: list[str]
) -> None:
    response = editor_client.get(address("difference", skills.pk), query)
    assert changes(response)[0] == words


def test_state_does_not_differ_from_itself(skills, editor_client: Client) -> None:
    query = {"before": "1", "after": "1"}
    response = editor_client.get(address("difference", skills.pk), query)
    assert (response.status_code, changes(response)) == (200, [])


@pytest.mark.parametrize("query", [{"before": "2"}, {"after": "x"}])
def test_state_that_does_not_exist_cannot_be_compared(
    skills, editor_client: Client, query: dict[str, str]
) -> None:
    response = editor_client.get(address("difference", skills.pk), query)
    assert response.status_code == 400
    assert response.context["form"].errors.keys() == query.keys()


def test_page_that_was_never_published_has_only_its_draft_to_compare(
    article, editor_client: Client
) -> None:
    response = editor_client.get(address("difference", make_page().pk))
    assert (response.status_code, changes(response)) == (200, [])
    assert parse(response).values("select[name=before] option") == ["draft"]


def test_page_says_which_lists_of_strengths_an_old_state_does_not_bring_back(
    article, editor_client: Client
) -> None:
    page = Page.objects.get(slug="skills")
    asked = {"before": "draft", "after": "1"}
    Page.objects.filter(pk=page.pk).update(title="Changed")
    shown = editor_client.get(address("difference", page.pk), asked)
    assert not shown.context["stays_apart"]
    restored = editor_client.post(address("restore", page.pk, 1), follow=True)
    assert levels(restored) == ["success"]
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    shown = editor_client.get(address("difference", page.pk), asked)
    assert shown.context["stays_apart"]
    form = parse(shown).one(f"form[action='{address('restore', page.pk, 1)}']")
    assert any("Communication" in words for words in form.texts("del"))
    restored = editor_client.post(address("restore", page.pk, 1), follow=True)
    assert levels(restored) == ["success"]
    assert "communication" not in queries.draft(page).strengths
    assert queries.draft(page) == queries.as_draft(page.versions.get().document())


def test_who_may_not_take_back_is_not_offered_to(
    skills, publisher_client: Client, editor_client: Client
) -> None:
    take_back = f"a[href$='{address('difference', skills.pk)}?before=draft&after=1']"
    look_back = f"a[href='{address('state', skills.pk, 1)}']"
    restore = f"form[action='{address('restore', skills.pk, 1)}']"
    asked = {"before": "draft", "after": "1"}
    offered = {}
    for name, client in (("editor", editor_client), ("publisher", publisher_client)):
        states = parse(client.get(address("states", skills.pk)))
        difference = parse(client.get(address("difference", skills.pk), asked))
        offered[name] = (
            states.has(look_back),
            states.has(take_back),
            difference.has(restore),
        )
    assert offered == {"editor": (True, True, True), "publisher": (True, False, False)}


def test_old_state_is_taken_back_into_the_draft_by_who_may_edit(
    skills, editor_client: Client
) -> None:
    asked = {"before": "draft", "after": "1"}
    restore = f"form[action='{address('restore', skills.pk, 1)}']"
    question = editor_client.get(address("difference", skills.pk), asked)
    assert parse(question).has(restore)
    editor_client.post(address("restore", skills.pk, 1))
    assert (
        queries.draft(Page.objects.get(pk=skills.pk))
        == skills.versions.get().document()
    )
    unchanged = editor_client.get(address("difference", skills.pk), asked)
    assert not parse(unchanged).has(restore)


def test_page_is_taken_offline_after_a_question_and_brought_back(
    article, editor, editor_client: Client
) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=editor)
    where = address("withdraw", page.pk)
    assert parse(editor_client.get(where)).has("#content-main form")
    assert PageVersion.objects.filter(content="").count() == 0
    assert levels(editor_client.post(where, follow=True)) == ["success"]
    assert PageVersion.objects.filter(content="").count() == 1
    change = editor_client.get(address("change", page.pk))
    assert change.context["review"].current is None
    states = editor_client.get(address("states", page.pk))
    assert states.context["current"] is None
    assert [row[0].is_offline for row in states.context["rows"]] == [True, False]
    listed = parse(editor_client.get(reverse("admin:content_page_changelist")))
    [row] = [row for row in listed.rows("#result_list") if "New page" in row]
    assert any(cell.startswith("Offline since") for cell in row)
    assert not parse(editor_client.get(where)).has("#content-main form")
    for name in ("state", "restore"):
        method = editor_client.post if name == "restore" else editor_client.get
        assert method(address(name, page.pk, 2)).status_code == 404
    assert levels(publish(editor_client, page)) == ["success"]
    assert page.versions.latest("number").number == 3


def test_page_that_others_link_to_says_which(article, editor_client: Client) -> None:
    page = Page.objects.get(slug="working-together")
    response = editor_client.post(address("withdraw", page.pk), follow=True)
    assert levels(response) == ["error"]
    assert "“Product management”" in parse(response).one(".messagelist").text
    assert PageVersion.objects.filter(content="").count() == 0


def test_nothing_is_written_by_following_a_link(skills, editor_client: Client) -> None:
    assert editor_client.get(address("restore", skills.pk, 1)).status_code == 405


def test_writer_without_the_right_to_publish_is_refused(
    skills, writer_client: Client
) -> None:
    page = parse(writer_client.get(address("change", skills.pk)))
    assert page.values(".page-tools li a") == [address("states", skills.pk), "/skills/"]
    assert not page.has("[name=_publish]")
    listed = parse(writer_client.get(reverse("admin:content_page_changelist")))
    # Not even a list of actions: published pages are not deleted.
    assert listed.values("select[name=action] option") == []
    for method in (writer_client.get, writer_client.post):
        assert method(f"{address('publish')}?page={skills.pk}").status_code == 403
        assert method(address("withdraw", skills.pk)).status_code == 403
    assert PageVersion.objects.count() == 8


def test_publisher_who_may_not_edit_reads_publishes_and_takes_nothing_back(
    skills, publisher_client: Client
) -> None:
    change = publisher_client.get(address("change", skills.pk))
    page = parse(change)
    assert not page.has("input[name=title]")
    assert page.values(".savebar a") == [
        address("preview", skills.pk),
        f"{address('publish')}?page={skills.pk}",
    ]
    assert not page.has(".savebar button")
    assert publisher_client.post(address("restore", skills.pk, 1)).status_code == 403
    assert levels(publish(publisher_client, skills)) == ["success"]


NAMES: list[Any] = [
    ("preview", ()),
    ("states", ()),
    ("state", (1,)),
    ("difference", ()),
    ("restore", (1,)),
    ("withdraw", ()),
]


@pytest.mark.parametrize(("name", "args"), NAMES)
def test_staff_without_rights_to_pages_and_strangers_are_refused(
    skills, name: str, args: tuple[int, ...]
) -> None:
    method = "post" if name in ("withdraw", "restore") else "get"
    cleo = sign_in(
        User.objects.create_user(
            "cleo", "cleo@example.org", "correct horse battery", is_staff=True
        )
    )
    assert getattr(cleo, method)(address(name, skills.pk, *args)).status_code == 403
    assert getattr(Client(), method)(address(name, skills.pk, *args))[
        "Location"
    ].startswith("/admin/login/")
    assert cleo.post(f"{address('publish')}?page={skills.pk}").status_code == 403


def test_unknown_page_has_no_preview(editor_client: Client) -> None:
    assert editor_client.get(address("preview", 999)).status_code == 404
