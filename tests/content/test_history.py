"""Drafts of pages and of words keep what they said before."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import actions, word_actions
from content.models import (
    AuditEntry,
    FormerWords,
    Page,
    ProseBlock,
    SavedDraft,
    SiteWords,
    Strength,
)
from content.moments import moment_words
from tests.support.articles import make_page, make_prose
from tests.support.dom import parse
from tests.support.editing import sign_in
from tests.support.forms import opened
from tests.support.pages import levels

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"accept": "application/json"}
TEXT = "content_proseblock_set-0-text"


@pytest.fixture
def draft(article: object) -> Page:
    draft = make_page()
    make_prose(draft)
    return draft


def change(row: Page | SiteWords | Strength) -> str:
    return reverse(f"admin:content_{row._meta.model_name}_change", args=[row.pk])


def save(client: Client, page: Page, by_script: bool = False, **words: str) -> None:
    headers = BY_SCRIPT if by_script else {}
    answer = client.post(
        change(page), opened(client, change(page)) | words, headers=headers
    )
    assert answer.status_code in (200, 302)


def leads(page: Page) -> list[str]:
    return [draft.document().lead for draft in page.drafts.all()]


def test_every_saved_draft_is_kept_and_the_one_before_the_first(
    draft: Page, editor_client: Client, editor: User
) -> None:
    save(editor_client, draft, lead="One")
    save(editor_client, draft, lead="Two")
    save(editor_client, draft, lead="Two")  # changes nothing
    assert leads(draft) == ["Two", "One", "This is new."]
    by = [saved.saved_by for saved in draft.drafts.all()]
    assert by == [editor, editor, None]


def test_saves_of_the_script_are_one_draft_for_ten_minutes(
    draft: Page, editor_client: Client
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for minutes in (0, 4, 9, 11, 12):
            clock.move_to(now + timedelta(minutes=minutes))
            save(editor_client, draft, True, lead=f"After {minutes}")
        save(editor_client, draft, lead="By the button")
    assert leads(draft) == ["By the button", "After 12", "After 9", "This is new."]


def test_saves_of_two_people_are_two_drafts(draft: Page, editor_client: Client) -> None:
    other = sign_in(User.objects.create_superuser("eve", "eve@example.org", "x y z"))
    save(editor_client, draft, True, lead="Ada")
    save(other, draft, True, lead="Eve")
    assert leads(draft) == ["Eve", "Ada", "This is new."]


def test_draft_is_compared_and_restored_and_nothing_is_lost(
    draft: Page, editor_client: Client
) -> None:
    save(editor_client, draft, lead="Old", **{TEXT: "<p>Old text</p>"})
    save(editor_client, draft, lead="New", **{TEXT: "<p>New text</p>"})
    # Written past the form: it is kept all the same.
    Page.objects.filter(pk=draft.pk).update(lead="Newest")
    old = next(saved for saved in draft.drafts.all() if saved.document().lead == "Old")
    states = editor_client.get(reverse("admin:content_page_states", args=[draft.pk]))
    links = parse(states).values(f"a[href$='after=saved-{old.pk}']")
    assert len(links) == 1
    compared = editor_client.get(
        reverse("admin:content_page_difference", args=[draft.pk])
        + f"?before=draft&after=saved-{old.pk}"
    )
    assert compared.status_code == 200
    restore = reverse("admin:content_page_restore_draft", args=[draft.pk, old.pk])
    assert restore in parse(compared).values("form[method=post]")
    assert editor_client.post(restore).status_code == 302
    draft.refresh_from_db()
    assert draft.lead == "Old"
    told = LogEntry.objects.latest("pk").get_change_message()
    assert told == f"Restored the draft of {moment_words(old.saved_at)}."
    assert ProseBlock.objects.get(parent=draft).text == "<p>Old text</p>"
    assert leads(draft)[:3] == ["Old", "Newest", "New"]


def test_restoring_refuses_strangers_readers_and_other_pages(
    draft: Page, editor_client: Client, publisher_client: Client
) -> None:
    save(editor_client, draft, lead="Old")
    saved = draft.drafts.last()
    assert saved is not None
    name = "admin:content_page_restore_draft"
    address = reverse(name, args=[draft.pk, saved.pk])
    assert publisher_client.post(address).status_code == 403
    assert editor_client.get(address).status_code == 405
    other = Page.objects.exclude(pk=draft.pk).first()
    assert other is not None
    assert (
        editor_client.post(reverse(name, args=[other.pk, saved.pk])).status_code == 404
    )
    assert Client().post(address).status_code == 302
    draft.refresh_from_db()
    assert draft.lead == "Old"


def test_restored_state_keeps_the_draft_before_it(
    article: object, editor: User
) -> None:
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(lead="Only in the draft")
    actions.restore_page(page.versions.latest("number"), by=editor)
    assert "Only in the draft" in leads(page)


def test_draft_goes_with_its_page(draft: Page, editor_client: Client) -> None:
    save(editor_client, draft, lead="Old")
    draft.delete()
    assert not SavedDraft.objects.exists()


def test_drafted_words_are_put_back(article: object, editor_client: Client) -> None:
    words = SiteWords.objects.get()
    before = words.footer
    place = change(words)
    editor_client.post(place, opened(editor_client, place) | {"footer": "New"})
    former = FormerWords.objects.get()
    assert former.values == {"footer": before}
    history = reverse("admin:content_sitewords_history", args=[1])
    put_back = reverse("admin:content_sitewords_put_back", args=[1, former.pk])
    shown = parse(editor_client.get(history))
    assert put_back in shown.values("form[method=post]")
    done = editor_client.post(put_back, follow=True)
    assert levels(done) == ["success", "info"]
    words.refresh_from_db()
    assert words.footer == before
    # That is a change, too, and can be undone.
    assert [one.values for one in FormerWords.objects.all()] == [
        {"footer": "New"},
        {"footer": before},
    ]
    # Only what visitors see is in the trail.
    assert not AuditEntry.objects.filter(act=AuditEntry.Act.CHANGE).exists()


def test_role_of_a_strength_and_its_number_are_put_back(
    article: object, editor_client: Client
) -> None:
    strength = Strength.objects.exclude(role=None).first()
    assert strength is not None
    was = (strength.name, strength.position, strength.retired)
    place = change(strength)
    fields = opened(editor_client, place) | {
        "name": "Another name",
        "position": "7",
        "retired": "on",
    }
    assert editor_client.post(place, fields).status_code == 302
    former = FormerWords.objects.get()
    put_back = reverse("admin:content_strength_put_back", args=[strength.pk, former.pk])
    editor_client.post(put_back)
    strength.refresh_from_db()
    assert (strength.name, strength.position, strength.retired) == was


def test_words_that_are_taken_meanwhile_are_not_put_back(
    article: object, editor: User, editor_client: Client
) -> None:
    one, two = Strength.objects.order_by("pk")[:2]
    former = word_actions.keep_former_words(one, {"name": two.name}, by=editor)
    assert former is not None
    with pytest.raises(ValidationError):
        word_actions.put_back_words(former, one, by=editor)
    put_back = reverse("admin:content_strength_put_back", args=[one.pk, former.pk])
    assert levels(editor_client.post(put_back, follow=True)) == ["error"]
    name = one.name
    one.refresh_from_db()
    assert one.name == name


def test_field_that_the_model_no_longer_has_is_left_out(
    article: object, editor: User, editor_client: Client
) -> None:
    words = SiteWords.objects.get()
    for values in ({"motto": "Gone."}, {"motto": "Gone.", "footer": "Old."}):
        former = word_actions.keep_former_words(words, values, by=editor)
    assert former is not None
    history = parse(
        editor_client.get(reverse("admin:content_sitewords_history", args=[1]))
    )
    assert history.texts(".change dd") == ["Old."]
    word_actions.put_back_words(former, words, by=editor)
    assert SiteWords.objects.get().footer == "Old."


def test_putting_back_refuses_others_and_unknown_rows(
    article: object, editor: User, editor_client: Client, publisher_client: Client
) -> None:
    one, two = Strength.objects.order_by("pk")[:2]
    former = word_actions.keep_former_words(one, {"name": "Old"}, by=editor)
    assert former is not None
    address = reverse("admin:content_strength_put_back", args=[one.pk, former.pk])
    assert publisher_client.post(address).status_code == 403
    assert editor_client.get(address).status_code == 405
    for pk, number in ((two.pk, former.pk), (one.pk, former.pk + 1), (99_999, 1)):
        other = reverse("admin:content_strength_put_back", args=[pk, number])
        assert editor_client.post(other).status_code == 404
