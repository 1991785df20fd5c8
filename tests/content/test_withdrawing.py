"""Taking a page offline, and bringing it back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from content import published, queries
from content.actions import PublishError, withdraw_page
from content.models import AuditEntry, Page, PageVersion
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import parse
from tests.support.pages import template_of

pytestmark = pytest.mark.database


@pytest.fixture
def page(article, editor) -> Page:
    """One that nobody links to, published."""
    page = make_page()
    make_prose(page)
    publish_page(page, by=editor)
    return page


def leads_to_new_page(client: Client) -> tuple[bool, bool]:
    """Whether the contents and the sitemap list the page."""
    return (
        parse(client.get("/")).has("#contents a[href=/new-page/]"),
        f"{settings.BASE_URL}/new-page/"
        in parse(client.get("/sitemap.xml")).texts("loc"),
    )


def test_page_leaves_the_site_and_its_address_says_so(
    page, editor, client: Client, django_capture_on_commit_callbacks
) -> None:
    assert client.get("/new-page/").status_code == 200
    assert leads_to_new_page(client) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        mark = withdraw_page(page, by=editor)
    assert (mark.number, mark.published_by, mark.is_offline) == (2, editor, True)
    gone = client.get("/new-page/")
    assert (gone.status_code, template_of(gone)) == (410, "content/offline.html")
    assert leads_to_new_page(client) == (False, False)
    assert client.get("/never-heard-of/").status_code == 404
    entry = AuditEntry.objects.first()
    assert (entry.by, entry.act, entry.subject) == (
        editor,
        "revoke",
        "“New page”, taken offline",
    )


def test_page_of_another_slug_stays(page, editor, client: Client) -> None:
    assert parse(client.get("/skills/")).has("#contents a[href=/new-page/]")
    withdraw_page(page, by=editor)
    published.forget()
    assert client.get("/skills/").status_code == 200


def test_publishing_again_brings_the_page_back(page, editor, client: Client) -> None:
    withdraw_page(page, by=editor)
    assert publish_page(page, by=editor).number == 3
    published.forget()
    assert client.get("/new-page/").status_code == 200
    assert queries.current_version(page).number == 3


@pytest.mark.parametrize(
    "link", ["/new-page/", "/new-page/#contents", "http://localhost:8000/new-page/"]
)
def test_page_that_another_links_to_stays(page, editor, link: str) -> None:
    other = make_page("other", title="Other")
    make_prose(other, f'<p><a href="/quiz/">x</a> <a href="{link}">y</a></p>')
    publish_page(other, by=editor)
    with pytest.raises(PublishError) as refusal:
        withdraw_page(page, by=editor)
    assert refusal.value.findings == (
        "“New page” stays on the site because “Other” links to it. "
        "Change that page first.",
    )
    assert PageVersion.objects.filter(content="").count() == 0


def test_links_of_drafts_of_elsewhere_and_of_the_page_itself_do_not_hold_it(
    page, editor
) -> None:
    make_prose(make_page("draft"), '<p><a href="/new-page/">x</a></p>')
    make_prose(
        page, '<p><a href="#contents">x</a> <a href="/new-page/">y</a></p>', ordering=20
    )
    publish_page(page, by=editor)
    other = make_page("other")
    make_prose(other, '<p><a href="https://example.org/new-page/">x</a></p>')
    publish_page(other, by=editor)
    assert withdraw_page(page, by=editor).number == 3


def test_page_that_is_not_public_cannot_be_taken_offline(page, editor) -> None:
    withdraw_page(page, by=editor)
    for each in (page, make_page("never")):
        with pytest.raises(PublishError, match="isn’t on the site"):
            withdraw_page(each, by=editor)


def test_link_to_a_page_that_is_offline_is_a_finding(page, editor) -> None:
    withdraw_page(page, by=editor)
    other = make_page("other")
    make_prose(other, '<p><a href="/new-page/">x</a></p>')
    with pytest.raises(PublishError, match="goes to a page that isn’t published"):
        publish_page(other, by=editor)
