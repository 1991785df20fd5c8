"""Staff look at drafts and states, compare them, publish, take offline and take back; whoever may not, cannot."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content import queries
from content.actions import publish_page
from content.models import ListBlock, Page, PageVersion, Strength
from tests.support.articles import make_page, make_prose
from tests.support.editing import publish, sign_in
from tests.support.markup import flat


def address(name: str, *args: int) -> str:
    return reverse(f"admin:content_page_{name}", args=args)


def text_of(response: HttpResponse) -> str:
    """What the main part says, without tags."""
    main = (
        response.content.decode()
        .partition("<main")[2]
        .replace("</td>", " ")
        .replace("</th>", " ")
    )
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", main)))


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
    assert "<h1>Changed</h1>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "Changed" not in client.get("/skills/").content.decode()


def test_preview_of_a_published_state_shows_that_state(
    skills, editor_client: Client
) -> None:
    response = editor_client.get(address("state", skills.pk, 1))
    assert "<h1>Skills you need</h1>" in response.content.decode()
    assert editor_client.get(address("state", skills.pk, 2)).status_code == 404


def test_question_shows_what_changes_and_publishes_it(
    skills, editor_client: Client
) -> None:
    question = editor_client.get(address("publish"), {"page": skills.pk})
    shown = flat(question.content.decode())
    assert "Title [removed: Skills you need] [added: Changed]" in text_of(question)
    assert "“Some words” text Added, in place" in text_of(question)
    assert (
        '<del><span class="visually-hidden"> [removed: </span>Skills you need' in shown
    )
    assert (len(re.findall("<h3>", shown)), "Publish this draft" in shown) == (2, True)
    assert PageVersion.objects.count() == 8
    assert "“Changed” is published, as state 2." in text_of(
        publish(editor_client, skills)
    )


def test_question_without_a_change_has_no_button(
    article, editor_client: Client
) -> None:
    page = Page.objects.get(slug="skills")
    question = editor_client.get(address("publish"), {"page": page.pk})
    assert "Visitors see all of this already" in text_of(question)
    assert b'name="seen"' not in question.content


def test_new_page_is_published_as_new(article, editor_client: Client) -> None:
    page = make_page()
    make_prose(page)
    assert "“New page”: new on the site" in text_of(
        editor_client.get(address("publish"), {"page": page.pk})
    )
    assert "“New page” is published, as state 1." in text_of(
        publish(editor_client, page)
    )


def test_draft_that_was_saved_meanwhile_is_shown_again(
    skills, editor_client: Client
) -> None:
    where = f"{address('publish')}?page={skills.pk}"
    seen = re.search(
        r'name="seen" value="(\w+)"', editor_client.get(where).content.decode()
    ).group(1)
    Page.objects.filter(pk=skills.pk).update(title="Slipped in")
    response = editor_client.post(where, {"seen": seen})
    assert (response.status_code, PageVersion.objects.count()) == (422, 8)
    assert "A draft was saved after you looked at it" in text_of(response)
    assert "[added: Slipped in]" in text_of(response)


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
    response = publish(editor_client, page)
    assert (
        "“New page” cannot be published: in “Some words”, the link “/nowhere/at/all/” leads nowhere."
        in text_of(response)
    )
    assert not page.versions.exists()


def test_draft_that_cannot_be_read_is_refused_with_the_field(
    article, editor_client: Client
) -> None:
    page = make_page()
    ListBlock.objects.create(parent=page, region="main", heading="Empty", lines="")
    question = text_of(editor_client.get(address("publish"), {"page": page.pk}))
    assert "In “Empty”, lines: This field cannot be blank." in question
    assert "Mend what is named above" in question


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
    assert "Publish 2 pages" in text_of(question)
    assert "“Skills you need” is published, as state 2." in text_of(
        publish(editor_client, *pages)
    )
    assert PageVersion.objects.filter(number=2).count() == 2


def test_draft_shows_its_findings_each_with_a_way_to_its_place(
    article, editor_client: Client
) -> None:
    page = make_page()
    make_prose(page, "<p>Good.</p>", ordering=10)
    bad = make_prose(page, '<p><a href="/nowhere/at/all/">x</a></p>', ordering=5)
    shown = editor_client.get(address("change", page.pk)).content.decode()
    (place,) = re.findall(
        r'<a href="#([^"]+)">In “Some words”, the link “/nowhere/at/all/” leads nowhere\.</a>',
        shown,
    )
    assert f'name="{place}-id" value="{bad.pk}"' in shown
    assert f'id="{place}"' in shown
    Page.objects.filter(pk=page.pk).update(lead="")
    shown = editor_client.get(address("change", page.pk)).content.decode()
    assert re.findall(r'<a href="#([^"]+)">Lead: ', shown) == ["id_lead"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {},
            "The same as what visitors see, state 1. Nothing stands in the way of publishing.",
        ),
        (
            {"title": "Changed"},
            "Differs from what visitors see: Title. Nothing stands in the way of publishing.",
        ),
    ],
)
def test_draft_tells_how_it_differs_from_what_visitors_see(
    article, editor_client: Client, change: dict[str, str], told: str
) -> None:
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(**change)
    assert told in text_of(editor_client.get(address("change", page.pk)))


def test_new_draft_is_not_on_the_site_yet(article, editor_client: Client) -> None:
    told = text_of(editor_client.get(address("change", make_page().pk)))
    assert (
        "Visitors do not see this page yet: it was never published. In the way of publishing: It has no blocks."
        in told
    )


def test_states_tell_who_when_and_what(skills, editor, editor_client: Client) -> None:
    publish_page(skills, by=editor)
    table = text_of(editor_client.get(address("states", skills.pk)))
    assert "Visitors see state 2." in table
    assert re.search(
        r"State 2 \d+ \w+ \d{4}, \d\d:\d\d ada Title; 1 block added, between state 1 and state 2",
        table,
    )
    assert re.search(
        r"State 1 \d+ \w+ \d{4}, \d\d:\d\d Came with the software First published",
        table,
    )


@pytest.mark.parametrize("states", [1, 3])
def test_states_cost_the_same_however_many_there_are(
    skills, editor, editor_client: Client, django_assert_num_queries, states: int
) -> None:
    for number in range(states - 1):
        Page.objects.filter(pk=skills.pk).update(title=f"Title {number}")
        publish_page(Page.objects.get(pk=skills.pk), by=editor)
    with django_assert_num_queries(8):
        editor_client.get(address("states", skills.pk))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({}, "[removed: Skills you need] [added: Changed]"),
        (
            {"before": "draft", "after": "1"},
            "[removed: Changed] [added: Skills you need]",
        ),
        ({"before": "1", "after": "1"}, "Nothing differs."),
    ],
)
def test_any_two_states_are_compared(
    skills, editor_client: Client, query: dict[str, str], told: str
) -> None:
    assert told in text_of(editor_client.get(address("difference", skills.pk), query))


@pytest.mark.parametrize("query", [{"before": "2"}, {"after": "x"}])
def test_state_that_does_not_exist_cannot_be_compared(
    skills, editor_client: Client, query: dict[str, str]
) -> None:
    response = editor_client.get(address("difference", skills.pk), query)
    assert (response.status_code, "Select a valid choice" in text_of(response)) == (
        400,
        True,
    )


def test_page_that_was_never_published_has_only_its_draft_to_compare(
    article, editor_client: Client
) -> None:
    assert "Nothing differs." in text_of(
        editor_client.get(address("difference", make_page().pk))
    )


def test_page_says_which_lists_of_strengths_an_old_state_does_not_bring_back(
    article, editor_client: Client
) -> None:
    page = Page.objects.get(slug="skills")
    asked = {"before": "draft", "after": "1"}
    Page.objects.filter(pk=page.pk).update(title="Changed")
    assert "always the list of today" not in text_of(
        editor_client.get(address("difference", page.pk), asked)
    )
    assert "State 1 is the draft again. Visitors" in text_of(
        editor_client.post(address("restore", page.pk, 1), follow=True)
    )
    Strength.objects.filter(slug="communication").update(retired=True)
    shown = text_of(editor_client.get(address("difference", page.pk), asked))
    assert (
        "A list of strengths is always the list of today, so the draft will differ from state 1."
        in shown
    )
    assert re.search(
        r"\[removed: [^]]*Communication", shown.partition("always the list of today")[2]
    )
    told = text_of(editor_client.post(address("restore", page.pk, 1), follow=True))
    assert (
        "State 1 is the draft again, but for its lists of strengths, which are those of today."
        in told
    )
    assert "communication" not in queries.draft(page).strengths
    assert queries.draft(page) == queries.as_draft(page.versions.get().document())


def test_who_may_not_take_back_is_not_offered_to(
    skills, publisher_client: Client, editor_client: Client
) -> None:
    assert "Take back…" in text_of(editor_client.get(address("states", skills.pk)))
    shown = text_of(publisher_client.get(address("states", skills.pk)))
    assert "As visitors saw it" in shown
    assert "Take back" not in shown + text_of(
        publisher_client.get(
            address("difference", skills.pk), {"before": "draft", "after": "1"}
        )
    )
    assert "taken back" not in shown


def test_old_state_is_taken_back_into_the_draft_by_who_may_edit(
    skills, editor_client: Client
) -> None:
    question = editor_client.get(
        address("difference", skills.pk), {"before": "draft", "after": "1"}
    )
    assert "Put state 1 into the draft" in question.content.decode()
    editor_client.post(address("restore", skills.pk, 1))
    assert (
        queries.draft(Page.objects.get(pk=skills.pk))
        == skills.versions.get().document()
    )
    unchanged = editor_client.get(
        address("difference", skills.pk), {"before": "draft", "after": "1"}
    )
    assert "Put state 1 into the draft" not in unchanged.content.decode()


def test_page_is_taken_offline_after_a_question_and_brought_back(
    article, editor, editor_client: Client
) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=editor)
    assert (
        "Take the page offline"
        in editor_client.get(address("withdraw", page.pk)).content.decode()
    )
    assert PageVersion.objects.filter(content="").count() == 0
    assert "“New page” is offline." in text_of(
        editor_client.post(address("withdraw", page.pk), follow=True)
    )
    assert "Visitors do not see this page: it was taken offline." in text_of(
        editor_client.get(address("change", page.pk))
    )
    assert "Taken offline" in text_of(editor_client.get(address("states", page.pk)))
    assert "Offline since" in text_of(
        editor_client.get(reverse("admin:content_page_changelist"))
    )
    assert "This page is not on the site." in text_of(
        editor_client.get(address("withdraw", page.pk))
    )
    for name in ("state", "restore"):
        method = editor_client.post if name == "restore" else editor_client.get
        assert method(address(name, page.pk, 2)).status_code == 404
    assert "is published, as state 3." in text_of(publish(editor_client, page))


def test_page_that_others_link_to_says_which(article, editor_client: Client) -> None:
    page = Page.objects.get(slug="working-together")
    told = text_of(editor_client.post(address("withdraw", page.pk), follow=True))
    assert (
        "stays on the site: “Product management” links to it. Mend that page first."
        in told
    )
    assert PageVersion.objects.filter(content="").count() == 0


def test_nothing_is_written_by_following_a_link(skills, editor_client: Client) -> None:
    assert editor_client.get(address("restore", skills.pk, 1)).status_code == 405


def test_writer_without_the_right_to_publish_is_refused(
    skills, writer_client: Client
) -> None:
    change = text_of(writer_client.get(address("change", skills.pk)))
    assert (
        "Look at the saved draft" in change,
        "Publish the saved draft" in change,
        "offline" in change,
    ) == (True, False, False)
    assert (
        "publish_selected"
        not in writer_client.get(
            reverse("admin:content_page_changelist")
        ).content.decode()
    )
    for method in (writer_client.get, writer_client.post):
        assert method(f"{address('publish')}?page={skills.pk}").status_code == 403
        assert method(address("withdraw", skills.pk)).status_code == 403
    assert PageVersion.objects.count() == 8


def test_publisher_who_may_not_edit_reads_publishes_and_takes_nothing_back(
    skills, publisher_client: Client
) -> None:
    change = publisher_client.get(address("change", skills.pk))
    assert "You may look at it and publish it, not edit it." in text_of(change)
    assert b"content-editor" not in change.content
    question = publisher_client.get(
        address("difference", skills.pk), {"before": "draft", "after": "1"}
    )
    assert "Put state 1 into the draft" not in question.content.decode()
    assert publisher_client.post(address("restore", skills.pk, 1)).status_code == 403
    assert "is published, as state 2." in text_of(publish(publisher_client, skills))


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
