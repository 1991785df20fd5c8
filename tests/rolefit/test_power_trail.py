"""Whatever gives or takes power is in the audit trail: by whom, to whom, from what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from assessments.actions.drafts import duplicate
from assessments.models import Coach, Questionnaire, Version
from content.models import AuditEntry, Page
from tests.support.coaching import signed_in_as
from tests.support.dom import parse
from tests.support.staff import address, confirmed, filled

PASSWORD = "seventeen gray herons"


def at(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def staff_client(staff_client: Client) -> Client:
    return confirmed(staff_client)


@pytest.fixture
def paula(questionnaire: Version) -> User:
    return User.objects.create_user(
        "paula@example.org", "paula@example.org", PASSWORD, is_staff=True
    )


@pytest.fixture
def trail(staff: User) -> Callable[[], list[tuple[str, str]]]:
    """What Stella has done since the last call, the oldest first."""
    seen_until = AuditEntry.objects.count()

    def read() -> list[tuple[str, str]]:
        nonlocal seen_until
        entries = list(AuditEntry.objects.order_by("pk"))[seen_until:]
        seen_until += len(entries)
        assert {entry.by for entry in entries} <= {staff}
        return [(entry.act, entry.subject) for entry in entries]

    return read


def post(client: Client, page: str, /, *args: object, **data: Any) -> None:
    response = client.post(at(page, *args), data)
    assert response.status_code == 302, response.content.decode()


def fields(user: User, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the page of an account."""
    data: dict[str, Any] = {
        "email": user.email,
        "first_name": user.first_name,
        "groups": [group.pk for group in user.groups.all()],
    }
    powers = ("is_active", "is_staff", "is_superuser")
    data |= {name: "on" for name in powers if getattr(user, name)}
    return {name: value for name, value in (data | changes).items() if value}


def test_accounts(
    staff_client: Client, paula: User, trail: Callable[[], list[tuple[str, str]]]
) -> None:
    editor = Group.objects.get(name="Editor")
    publisher = Group.objects.get(name="Publisher")
    post(
        staff_client,
        "auth_user_add",
        email="edith@example.org",
        first_name="Edith",
        groups=editor.pk,
        password1=PASSWORD,
        password2=PASSWORD,
    )
    user = User.objects.get(username="edith@example.org")
    edith = f"account {user.pk}"
    assert set(trail()) == {
        ("make", edith),
        ("change", f"{edith}: new password"),
        ("change", f"{edith}: groups from “none” to “Editor”"),
    }

    def change(**changes: Any) -> list[tuple[str, str]]:
        user.refresh_from_db()
        post(staff_client, "auth_user_change", user.pk, **fields(user, **changes))
        return trail()

    assert change(first_name="E.") == []
    assert change(is_superuser="on") == [
        ("change", f"{edith}: superuser from “no” to “yes”")
    ]
    assert change(is_superuser="", is_staff="") == [
        ("change", f"{edith}: staff from “yes” to “no”, superuser from “yes” to “no”")
    ]
    assert change(is_active="") == [("change", f"{edith}: active from “yes” to “no”")]
    assert change(groups=[editor.pk, publisher.pk]) == [
        ("change", f"{edith}: groups from “Editor” to “Editor, Publisher”")
    ]
    assert change(groups=[]) == [
        ("change", f"{edith}: groups from “Editor, Publisher” to “none”")
    ]
    assert change(email="eva@example.org") == [
        ("change", f"{edith}: email, sign-in name")
    ]
    user.refresh_from_db()
    confirmed = EmailAddress.objects.get(user=user)
    assert (user.username, confirmed.email) == ("eva@example.org", "eva@example.org")
    post(
        staff_client,
        "auth_user_password_change",
        user.pk,
        password1=f"{PASSWORD}!",
        password2=f"{PASSWORD}!",
    )
    assert trail() == [("change", f"{edith}: new password")]
    post(staff_client, "auth_user_delete", user.pk, post="yes")
    assert trail() == [("delete", edith)]


def test_second_factors_and_sessions(
    staff_client: Client, paula: User, trail: Callable[[], list[tuple[str, str]]]
) -> None:
    theirs = Client()
    theirs.force_login(paula)
    totp.TOTP.activate(paula, totp.generate_totp_secret())
    trail()
    post(staff_client, "auth_user_end_sessions", paula.pk)
    assert trail() == [("close", f"all sessions of account {paula.pk}")]
    assert theirs.get("/accounts/2fa/").status_code == 302
    theirs.force_login(paula)
    page = parse(staff_client.get(at("auth_user_change", paula.pk)))
    remove = at("auth_user_remove_second_factor", paula.pk)
    assert remove in page.values("form")
    assert staff_client.get(remove).status_code == 405
    post(staff_client, "auth_user_remove_second_factor", paula.pk)
    [(act, told)] = trail()
    assert (act, f"account {paula.pk}" in told) == ("delete", True)
    assert not Authenticator.objects.filter(user=paula).exists()
    assert theirs.get("/accounts/2fa/").status_code == 302
    page = parse(staff_client.get(at("auth_user_change", paula.pk)))
    assert remove not in page.values("form")


def test_own_second_factor_and_password(paula: User) -> None:
    """What people do to their own accounts is theirs."""
    client = Client()
    client.force_login(paula)
    before = AuditEntry.objects.count()
    client.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "a new phrase of mine",
            "password2": "a new phrase of mine",
        },
    )
    [entry] = AuditEntry.objects.all()[: AuditEntry.objects.count() - before]
    assert (entry.by, entry.act) == (paula, "change")
    assert "a new phrase" not in entry.subject


def test_groups_and_rights(
    staff_client: Client, trail: Callable[[], list[tuple[str, str]]]
) -> None:
    right = Permission.objects.get(codename="view_page")
    post(staff_client, "auth_group_add", name="Readers", permissions=right.pk)
    group = Group.objects.get(name="Readers")
    words = "the group “Readers”"
    assert trail() == [
        ("make", words),
        ("change", f"{words}: rights from “none” to “view_page”"),
    ]
    post(staff_client, "auth_group_change", group.pk, name="Readers")
    assert trail() == [("change", f"{words}: rights from “view_page” to “none”")]
    post(staff_client, "auth_group_delete", group.pk, post="yes")
    assert trail() == [("delete", words)]


def test_coaches(
    staff_client: Client,
    questionnaire: Version,
    trail: Callable[[], list[tuple[str, str]]],
) -> None:
    waiting = Coach.objects.create(name="Dora", email="dora@example.org")
    post(staff_client, "assessments_coach_approve", waiting.pk)
    acts = trail()
    assert ("approve", f"coach {waiting.pk}") in acts
    dora = Coach.objects.get(name="Dora").user
    assert dora is not None
    assert ("make", f"account {dora.pk}") in acts
    post(staff_client, "assessments_coach_close", waiting.pk)
    assert trail() == [("revoke", f"the workspace of coach {waiting.pk}")]
    post(staff_client, "assessments_coach_open", waiting.pk)
    assert trail() == [("restore", f"the workspace of coach {waiting.pk}")]
    totp.TOTP.activate(dora, totp.generate_totp_secret())
    post(staff_client, "assessments_coach_close", waiting.pk)
    post(staff_client, "assessments_coach_erase", waiting.pk)
    assert trail()
    told = " ".join(AuditEntry.objects.values_list("subject", flat=True))
    assert "Dora" not in told
    assert "dora@" not in told
    page = parse(staff_client.get(at("content_auditentry_changelist")))
    assert at("auth_user_change", dora.pk) in page.values("#result_list a")


def test_whoever_is_no_superuser_takes_no_superuser_over(
    questionnaire: Version, staff: User, paula: User
) -> None:
    paula.user_permissions.set(
        Permission.objects.filter(codename__in=("change_user", "delete_user"))
    )
    client = signed_in_as(paula)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    totp.TOTP.activate(staff, totp.generate_totp_secret())
    for page in ("auth_user_remove_second_factor", "auth_user_end_sessions"):
        assert client.post(at(page, staff.pk)).status_code == 403
    client.post(at("auth_user_change", staff.pk), fields(staff, email="x@example.org"))
    client.post(at("auth_user_delete", staff.pk), {"post": "yes"})
    client.post(at("auth_user_change", paula.pk), fields(paula, is_superuser="on"))
    staff.refresh_from_db()
    paula.refresh_from_db()
    assert staff.email == "stella@example.org"
    assert Authenticator.objects.filter(user=staff).exists()
    assert not paula.is_superuser


def test_pages_and_questions(
    staff_client: Client,
    questionnaire: Version,
    trail: Callable[[], list[tuple[str, str]]],
) -> None:
    draft = duplicate(questionnaire)
    section = draft.sections.first()
    assert section is not None
    question = section.questions.first()
    assert question is not None
    data = filled(staff_client, section, **{"questions-0-DELETE": "on"})
    staff_client.post(address("section_change", section.pk), data)
    assert trail() == [("delete", f"question {question} of “{draft}”")]
    post(staff_client, "assessments_section_delete", section.pk, post="yes")
    assert trail() == [("delete", f"section {section} of “{draft}”")]
    post(staff_client, "assessments_questionnaire_delete", draft.pk, post="yes")
    assert [act for act, _ in trail()] == ["delete"]
    assert not Questionnaire.objects.filter(pk=draft.pk).exists()
    page = Page.objects.create(title="Later", slug="later", position=99)
    trail()
    post(staff_client, "content_page_delete", page.pk, post="yes")
    assert [act for act, _ in trail()] == ["delete"]


def test_what_is_no_change_of_power_is_not_written(
    staff_client: Client, paula: User, trail: Callable[[], list[tuple[str, str]]]
) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": paula.email, "password": PASSWORD})
    paula.first_name = "Paula"
    paula.save()
    assert trail() == []


def test_secrets_and_rows_of_the_library_have_no_pages() -> None:
    apps = {model._meta.app_label for model in site._registry}
    assert apps == {"auth", "assessments", "content"}
