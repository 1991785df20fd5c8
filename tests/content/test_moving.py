"""The address of a page changes: old ones lead on, links follow, others keep off."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from assessments.queries.dashboard import has_call
from content import published, queries
from content.actions import (
    PublishError,
    publish_pages,
    restore_page,
    withdraw_page,
)
from content.document import Document, Prose, relinked
from content.models import AuditEntry, OldAddress, Page, PageVersion, ProseBlock
from content.review import page_statuses, review_pages
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import parse
from tests.support.pages import template_of

pytestmark = pytest.mark.database


def move(page: Page, slug: str, *, by: User | None = None) -> None:
    page = Page.objects.get(pk=page.pk)
    page.slug = slug
    page.full_clean()
    page.save()
    publish_page(page, by=by)
    published.forget()


@pytest.fixture
def skills(article: None) -> Page:
    return Page.objects.get(slug="skills")


def answer(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.get("Location", "")


def test_old_address_leads_to_the_new_one_in_the_contents_and_the_sitemap(
    skills: Page, editor: User, client: Client
) -> None:
    move(skills, "talents", by=editor)
    assert answer(client, "/skills/") == (301, "/talents/")
    assert parse(client.get("/talents/")).one("h1").text == "Skills you need"
    addresses = parse(client.get("/sitemap.xml")).texts("loc")
    assert f"{settings.BASE_URL}/talents/" in addresses
    assert f"{settings.BASE_URL}/skills/" not in addresses
    contents = parse(client.get("/")).values("#contents a")
    assert "/talents/" in contents
    assert "/skills/" not in contents
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.by, entry.act) == (editor, "change")
    assert "“/skills/”" in entry.subject
    assert "“/talents/”" in entry.subject


def test_every_old_address_leads_straight_to_the_last_one(
    skills: Page, client: Client
) -> None:
    for slug in ("talents", "abilities"):
        move(skills, slug)
    for path in ("/skills/", "/talents/"):
        assert answer(client, path) == (301, "/abilities/")


def test_page_takes_an_address_of_its_own_again(skills: Page, client: Client) -> None:
    move(skills, "talents")
    move(skills, "skills")
    assert answer(client, "/talents/") == (301, "/skills/")
    assert answer(client, "/skills/")[0] == 200
    assert [str(old) for old in OldAddress.objects.all()] == ["/talents/"]


def test_address_of_a_draft_is_not_public(skills: Page, client: Client) -> None:
    Page.objects.filter(pk=skills.pk).update(slug="talents")
    published.forget()
    assert answer(client, "/skills/")[0] == 200
    assert answer(client, "/talents/")[0] == 404
    [status] = [each for each in page_statuses() if each.page == skills]
    assert (status.state, status.waits, status.findings) == ("differs", True, [])


@pytest.mark.parametrize("moved", ["published", "drafted"])
def test_address_that_another_page_has_or_had_is_refused(
    skills: Page, editor_client: Client, moved: str
) -> None:
    if moved == "published":
        move(skills, "talents")
    Page.objects.filter(pk=skills.pk).update(slug="abilities")
    other = make_page("other")
    refused = ("skills", "talents") if moved == "published" else ("skills",)
    for slug in refused:
        other.slug = slug
        with pytest.raises(ValidationError) as refusal:
            other.full_clean()
        assert refusal.value.error_dict.keys() == {"slug"}
        posted = {"title": "Other", "slug": slug}
        page = reverse("admin:content_page_change", args=(other.pk,))
        shown = editor_client.post(page, posted | no_blocks(editor_client, page))
        assert shown.context["adminform"].form.errors.keys() == {"slug"}
    # Written past the form, it is refused at publishing.
    Page.objects.filter(pk=other.pk).update(slug="skills")
    make_prose(other)
    [review] = review_pages([Page.objects.get(pk=other.pk)])
    assert [finding.field for finding in review.findings] == ["slug"]
    [status] = [each for each in page_statuses() if each.page == other]
    assert [finding.field for finding in status.findings] == ["slug"]
    with pytest.raises(PublishError):
        publish_page(other, by=None)


def no_blocks(client: Client, page: str) -> dict[str, Any]:
    """The management fields of every kind of block."""
    return {
        field.attributes["name"]: field.value
        for field in parse(client.get(page)).all("input[type=hidden]")
        if field.attributes["name"].endswith("_FORMS")
    }


@pytest.mark.parametrize("slug", ["quiz", "admin", "a b", "é"])
def test_address_of_something_else_is_refused(skills: Page, slug: str) -> None:
    skills.slug = slug
    with pytest.raises(ValidationError) as refusal:
        skills.full_clean()
    assert refusal.value.error_dict.keys() == {"slug"}


LINKS = (
    '<p><a href="/skills/">a</a> <a href="/skills/#communication">b</a> '
    '<a href="/skills/?x=1">c</a> <a href="/skills-more/">d</a> '
    '<a href="https://example.org/skills/">e</a> /skills/</p>'
)


def test_links_of_published_words_lead_to_the_new_address(
    skills: Page, client: Client
) -> None:
    other = make_page("other")
    text = LINKS.replace(' <a href="/skills-more/">d</a>', "")
    text = text.replace(' <a href="/skills/?x=1">c</a>', "")
    make_prose(other, text)
    publish_page(other, by=None)
    before = PageVersion.objects.get(page=other).content
    move(skills, "talents")
    links = parse(client.get("/other/")).values("article section a")
    assert links[:3] == [
        "/talents/",
        "/talents/#communication",
        "https://example.org/skills/",
    ]
    # The state of then and the draft stay as they are, and nothing waits.
    assert PageVersion.objects.get(page=other).content == before
    assert queries.draft(other) == PageVersion.objects.get(page=other).document()
    assert [each for each in page_statuses() if each.waits] == []


def test_only_links_to_the_page_itself_are_changed() -> None:
    page = Document("a", "", "", "", "", 1, False, (Prose("", LINKS),))
    [block] = relinked(page, {"skills": "talents"}).blocks
    assert isinstance(block, Prose)
    assert block.text == (
        '<p><a href="/talents/">a</a> <a href="/talents/#communication">b</a> '
        '<a href="/talents/?x=1">c</a> <a href="/skills-more/">d</a> '
        '<a href="https://example.org/skills/">e</a> /skills/</p>'
    )
    assert relinked(page, {}) is page


@pytest.mark.parametrize(
    ("link", "broken"),
    [("/skills/", 0), ("/skills/#communication", 0), ("/skills/#nowhere", 1)],
)
def test_draft_may_link_to_the_old_address_and_its_places(
    skills: Page, link: str, broken: int
) -> None:
    move(skills, "talents")
    other = make_page("other")
    make_prose(other, f'<p><a href="{link}">x</a></p>')
    [review] = review_pages([other])
    assert len(review.findings) == broken
    [status] = [each for each in page_statuses() if each.page == other]
    assert len(status.findings) == broken


def test_page_moves_together_with_one_that_links_to_its_new_address(
    skills: Page,
) -> None:
    other = make_page("other")
    make_prose(other, '<p><a href="/talents/">x</a> <a href="/skills/">y</a></p>')
    Page.objects.filter(pk=skills.pk).update(slug="talents")
    with pytest.raises(PublishError, match="isn’t published"):
        publish_page(other, by=None)
    assert len(publish_pages([skills, other], by=None)) == 2


def test_place_that_others_link_to_by_the_old_address_has_to_stay(
    skills: Page,
) -> None:
    other = make_page("other")
    make_prose(other, '<p><a href="/skills/#communication">x</a></p>')
    publish_page(other, by=None)
    move(skills, "talents")
    skills.content_strengthsblock_set.all().delete()
    make_prose(skills)
    with pytest.raises(PublishError) as refusal:
        publish_page(skills, by=None)
    assert any("#communication" in text for text in refusal.value.findings)


def test_page_that_others_link_to_by_its_old_address_stays_on_the_site(
    article: None, editor: User
) -> None:
    page, other = make_page("new-page"), make_page("other", title="Other")
    make_prose(page)
    publish_page(page, by=editor)
    make_prose(other, '<p><a href="/new-page/">x</a></p>')
    publish_page(other, by=editor)
    move(page, "moved")
    with pytest.raises(PublishError, match="“Other”"):
        withdraw_page(page, by=editor)


def test_addresses_of_a_page_that_is_offline_say_so(
    article: None, editor: User, client: Client
) -> None:
    page = make_page("new-page")
    make_prose(page)
    publish_page(page, by=editor)
    move(page, "moved")
    # A draft with yet another address.
    Page.objects.filter(pk=page.pk).update(slug="elsewhere")
    withdraw_page(page, by=editor)
    published.forget()
    assert answer(client, "/new-page/") == (301, "/moved/")
    gone = client.get("/moved/")
    assert (gone.status_code, template_of(gone)) == (410, "content/offline.html")
    assert answer(client, "/elsewhere/")[0] == 404
    publish_page(Page.objects.get(pk=page.pk), by=editor)
    published.forget()
    assert answer(client, "/moved/") == (301, "/elsewhere/")
    assert answer(client, "/elsewhere/")[0] == 200


def test_preview_shows_the_page_in_its_place_once(
    skills: Page, editor_client: Client
) -> None:
    Page.objects.filter(pk=skills.pk).update(slug="talents")
    make_prose(skills, '<p><a href="/skills/">x</a></p>', ordering=999)
    where = reverse("admin:content_page_preview", args=(skills.pk,))
    shown = parse(editor_client.get(where))
    contents = shown.values("#contents a")
    assert "/talents/" in contents
    assert "/skills/" not in contents


def test_restored_state_leaves_the_address_alone(
    skills: Page, editor: User, editor_client: Client
) -> None:
    move(skills, "talents")
    ProseBlock.objects.filter(parent=skills).delete()
    asked = {"before": "draft", "after": "1"}
    where = reverse("admin:content_page_difference", args=(skills.pk,))
    found = editor_client.get(where, asked).context["difference"]
    assert found.page == ()
    first = PageVersion.objects.get(page=skills, number=1)
    assert restore_page(first, by=editor).slug == "talents"


def test_role_leads_to_the_new_address_of_its_page(
    article: None, client: Client
) -> None:
    page = Page.objects.get(slug="project-management")
    move(page, "projects")
    [role] = [each for each in published.current().roles if each.sign == "project"]
    assert (role.url, role.page_title) == ("/projects/", page.title)


def test_clicks_on_a_page_that_moved_still_count(skills: Page) -> None:
    move(skills, "talents")
    assert has_call("/talents/")
    assert not has_call("/skills/")
