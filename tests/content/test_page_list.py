"""The list of pages says how each draft stands, and finds pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.actions import publish_pages, withdraw_page
from content.models import (
    BLOCKS,
    OldAddress,
    Page,
    PageVersion,
    ReviewRequest,
    Role,
    Strength,
    StrengthsBlock,
)
from tests.support.articles import (
    make_one_block_of_each_kind,
    make_page,
    make_prose,
    publish_page,
)
from tests.support.dom import parse
from tests.support.editing import publish
from tests.support.pages import levels
from tests.support.uploads import make_picture_block, make_upload

pytestmark = pytest.mark.database

LIST = reverse("admin:content_page_changelist")
PUBLISH = reverse("admin:content_page_publish")
# How many queries the page that asks takes, and publishing.
QUESTION = 13 + len(BLOCKS)
SEARCH = 14 + len(BLOCKS)
PUBLISHING = 30 + 2 * len(BLOCKS)
BAD = '<p><a href="/nowhere/at/all/">x</a></p>'


@pytest.fixture
def pages(article: None, editor: User) -> None:
    """The article, and pages in every state."""
    Page.objects.filter(slug="skills").update(title="Changed")
    future = Page.objects.get(slug="future")
    make_prose(future, BAD, ordering=99)
    ReviewRequest.objects.create(
        page=future, asked_by=editor, asked_at=timezone.now(), comment="Soon."
    )
    make_prose(make_page("fresh", title="Fresh"))
    make_page("empty", title="Empty", lead="")
    gone = make_page("gone", title="Gone")
    make_prose(gone)
    publish_page(gone, by=editor)
    withdraw_page(gone, by=editor)


def listed(client: Client, **query: str) -> dict[str, str]:
    """What the list says of each page, by title."""
    rows = parse(client.get(LIST, query)).all("#result_list tr")
    return {
        row.one(".field-title a").text: row.one(".field-status").text
        for row in rows
        if row.has(".field-title")
    }


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ("differs", {"Changed", "What comes next"}),
        ("new", {"Fresh", "Empty"}),
        ("offline", {"Gone"}),
        ("blocked", {"What comes next", "Empty"}),
        ("review", {"What comes next"}),
    ],
)
def test_filter_finds_pages_by_how_their_drafts_stand(
    pages: None, editor_client: Client, chosen: str, titles: set[str]
) -> None:
    assert listed(editor_client, draft=chosen).keys() == titles


def test_each_page_says_how_its_draft_stands(
    pages: None, editor_client: Client
) -> None:
    said = listed(editor_client)
    assert len(said) == 11
    assert len(listed(editor_client, draft="live")) == 6
    assert "/nowhere/at/all/" in said["What comes next"]
    # One finding in words, and how many there are besides.
    assert "lead: " in said["Empty"].lower()
    assert "blocks" not in said["Empty"]
    assert "/nowhere" not in said["Changed"] + said["Fresh"] + said["Gone"]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("changed", {"Changed"}),
        ("fresh", {"Fresh"}),
        ("/nowhere/at", {"What comes next"}),
        ("no such words anywhere", set()),
        ("'words some'", set()),
        ('"some words" gone', {"Gone"}),
    ],
)
def test_search_finds_pages_by_title_address_and_text(
    pages: None, editor_client: Client, words: str, titles: set[str]
) -> None:
    assert listed(editor_client, q=words).keys() == titles


def typed_fields() -> list[tuple[str, str]]:
    """Each kind of block with each of its fields that an editor types into."""
    chosen = {"region", "picture", "crop", "kind"}
    return [
        (kind, field.name)
        for kind, block in BLOCKS.items()
        for field in block._meta.fields
        if isinstance(field, CharField | TextField) and field.name not in chosen
    ]


def test_search_reads_every_text_of_every_kind_of_block(
    article: None, editor_client: Client
) -> None:
    page = make_page("found", title="Found")
    make_one_block_of_each_kind(page, "Words", Role.objects.all()[0])
    for number, (kind, field) in enumerate(typed_fields()):
        blocks = BLOCKS[kind].objects.filter(parent=page)
        blocks.update(**{field: f"with a Zygote{number}. in it"})
    assert number > 30
    assert {
        field: [*listed(editor_client, q=f"zygote{number}.")]
        for number, field in enumerate(typed_fields())
    } == dict.fromkeys(typed_fields(), ["Found"])


@pytest.mark.parametrize("many", [1, 3])
def test_search_lists_a_page_once_and_asks_the_same_for_more_blocks(
    pages: None, editor_client: Client, django_assert_num_queries: Any, many: int
) -> None:
    page = make_page("found", title="Found")
    for _ in range(many):
        make_one_block_of_each_kind(page, "Zygote", Role.objects.all()[0])
        Strength.objects.filter(slug="one").delete()
    listed(editor_client, q="zygote found")
    with django_assert_num_queries(SEARCH):
        response = editor_client.get(LIST, {"q": "zygote found"})
    assert len(parse(response).all("#result_list .field-title")) == 1


def test_search_for_thousands_of_words_looks_for_the_first(
    pages: None, editor_client: Client
) -> None:
    make_page("found", title="Zygote")
    response = editor_client.get(LIST, {"q": "zygote " * 20 + "absent " * 3_000})
    assert len(parse(response).all("#result_list .field-title")) == 1


def test_address_of_the_site_and_of_the_draft_are_told_apart(
    pages: None, editor_client: Client
) -> None:
    Page.objects.filter(slug="skills").update(slug="talents")
    [row] = [
        row
        for row in parse(editor_client.get(LIST)).all("#result_list tr")
        if row.has(".field-title") and row.one(".field-title a").text == "Changed"
    ]
    address = row.one(".field-address").text
    assert "/skills/" in address
    assert "/talents/" in address


# A batch


def test_batch_publishes_what_can_be_and_names_what_cannot(
    pages: None, editor_client: Client
) -> None:
    chosen = list(Page.objects.filter(slug__in=("skills", "future", "fresh", "empty")))
    query = {"page": [page.pk for page in chosen]}
    question = editor_client.get(PUBLISH, query)
    assert (question.context["ready"], question.context["blocking"]) == (True, True)
    assert {each.page.slug for each in question.context["refused"]} == {
        "future",
        "empty",
    }
    done = publish(editor_client, *chosen)
    assert sorted(levels(done)) == ["success", "success", "warning", "warning"]
    said = parse(done).one(".messagelist").text
    assert "What comes next" in said
    assert "/nowhere/at/all/" in said
    published = PageVersion.objects.filter(published_by__isnull=False, number__lte=2)
    slugs = {version.page.slug for version in published.exclude(page__slug="gone")}
    assert slugs == {"skills", "fresh"}


def test_page_that_needs_one_that_cannot_be_published_stays_too(
    pages: None, editor_client: Client
) -> None:
    needs = make_page("needs", title="Needs")
    make_prose(needs, '<p><a href="/empty/">x</a></p>')
    chosen = [needs, *Page.objects.filter(slug__in=("empty", "fresh"))]
    publish(editor_client, *chosen)
    assert not needs.versions.exists()
    assert Page.objects.get(slug="fresh").versions.exists()


def test_batch_that_another_has_mended_meanwhile_is_asked_about_again(
    pages: None, editor_client: Client
) -> None:
    chosen = list(Page.objects.filter(slug__in=("fresh", "empty")))
    where = f"{PUBLISH}?{'&'.join(f'page={page.pk}' for page in chosen)}"
    seen = parse(editor_client.get(where)).one("input[name=seen]").value
    empty = Page.objects.get(slug="empty")
    Page.objects.filter(pk=empty.pk).update(lead="Words.")
    make_prose(empty)
    response = editor_client.post(where, {"seen": seen})
    assert (response.status_code, levels(response)) == (422, ["error"])
    assert not PageVersion.objects.filter(page__in=chosen).exists()


def test_batch_of_which_nothing_can_be_published_says_why(
    pages: None, editor_client: Client
) -> None:
    chosen = list(Page.objects.filter(slug__in=("future", "empty")))
    where = f"{PUBLISH}?{'&'.join(f'page={page.pk}' for page in chosen)}"
    assert not parse(editor_client.get(where)).has("#content-main form")
    assert editor_client.post(where, {"seen": ""}).status_code == 422


def question_about(pages: list[Page]) -> str:
    return f"{PUBLISH}?{'&'.join(f'page={page.pk}' for page in pages)}"


@pytest.mark.parametrize("many", [1, 3, 8])
def test_batch_costs_the_same_however_many_pages_it_has(
    article: None,
    editor: User,
    editor_client: Client,
    django_assert_num_queries: Any,
    many: int,
) -> None:
    chosen = [make_page(f"page-{number}") for number in range(many)]
    picture = make_upload()
    for number, page in enumerate(chosen):
        make_prose(page, f'<p><a href="/page-{(number + 1) % many}/">x</a></p>')
        StrengthsBlock.objects.create(
            parent=page, region="main", ordering=20, heading="All", kind="shared"
        )
        make_picture_block(page, picture, ordering=30)
    publish_pages(chosen, by=editor)
    for number, page in enumerate(chosen):
        Page.objects.filter(pk=page.pk).update(slug=f"moved-{number}", lead="New.")
        ReviewRequest.objects.create(
            page=page, asked_by=editor, asked_at=timezone.now()
        )
    where = question_about(chosen)
    editor_client.get(where)
    with django_assert_num_queries(QUESTION):
        question = editor_client.get(where)
    seen = parse(question).one("input[name=seen]").value
    with django_assert_num_queries(PUBLISHING):
        editor_client.post(where, {"seen": seen})
    assert PageVersion.objects.filter(page__in=chosen, number=2).count() == many
    assert OldAddress.objects.filter(page__in=chosen).count() == many
    assert not ReviewRequest.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_batch_in_which_each_page_needs_the_next_costs_the_same(
    article: None, editor_client: Client, django_assert_num_queries: Any, many: int
) -> None:
    chosen = [make_page(f"page-{number}") for number in range(many)]
    for number, page in enumerate(chosen):
        make_prose(page, f'<p><a href="/page-{number + 1}/">x</a></p>')
    where = question_about(chosen)
    editor_client.get(where)
    with django_assert_num_queries(QUESTION):
        question = editor_client.get(where)
    assert len(question.context["refused"]) == many


# Offline


def test_question_names_the_pages_that_keep_it_on_the_site(
    pages: None, editor_client: Client
) -> None:
    page = Page.objects.get(slug="working-together")
    where = reverse("admin:content_page_withdraw", args=(page.pk,))
    shown = parse(editor_client.get(where))
    linking = Page.objects.get(slug="product-management")
    assert shown.values("#content-main .findings a") == [
        reverse("admin:content_page_change", args=(linking.pk,))
    ]
    assert not shown.has("#content-main form")
