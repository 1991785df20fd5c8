"""What each group of staff reaches in the admin, page by page.

Whoever is in none reaches nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from assessments.actions.drafts import duplicate
from assessments.drafts import rehearsal
from assessments.models import Coach, ConversationPrompt, Questionnaire, Version
from content.actions import keep_draft
from content.models import FormerWords, Page, Role, Strength
from tests.support.admin_addresses import admin_names, names_of_models
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.panel import rated

pytestmark = pytest.mark.database

CAST = {
    "editor": "Editor",
    "publisher": "Publisher",
    "analyst": "Analyst",
    "manager": "Coach manager",
    "stranger-staff": None,
}

# By model: who may look, add, change, delete. What no line names is closed to all four
# groups.
REACH: dict[str, dict[str, str]] = {
    "content.page": {"editor": "vacd", "publisher": "v"},
    "content.role": {"editor": "vc", "publisher": "v"},
    "content.strength": {"editor": "vac", "publisher": "v"},
    "content.sitewords": {"editor": "vc", "publisher": "v"},
    "content.wordsversion": {"editor": "v", "publisher": "v"},
    "content.auditentry": {"publisher": "v", "manager": "v"},
    "assessments.questionnaire": {"editor": "vacd", "publisher": "v"},
    "assessments.section": {"editor": "vacd", "publisher": "v"},
    "assessments.version": {"editor": "v", "publisher": "v", "analyst": "v"},
    "assessments.rollup": {"editor": "v", "analyst": "v"},
    "assessments.conversationprompt": {"editor": "vc", "publisher": "v"},
    "assessments.coach": {"manager": "vacd"},
}
# What staff may see beside: parts of a draft, on its pages.
PARTS = {"assessments.question", "assessments.ratingpanel"}
PRIVATE = sorted(
    model._meta.model_name or ""
    for model in apps.get_app_config("assessments").get_models()
    if model._meta.label_lower not in REACH.keys() | PARTS
)


@pytest.fixture
def draft(questionnaire: Version) -> Questionnaire:
    return duplicate(questionnaire)


@pytest.fixture
def changed_page(questionnaire: Version) -> Page:
    """Published once, and changed since."""
    page = Page.objects.get(slug="skills")
    publish_page(page, by=None)
    Page.objects.filter(pk=page.pk).update(lead="Changed.")
    return page


def sign_in(name: str) -> Client:
    user = User.objects.create_user(
        name, f"{name}@example.org", "a long pass phrase", is_staff=True
    )
    if group := CAST[name]:
        user.groups.add(Group.objects.get(name=group))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def may(client: Client, model: Any) -> str:
    """Which of look, add, change, delete the pages of the model allow, as the pages
    themselves answer.
    """
    site, request = admin.site, client.get("/admin/").wsgi_request
    its = site.get_model_admin(model)
    permissions = its.get_model_perms(request)
    letters = "".join(
        letter
        for letter, name in zip(
            "vacd", ("view", "add", "change", "delete"), strict=True
        )
        if permissions[name]
    )
    addresses = {"v": _address(model, "changelist"), "a": _address(model, "add")}
    opened = {
        letter: client.get(address, follow=True).status_code == 200
        for letter, address in addresses.items()
        if address
    }
    assert {letter: letter in letters for letter in opened} == opened, model
    return letters


def _address(model: Any, name: str) -> str:
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")
    except NoReverseMatch:
        return ""


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", CAST)
def test_group_reaches_its_own_pages_and_no_others(
    questionnaire: Version, who: str
) -> None:
    client = sign_in(who)
    reached = {
        model._meta.label_lower: may(client, model) for model in admin.site._registry
    }
    expected = {label: REACH.get(label, {}).get(who, "") for label in reached}
    assert reached == expected
    assert client.get("/admin/").status_code == 200


EDITOR, PUBLISHER, ANALYST, MANAGER = "editor", "publisher", "analyst", "manager"
# What stands beside the pages that every model has. POSTs are empty: 403 is a closed
# door, anything else one that opened.
FURTHER: dict[tuple[str, str], set[str]] = {
    ("get", "content_page_picture"): {EDITOR},
    ("post", "content_page_picture"): {EDITOR},
    ("get", "content_page_preview"): {EDITOR, PUBLISHER},
    ("get", "content_page_difference"): {EDITOR, PUBLISHER},
    ("get", "content_page_states"): {EDITOR, PUBLISHER},
    ("get", "content_page_state"): {EDITOR, PUBLISHER},
    ("post", "content_page_restore"): {EDITOR},
    ("post", "content_page_restore_draft"): {EDITOR},
    ("get", "content_page_review"): {EDITOR},
    ("post", "content_page_review"): {EDITOR},
    ("post", "content_page_publish"): {PUBLISHER},
    ("post", "content_page_withdraw"): {PUBLISHER},
    ("get", "content_wordsversion_difference"): {EDITOR, PUBLISHER},
    ("get", "content_wordsversion_preview"): {EDITOR, PUBLISHER},
    ("get", "content_wordsversion_preview_page"): {EDITOR, PUBLISHER},
    ("get", "content_wordsversion_publish"): {PUBLISHER},
    ("post", "content_wordsversion_publish"): {PUBLISHER},
    ("get", "content_wordsversion_state"): {EDITOR, PUBLISHER},
    ("post", "content_wordsversion_restore"): {EDITOR},
    ("post", "content_role_put_back"): {EDITOR},
    ("post", "content_strength_put_back"): {EDITOR},
    ("post", "content_sitewords_put_back"): {EDITOR},
    ("post", "assessments_conversationprompt_put_back"): {EDITOR},
    ("get", "assessments_questionnaire_preview"): {EDITOR, PUBLISHER},
    ("post", "assessments_questionnaire_preview"): {EDITOR, PUBLISHER},
    ("get", "assessments_questionnaire_coverage"): {EDITOR, PUBLISHER},
    ("get", "assessments_questionnaire_panels"): {EDITOR, PUBLISHER},
    ("post", "assessments_questionnaire_make_panel"): {EDITOR},
    ("post", "assessments_questionnaire_close_panel"): {EDITOR},
    ("post", "assessments_questionnaire_rehearse"): {EDITOR, PUBLISHER},
    ("get", "assessments_questionnaire_review"): {EDITOR},
    ("post", "assessments_questionnaire_review"): {EDITOR},
    ("post", "assessments_questionnaire_take_back"): {EDITOR, PUBLISHER},
    ("get", "assessments_questionnaire_upload"): {EDITOR},
    ("post", "assessments_questionnaire_upload"): {EDITOR},
    ("post", "assessments_questionnaire_definition"): {EDITOR, PUBLISHER},
    ("get", "assessments_questionnaire_publish"): {PUBLISHER},
    ("post", "assessments_questionnaire_publish"): {PUBLISHER},
    ("post", "assessments_version_duplicate"): {EDITOR},
    ("post", "assessments_version_definition"): {EDITOR, PUBLISHER, ANALYST},
    ("get", "assessments_version_compare"): {EDITOR, PUBLISHER, ANALYST},
    ("get", "assessments_rollup_page"): {EDITOR, ANALYST},
    ("post", "assessments_rollup_count"): {EDITOR, ANALYST},
    ("post", "assessments_rollup_draft"): {EDITOR},
    ("post", "assessments_rollup_export"): {EDITOR, ANALYST},
    ("post", "assessments_coach_approve"): {MANAGER},
    ("post", "assessments_coach_decline"): {MANAGER},
    ("post", "assessments_coach_mail"): {MANAGER},
    ("post", "assessments_coach_new_password"): {MANAGER},
    ("post", "assessments_coach_close"): {MANAGER},
    ("post", "assessments_coach_erase"): {MANAGER},
    ("post", "assessments_coach_open"): {MANAGER},
    # Further in test_reach_of_accounts.py.
    ("post", "auth_user_remove_second_factor"): set(),
    ("post", "auth_user_end_sessions"): set(),
    ("get", "auth_user_password_change"): set(),
    ("post", "auth_user_password_change"): set(),
}
# Every member of staff has these, for their own account or for forms.
FOR_ALL_STAFF = {
    *("index", "app_list", "login", "password_change", "password_change_done"),
    *("autocomplete", "jsi18n", "view_on_site"),
}


def test_every_further_address_of_the_admin_is_tried() -> None:
    """A new one would have to be added above."""
    known = names_of_models() | FOR_ALL_STAFF
    assert {name for _, name in FURTHER} == admin_names().keys() - known


def former(kind: str, row: int) -> dict[str, int]:
    """Earlier words of a row, which some may restore."""
    return {
        "pk": row,
        "former": FormerWords.objects.create(kind=kind, row=row, values={}).pk,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("who", CAST)
def test_group_does_its_own_work_and_no_other(
    changed_page: Page,
    draft: Questionnaire,
    staff: User,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    monkeypatch.setattr(rehearsal, "PEOPLE", 2 * rehearsal.SLICE)
    call_command("load_prompts", verbosity=0)
    client = sign_in(who)
    keep_draft(changed_page, by=None)
    carla, waiting = (
        Coach.objects.create(name=name, email=f"{name}@example.org")
        for name in ("Carla", "Nora")
    )
    # What stands in an address for each part of it, by what the address is of.
    parts: dict[str, dict[str, object]] = {
        "content_page": {
            "pk": changed_page.pk,
            "number": 1,
            "draft": changed_page.drafts.get().pk,
        },
        "content_wordsversion": {"number": 1, "slug": changed_page.slug},
        "content_role": {**former("role", Role.objects.first().pk)},
        "content_strength": {**former("strength", Strength.objects.first().pk)},
        "content_sitewords": {**former("sitewords", 1)},
        "assessments_conversationprompt": {
            **former("conversationprompt", ConversationPrompt.objects.first().pk)
        },
        "assessments_questionnaire": {
            "pk": draft.pk,
            "panel": rated(draft, people=0).pk,
        },
        "assessments_version": {"pk": Version.objects.get().pk},
        "assessments_rollup": {"number": 1, "form": "full", "table": "questions"},
        "assessments_coach_decline": {"pk": waiting.pk},
        "assessments_coach": {"pk": carla.pk},
        "auth_user": dict.fromkeys(("pk", "id"), staff.pk),
    }
    names = admin_names()
    opened: dict[tuple[str, str], bool] = {}
    for method, name in FURTHER:
        values = next(
            values for start, values in parts.items() if name.startswith(start)
        )
        path = reverse(
            f"admin:{name}", kwargs={part: values[part] for part in names[name]}
        )
        status = getattr(client, method)(path).status_code
        assert status < 500, name
        # What is missing would look like an open door. Publishing names its pages in
        # the query string, and here it names none.
        assert status != 404 or name == "content_page_publish", name
        opened[method, name] = status != 403
    assert opened == {door: who in allowed for door, allowed in FURTHER.items()}


@pytest.mark.django_db
def test_publisher_reads_drafts_without_changing_them(
    changed_page: Page, draft: Questionnaire
) -> None:
    client = sign_in("publisher")
    for name, row in (
        ("content_page", changed_page),
        ("assessments_questionnaire", draft),
    ):
        address = reverse(f"admin:{name}_change", args=[row.pk])
        assert client.get(address).status_code == 200
        assert (
            client.post(address, {"title": "Mine", "name": "Mine"}).status_code == 403
        )


@pytest.mark.django_db
def test_page_that_was_never_published_is_the_editors_to_delete(db: None) -> None:
    page = make_page()
    make_prose(page)
    address = reverse("admin:content_page_delete", args=[page.pk])
    assert sign_in("publisher").post(address, {"post": "yes"}).status_code == 403
    assert sign_in("editor").post(address, {"post": "yes"}).status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


@pytest.mark.django_db
def test_nobody_browses_what_belongs_to_visitors_and_clients(
    staff_client: Client,
) -> None:
    assert {"owner", "client", "personallink", "resultrequest"} <= set(PRIVATE)
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert not registered & {f"assessments.{name}" for name in PRIVATE}
    for name in PRIVATE:
        assert staff_client.get(f"/admin/assessments/{name}/").status_code == 404


@pytest.mark.django_db
def test_no_group_has_a_permission_on_what_belongs_to_visitors_and_clients() -> None:
    assert not Group.objects.filter(
        permissions__content_type__app_label="assessments",
        permissions__content_type__model__in=PRIVATE,
    ).exists()
