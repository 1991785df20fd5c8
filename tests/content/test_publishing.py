"""Drafts, published states, and the way back."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from content import published, queries
from content.actions import PublishError, publish_pages, restore_page
from content.document import fingerprint
from content.models import (
    CallToActionBlock,
    ListBlock,
    Page,
    PageVersion,
    ProseBlock,
    Role,
    Strength,
    StrengthsBlock,
    WorkflowBlock,
)
from content.review import review_pages
from tests.support.articles import (
    make_page,
    make_prose,
    make_role,
    publish_drafted_words,
    publish_page,
)
from tests.support.dom import parse

pytestmark = pytest.mark.database


def test_publishing_freezes_the_draft_as_the_next_state(article, editor) -> None:
    page = Page.objects.get(slug="skills")
    page.title = "Skills and more"
    page.save()
    version = publish_page(page, by=editor)
    assert (version.number, version.published_by, version.document().title) == (
        2,
        editor,
        "Skills and more",
    )


def test_publishing_an_unchanged_page_makes_no_new_state(article, editor) -> None:
    version = publish_page(Page.objects.get(slug="skills"), by=editor)
    assert (version.number, PageVersion.objects.count()) == (1, 8)


def test_published_page_shows_at_once(
    article, editor, client: Client, django_capture_on_commit_callbacks
) -> None:
    client.get("/skills/")
    page = Page.objects.get(slug="skills")
    page.title = "Skills and more"
    page.save()
    with django_capture_on_commit_callbacks(execute=True):
        publish_page(page, by=editor)
    assert parse(client.get("/skills/")).one("h1").text == "Skills and more"


def test_saved_draft_never_reaches_visitors(article, client: Client) -> None:
    before = client.get("/skills/").content
    Page.objects.filter(slug="skills").update(
        title="Changed", position=1, in_navigation=True
    )
    ProseBlock.objects.filter(parent__slug="skills").delete()
    published.forget()
    assert client.get("/skills/").content == before


def test_unpublished_page_is_not_found(article, client: Client) -> None:
    make_prose(make_page())
    assert client.get("/new-page/").status_code == 404


def test_restoring_puts_an_old_state_back_into_the_draft_only(
    article, editor, client: Client
) -> None:
    page = Page.objects.get(slug="working-together")
    first = page.versions.get()
    live = client.get("/working-together/").content
    Page.objects.filter(pk=page.pk).update(title="Changed", lead="Changed", position=1)
    WorkflowBlock.objects.filter(parent=page).delete()
    CallToActionBlock.objects.filter(parent=page).update(booking=True)
    restore_page(first, by=editor)
    page.refresh_from_db()
    assert queries.draft(page) == first.document()
    assert PageVersion.objects.count() == 8
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (
        editor,
        str(page.pk),
        "Restored published state 1 to the draft.",
    )
    assert client.get("/working-together/").content == live


@pytest.mark.parametrize(
    "slug",
    [
        "difference",
        "project-management",
        "product-management",
        "in-practice",
        "working-together",
        "skills",
        "choosing",
        "future",
    ],
)
def test_restored_page_equals_its_published_state(article, editor, slug: str) -> None:
    version = PageVersion.objects.get(page__slug=slug)
    assert queries.draft(restore_page(version, by=editor)) == version.document()


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            '<p><a href="/nowhere/at/all/">x</a></p>',
            "the link “/nowhere/at/all/” goes to a page that doesn’t exist",
        ),
        (
            '<p><a href="/new-pages/">x</a></p>',
            "the link “/new-pages/” goes to a page that isn’t published",
        ),
        (
            '<p><a href="/skills/#juggling">x</a></p>',
            "the link “/skills/#juggling” goes to a place that isn’t on that page",
        ),
        (
            '<p><a href="/#juggling">x</a></p>',
            "the link “/#juggling” goes to a place that isn’t on that page",
        ),
        (
            '<p><a href="//LOCALHOST:8000/nowhere/">x</a></p>',
            (
                "the link “//LOCALHOST:8000/nowhere/” goes to a page that isn’t"
                " published"
            ),
        ),
        (
            '<p><a href="http://localhost:8000/nowhere/at/all/">x</a></p>',
            (
                "the link “http://localhost:8000/nowhere/at/all/” goes to a page that"
                " doesn’t exist"
            ),
        ),
        (
            '<p><a href="https://localhost:8000/skills/#juggling">x</a></p>',
            (
                "the link “https://localhost:8000/skills/#juggling” goes to a place"
                " that isn’t on that page"
            ),
        ),
        (
            '<p><a href="#juggling">x</a></p>',
            "the link “#juggling” goes to a place that isn’t on that page",
        ),
        (
            '<p><a href="javascript:alert(1)">x</a></p>',
            "a link has no address, or a kind of address that isn’t allowed",
        ),
        (
            '<p><a href="skills/">x</a></p>',
            (
                "the link “skills/” has to start with https:// or with a slash, like"
                " /skills/"
            ),
        ),
    ],
)
def test_page_with_a_broken_link_is_refused(
    article, editor, text: str, finding: str
) -> None:
    page = make_page()
    make_prose(page, text)
    with pytest.raises(PublishError) as refusal:
        publish_page(page, by=editor)
    assert refusal.value.findings == (
        f"“New page” can’t be published: in “Some words”, {finding}.",
    )
    assert PageVersion.objects.count() == 8


@pytest.mark.parametrize(
    "link",
    [
        "/skills/#product-vision",
        "/skills/",
        "/quiz/",
        "/method/",
        "/#contents",
        "/new-page/",
        "#contents",
        "https://example.org/",
        "https://example.org/skills/#juggling",
        "http://localhost:8000",
        "http://localhost:8000/skills/#product-vision",
        "http://localhost/nowhere/",
        "mailto:a@example.org",
    ],
)
def test_page_with_a_good_link_is_published(article, editor, link: str) -> None:
    page = make_page()
    make_prose(page, f'<p><a href="{link}">x</a></p>')
    assert publish_page(page, by=editor).number == 1


@pytest.mark.parametrize(
    "link", ["/skills/#communication", "http://localhost:8000/skills/#communication"]
)
def test_place_that_another_public_page_links_to_stays(
    article, editor, link: str
) -> None:
    other, skills = make_page("other", title="Other"), Page.objects.get(slug="skills")
    block = make_prose(
        other,
        f'<p><a href="{link}">x</a> <a href="/skills/#contents">y</a> <a'
        ' href="/skills/">z</a></p>',
    )
    publish_page(other, by=editor)
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    refused = (
        "“Skills you need” can’t be published: “Other” links to"
        " “#communication” on this page, which is no longer here. Fix that link first."
    )
    with pytest.raises(PublishError) as refusal:
        publish_page(skills, by=editor)
    assert refusal.value.findings == (refused,)
    assert [finding.sentence for finding in review_pages([skills])[0].findings] == [
        refused.partition(": ")[2]
    ]
    block.text = "<p>Mended.</p>"
    block.save()
    assert [each.findings for each in review_pages([other, skills])] == [[], []]
    assert [
        version.number for version in publish_pages([other, skills], by=editor)
    ] == [2, 2]


def test_draft_alone_holds_no_place_of_another_page(article, editor) -> None:
    make_prose(make_page("other"), '<p><a href="/skills/#communication">x</a></p>')
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    assert publish_page(Page.objects.get(slug="skills"), by=editor).number == 2


def test_new_pages_may_link_to_each_other_when_published_together(
    article, editor
) -> None:
    pages = [make_page("one"), make_page("two")]
    make_prose(pages[0], '<p><a href="/two/">x</a></p>')
    make_prose(pages[1], '<p><a href="/one/">x</a></p>')
    with pytest.raises(PublishError, match="isn’t published"):
        publish_page(pages[0], by=editor)
    assert [version.number for version in publish_pages(pages, by=editor)] == [1, 1]


def test_one_bad_page_keeps_the_others_from_being_published(article, editor) -> None:
    good, bad = make_page("good"), make_page("bad", title="Bad")
    make_prose(good)
    with pytest.raises(
        PublishError, match="“Bad” can’t be published: it has no blocks."
    ):
        publish_pages([good, bad], by=editor)
    assert PageVersion.objects.count() == 8


def test_page_with_missing_text_is_refused(article, editor) -> None:
    page = make_page(lead="")
    ListBlock.objects.create(parent=page, region="main", heading="Empty", lines="")
    with pytest.raises(PublishError) as refusal:
        publish_page(page, by=editor)
    assert refusal.value.findings == (
        "“New page” can’t be published: lead: still empty.",
        "“New page” can’t be published: in “Empty”, lines: still empty.",
    )


def test_page_that_lists_strengths_twice_is_refused(article, editor) -> None:
    page, role = make_page(), Role.objects.get(slug="project-manager")
    for ordering in (1, 2):
        StrengthsBlock.objects.create(
            parent=page,
            region="main",
            ordering=ordering,
            heading="Key",
            kind="key",
            role=role,
        )
    with pytest.raises(PublishError, match="already listed higher up"):
        publish_page(page, by=editor)


def test_page_whose_list_of_strengths_is_empty_is_refused(article, editor) -> None:
    Strength.objects.filter(kind="shared").update(retired=True)
    publish_drafted_words()
    with pytest.raises(PublishError, match="there are no strengths to list"):
        publish_page(Page.objects.get(slug="skills"), by=editor)


def test_strength_takes_its_name_of_today_and_stays_where_it_is_published_when_retired(
    article, client: Client
) -> None:
    Strength.objects.filter(slug="communication").update(
        name="Talking and listening", retired=True
    )
    publish_drafted_words()
    paragraph = parse(client.get("/skills/")).one("#communication")
    assert paragraph.one("h3").text == "Talking and listening"


def test_retired_strength_leaves_the_page_with_its_next_publishing(
    article, editor
) -> None:
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    assert (
        "communication"
        not in publish_page(Page.objects.get(slug="skills"), by=editor)
        .document()
        .strengths
    )


def test_strength_leads_to_its_paragraph(article) -> None:
    assert (
        published.current().strengths["product-vision"].url == "/skills/#product-vision"
    )
    assert (
        published.current().strengths["shaping-product-ideas"].url
        == "/choosing/#shaping-product-ideas"
    )


@pytest.mark.parametrize("slug", ["quiz", "r", "admin", "accounts", "method", "static"])
def test_page_address_that_begins_another_address_is_refused(db, slug: str) -> None:
    page = Page(slug=slug, title="T", nav_title="T", description="T", lead="T")
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert refusal.value.error_dict.keys() == {"slug"}


def test_page_address_that_is_free_is_taken(db) -> None:
    Page(
        slug="quizzes", title="T", nav_title="T", description="T", lead="T"
    ).full_clean()


@pytest.mark.parametrize(
    "row",
    [
        Strength(slug="x", name="X", kind="shared", role_id=1),
        Strength(slug="x", name="X", kind="key", role_id=None),
        Role(slug="programme-manager", name="X", position=1),
        Role(slug="product-manager", name="X", position=3),
    ],
)
def test_database_refuses_what_the_model_rules_out(db, row) -> None:
    make_role(pk=1, position=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_publisher_publishes_only_what_they_have_looked_at(article, editor) -> None:
    page = make_page()
    block = make_prose(page)
    seen = fingerprint([queries.draft(page)])
    block.text = "<p>Slipped in.</p>"
    block.save()
    with pytest.raises(PublishError, match="saved a draft after you looked at it"):
        publish_pages([page], by=editor, seen=seen)
    assert not page.versions.exists()
    assert [
        version.number
        for version in publish_pages(
            [page], by=editor, seen=fingerprint([queries.draft(page)])
        )
    ] == [1]
