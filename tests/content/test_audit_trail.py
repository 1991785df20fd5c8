"""Who did what is written down by the act itself, and stays as it was written."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from content.actions import PublishError, publish_pages, restore_page
from content.models import AuditEntry, Page
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.dom import parse
from tests.support.editing import sign_in

pytestmark = pytest.mark.database

LIST = reverse("admin:content_auditentry_changelist")


def entries() -> list[tuple[User | None, str, str]]:
    """Newest first."""
    return [
        (entry.by, entry.act, entry.subject)
        for entry in AuditEntry.objects.select_related("by")
    ]


@pytest.fixture
def written(db: None) -> Page:
    page = make_page()
    make_prose(page)
    return page


@pytest.fixture
def reader(db: None) -> Client:
    """Cleo: may see the trail, and nothing else."""
    cleo = User.objects.create_user(
        "cleo", "cleo@example.org", "correct horse battery", is_staff=True
    )
    cleo.user_permissions.set(Permission.objects.filter(codename="view_auditentry"))
    return sign_in(cleo)


def test_publishing_and_restoring_are_written_down_with_their_actor(
    written: Page, editor: User
) -> None:
    version = publish_page(written, by=editor)
    restore_page(version, by=editor)
    assert entries() == [
        (editor, "restore", "“New page”, state 1, to the draft"),
        (editor, "publish", "“New page”, state 1"),
    ]


def test_what_comes_with_the_software_is_written_down_without_an_actor(
    article: None,
) -> None:
    # The words and eight pages.
    assert [(by, act) for by, act, _ in entries()] == [(None, "publish")] * 9


def test_each_page_that_is_published_has_its_entry_and_an_unchanged_one_has_none(
    written: Page, editor: User
) -> None:
    publish_page(written, by=editor)
    other = make_page("other", title="Other")
    make_prose(other)
    publish_pages([written, other], by=editor)
    assert entries() == [
        (editor, "publish", "“Other”, state 1"),
        (editor, "publish", "“New page”, state 1"),
    ]


def test_refused_publishing_leaves_no_entry(db: None, editor: User) -> None:
    with pytest.raises(PublishError):
        publish_page(make_page(), by=editor)
    assert entries() == []


def test_act_that_is_taken_back_takes_its_entry_along(
    written: Page, editor: User
) -> None:
    with transaction.atomic():
        publish_page(written, by=editor)
        transaction.set_rollback(True)
    assert (entries(), written.versions.count()) == ([], 0)


def test_trail_shows_who_what_and_when_and_can_be_searched(
    written: Page, editor: User, reader: Client
) -> None:
    restore_page(publish_page(written, by=editor), by=editor)
    publish_page(written, by=None)
    page = parse(reader.get(LIST))
    trail = list(AuditEntry.objects.all())
    assert [entry.act for entry in trail] == ["restore", "publish"]
    assert page.texts("td.field-what") == [entry.subject for entry in trail]
    assert page.texts("td.field-act") == [entry.get_act_display() for entry in trail]
    assert page.texts("td.field-who") == ["ada", "ada"]
    assert all(page.texts("td.field-at"))
    counts = {
        value: reader.get(LIST, {name: value}).context["cl"].result_count
        for name, value in (("act__exact", "restore"), ("q", "ada"), ("q", "nobody"))
    }
    assert counts == {"restore": 1, "ada": 2, "nobody": 0}


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_with_more_entries(
    db: None, editor: User, reader: Client, django_assert_num_queries, rows: int
) -> None:
    for number in range(rows):
        AuditEntry.objects.create(
            by=editor, act="publish", subject=f"“Page”, state {number}"
        )
    with django_assert_num_queries(8):
        reader.get(LIST)


@pytest.mark.parametrize("name", ["add", "change", "delete"])
def test_nobody_edits_the_trail_not_even_a_superuser(
    written: Page, editor: User, editor_client: Client, name: str
) -> None:
    publish_page(written, by=editor)
    args = () if name == "add" else (AuditEntry.objects.get().pk,)
    before = AuditEntry.objects.values().get()
    address = reverse(f"admin:content_auditentry_{name}", args=args)
    assert (
        editor_client.post(
            address, {"subject": "Nothing", "act": "export", "post": "yes"}
        ).status_code
        == 403
    )
    assert AuditEntry.objects.values().get() == before


def test_entries_cannot_be_deleted_from_the_list(
    written: Page, editor: User, editor_client: Client
) -> None:
    publish_page(written, by=editor)
    chosen = {
        "action": "delete_selected",
        "_selected_action": [AuditEntry.objects.get().pk],
        "post": "yes",
    }
    editor_client.post(LIST, chosen)
    assert AuditEntry.objects.count() == 1


def test_trail_is_hidden_from_staff_without_the_permission(
    writer_client: Client,
) -> None:
    assert writer_client.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


@pytest.mark.parametrize(
    ("act", "subject", "linked"),
    [
        ("make", "account 7", True),
        ("change", "account 7: new password", True),
        ("change", "account 7: groups from “none” to “account 8”", True),
        ("close", "all sessions of account 7", True),
        ("delete", "a second factor of account 7 (TOTP authenticator)", True),
        ("publish", "“Your account 7 of it”, state 1", False),
        ("publish", "“All of it” account 7 “and more”, state 1", False),
        ("make", "the group “account 7: all”", False),
        ("approve", "coach 7", False),
        ("close", "the workspace of account 7", False),
    ],
)
def test_only_what_names_an_account_leads_to_it(
    reader: Client, act: str, subject: str, linked: bool
) -> None:
    AuditEntry.objects.create(act=act, subject=subject)
    page = parse(reader.get(LIST))
    assert page.texts("td.field-what") == [subject]
    account = reverse("admin:auth_user_change", args=[7])
    assert page.values("td.field-what a") == ([account] if linked else [])
