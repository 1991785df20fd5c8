"""Default words of the first edition become those of this one; edited words stay.

The rows are those of a database that the first edition filled. Its staff have
published a change of one page, “Skills you need”.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils.text import slugify

from content import actions, editions, published, queries, word_actions
from content.article import PAGES, ROLES, STRENGTHS
from content.document import Document
from content.editions import renew, words_of
from content.models import (
    AuditEntry,
    Page,
    PageVersion,
    ProseBlock,
    Role,
    SiteWords,
    Strength,
    WorkflowBlock,
)
from content.review import page_statuses
from tests.support.articles import publish_page
from tests.upgrades.filled import put_content

pytestmark = pytest.mark.database


def waiting() -> list[str]:
    """Slugs of pages that wait to be published."""
    return [status.page.slug for status in page_statuses() if status.waits]


NEW = {page.slug: page for page in PAGES}
EDITED = "skills"
UNTOUCHED = [slug for slug in NEW if slug != EDITED]


@pytest.fixture(autouse=True)
def _first_edition(db: None) -> None:
    put_content()


def page(slug: str) -> Page:
    return Page.objects.get(slug=slug)


def shown(slug: str) -> Document:
    """What visitors see of a page."""
    version = queries.current_version(page(slug))
    assert version is not None
    return version.document()


def draft(slug: str) -> Document:
    return queries.draft(page(slug))


def is_new(document: Document) -> bool:
    return words_of(document) == words_of(NEW[document.slug])


def rows() -> list[Any]:
    models = (AuditEntry, Page, PageVersion, ProseBlock, Role, SiteWords, Strength)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def test_page_that_nobody_changed_gets_the_new_words() -> None:
    renew()
    assert [slug for slug in NEW if is_new(shown(slug))] == UNTOUCHED
    assert [slug for slug in NEW if draft(slug) == shown(slug)] == list(NEW)
    assert waiting() == []
    newest = PageVersion.objects.filter(number=2).exclude(page__slug=EDITED)
    assert {version.published_by for version in newest} == {None}
    assert [version.page.slug for version in newest.order_by("pk")] == UNTOUCHED


def test_earlier_state_of_a_page_stays_to_look_back_at() -> None:
    before = page("future").versions.get().content
    renew()
    assert page("future").versions.get(number=1).content == before


def test_page_that_staff_published_stays() -> None:
    before, states = shown(EDITED), PageVersion.objects.filter(page__slug=EDITED)
    count = states.count()
    report = renew()
    assert (shown(EDITED), draft(EDITED), states.count()) == (before, before, count)
    assert f"Kept your words: page {EDITED}." in report


def test_roles_strengths_and_site_words_get_the_new_words() -> None:
    renew()
    for text in ROLES:
        role = Role.objects.get(slug=text.slug)
        assert {name: getattr(role, name) for name in editions.ROLE_FIELDS} == {
            name: asdict(text)[name] for name in editions.ROLE_FIELDS
        }
    assert dict(Strength.objects.values_list("slug", "text")) == {
        slugify(text.name): text.text for texts in STRENGTHS.values() for text in texts
    }
    site, default = SiteWords.objects.get(), SiteWords()
    assert [getattr(site, name) for name in editions.SITE_FIELDS] == [
        getattr(default, name) for name in editions.SITE_FIELDS
    ]


def test_visitors_get_the_new_words_while_a_drafted_field_of_staff_stays() -> None:
    word_actions.publish_words(by=None)
    SiteWords.objects.update(footer="Our draft.")
    report = renew()
    words, site = published.load_words().words, SiteWords.objects.get()
    assert (words.footer, words.strapline) == (SiteWords().footer, site.strapline)
    assert (site.footer, site.strapline) == ("Our draft.", SiteWords().strapline)
    assert "Kept your words: site footer, draft." in report


def test_edited_field_stays_and_its_neighbors_are_renewed() -> None:
    Role.objects.filter(slug="project-manager").update(summary="Ours.")
    Strength.objects.filter(slug="communication").update(text="Ours, too.")
    SiteWords.objects.update(footer="Our footer.")
    report = renew()
    role = Role.objects.get(slug="project-manager")
    assert (role.summary, role.first_step) == ("Ours.", ROLES[0].first_step)
    assert Strength.objects.get(slug="communication").text == "Ours, too."
    site = SiteWords.objects.get()
    assert (site.footer, site.strapline) == ("Our footer.", SiteWords().strapline)
    assert report[1:] == [
        "Kept your words: site footer.",
        "Kept your words: role project-manager summary.",
        "Kept your words: strength communication text.",
        f"Kept your words: page {EDITED}.",
    ]


def test_open_draft_of_staff_stays_while_visitors_get_the_new_words() -> None:
    Page.objects.filter(slug="future").update(lead="Our lead.")
    before = draft("future")
    report = renew()
    assert is_new(shown("future"))
    assert draft("future") == before
    assert waiting() == ["future"]
    assert "Kept your words: page future, draft." in report


def test_draft_in_the_middle_of_writing_stays() -> None:
    WorkflowBlock.objects.update(steps="boss: decides")
    renew()
    assert WorkflowBlock.objects.get().steps == "boss: decides"
    assert is_new(shown("working-together"))


def test_old_words_that_staff_have_put_into_the_draft_stay() -> None:
    """Visitors see words of staff; the draft is the first edition once more."""
    actions.restore_page(
        page(EDITED).versions.get(number=1), by=User.objects.earliest("pk")
    )
    before = draft(EDITED)
    renew()
    assert draft(EDITED) == before
    assert not is_new(shown(EDITED))


def test_page_that_staff_moved_keeps_its_place() -> None:
    Page.objects.filter(slug="future").update(position=20, in_navigation=True)
    publish_page(page("future"), by=User.objects.earliest("pk"))
    renew()
    for document in (shown("future"), draft("future")):
        assert is_new(document)
        assert (document.position, document.in_navigation) == (20, True)


def test_page_with_another_address_gets_the_new_words_and_keeps_it() -> None:
    Page.objects.filter(slug="future").update(slug="ahead")
    publish_page(page("ahead"), by=User.objects.earliest("pk"))
    renew()
    for document in (shown("ahead"), draft("ahead")):
        assert words_of(replace(document, slug="future")) == words_of(NEW["future"])
        assert document.slug == "ahead"
    assert not Page.objects.filter(slug="future").exists()


def test_strength_that_staff_retired_leaves_the_page_only_with_their_publishing() -> (
    None
):
    Strength.objects.filter(slug="shaping-product-ideas").update(retired=True)
    renew()
    assert is_new(shown("choosing"))
    assert "shaping-product-ideas" in shown("choosing").strengths
    assert waiting() == ["choosing"]


def test_page_that_is_offline_stays_offline_with_the_new_words_in_its_draft() -> None:
    actions.withdraw_page(page("future"), by=User.objects.earliest("pk"))
    renew()
    assert queries.current_version(page("future")) is None
    assert is_new(draft("future"))


def test_page_whose_new_words_cannot_be_published_stays_and_says_why() -> None:
    """The new words of this page link to one that is gone."""
    PageVersion.objects.create(page=page("in-practice"), number=2, content="")
    before = shown("difference")
    report = renew()
    assert shown("difference") == draft("difference") == before
    assert "/in-practice/" in report[-1]
    assert is_new(shown("future"))


def test_every_renewed_text_is_written_down_without_an_actor() -> None:
    before = AuditEntry.objects.count()
    renew()
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert {entry.by for entry in entries} == {None}
    assert {entry.act for entry in entries} == {"publish"}
    assert entries[0].subject == "the words, state 1"
    assert len(entries) == 1 + len(UNTOUCHED)


def test_second_run_changes_nothing() -> None:
    renew()
    before = rows()
    assert renew() == []
    assert rows() == before


def test_old_words_that_staff_bring_back_later_stay() -> None:
    renew()
    staff = User.objects.earliest("pk")
    actions.restore_page(page("future").versions.get(number=1), by=staff)
    publish_page(page("future"), by=staff)
    before = shown("future")
    renew()
    assert shown("future") == draft("future") == before


def test_failure_in_the_middle_changes_nothing(monkeypatch) -> None:
    before = rows()

    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "publish_document", fail)
    with pytest.raises(RuntimeError):
        renew()
    assert rows() == before


def test_loading_the_article_renews_and_the_site_shows_it(
    client, capsys, django_capture_on_commit_callbacks
) -> None:
    published.current()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_article")
    assert published.current().words.strapline == SiteWords().strapline
    assert "Kept your words: page skills.\n" in capsys.readouterr().out
    call_command("load_article")
    assert capsys.readouterr().out == "The article is up to date.\n"


def test_site_without_words_is_left_alone() -> None:
    SiteWords.objects.all().delete()
    before = rows()
    assert renew() == []
    assert rows() == before


def test_every_default_text_has_its_hash_of_then() -> None:
    strengths = [slugify(text.name) for texts in STRENGTHS.values() for text in texts]
    assert sorted(editions.first_edition()) == sorted(
        [
            *(f"page {slug}" for slug in NEW),
            *(
                f"role {role.slug} {field}"
                for role in ROLES
                for field in editions.ROLE_FIELDS
            ),
            *(f"strength {slug} text" for slug in strengths),
            *(f"site {field}" for field in editions.SITE_FIELDS),
        ]
    )
