"""Accounts in the admin.

Made by superusers, ready to sign in, and closed rather than deleted once they have
acted.
"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.actions.account_sessions import sessions_of
from assessments.models import Version
from content.models import AuditEntry
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.coaching import make_coach, make_manager
from tests.support.dom import parse
from tests.support.forms import form_in, opened
from tests.support.pages import template_of
from tests.support.staff import confirmed, signed_in

PASSWORD = "seventeen gray herons"
USERS = reverse("admin:auth_user_changelist")


@pytest.fixture
def staff_client(staff_client: Client) -> Client:
    return confirmed(staff_client)


@pytest.fixture
def paula(db: None) -> User:
    """Has signed in and done nothing yet."""
    return User.objects.create_user(
        "paula", "paula@example.org", "a long pass phrase", is_staff=True
    )


def delete(client: Client, user: User) -> HttpResponse:
    address = reverse("admin:auth_user_delete", args=[user.pk])
    return client.post(address, {"post": "yes"}, follow=True)


def test_account_that_has_done_nothing_is_deleted(
    paula: User, staff_client: Client
) -> None:
    asked = staff_client.get(reverse("admin:auth_user_delete", args=[paula.pk]))
    assert parse(asked).has("#content form")
    delete(staff_client, paula)
    assert not User.objects.filter(username="paula").exists()


def test_account_that_has_acted_is_not_deleted_and_the_page_says_what_to_do(
    paula: User, staff_client: Client
) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=paula)
    asked = staff_client.get(reverse("admin:auth_user_delete", args=[paula.pk]))
    close_it = (
        f"#content p a[href={reverse('admin:auth_user_change', args=[paula.pk])}]"
    )
    for response in (asked, delete(staff_client, paula)):
        assert template_of(response) == "admin/auth/user/delete_confirmation.html"
        assert response.context["protected"]
        page = parse(response)
        assert page.has(close_it)
        assert not page.has("#content form")
    assert AuditEntry.objects.get().by == paula


def test_account_of_a_coach_is_not_deleted_with_what_clients_have_granted(
    questionnaire: Version, staff_client: Client
) -> None:
    coach = make_coach("Carla", by=make_manager())
    assert coach.user is not None
    assert delete(staff_client, coach.user).context["protected"]
    coach.refresh_from_db()


def test_closed_account_is_signed_out_at_once(
    staff: User, staff_client: Client
) -> None:
    assert staff_client.get(USERS).status_code == 200
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert staff_client.get(USERS).status_code == 302


def test_two_who_change_one_account_overwrite_nothing_unread(
    paula: User, staff_client: Client
) -> None:
    address = reverse("admin:auth_user_change", args=[paula.pk])
    one, two, three = (opened(staff_client, address) for _ in range(3))
    assert staff_client.post(address, one | {"first_name": "Pia"}).status_code == 302
    editors = str(Group.objects.get(name="Editor").pk)
    assert staff_client.post(address, two | {"groups": editors}).status_code == 302
    paula.refresh_from_db()
    assert (paula.first_name, paula.groups.get().name) == ("Pia", "Editor")
    refused = staff_client.post(address, three | {"first_name": "Paola"})
    assert refused.status_code == 422
    asked = parse(refused).values("input[name=first_name-choice]")
    assert asked == ["mine", "theirs"]
    again = form_in(refused) | {"first_name-choice": "mine"}
    assert staff_client.post(address, again).status_code == 302
    paula.refresh_from_db()
    assert (paula.first_name, paula.groups.count()) == ("Paola", 1)


def test_two_who_change_one_group_overwrite_nothing_unread(
    staff_client: Client,
) -> None:
    group = Group.objects.get(name="Analyst")
    address = reverse("admin:auth_group_change", args=[group.pk])
    one, two = (opened(staff_client, address) for _ in range(2))
    kept = one["permissions"]
    assert len(kept) > 1
    staff_client.post(address, one | {"name": "Analysts"})
    refused = staff_client.post(address, two | {"name": "Readers"})
    assert refused.status_code == 422
    group.refresh_from_db()
    assert (group.name, group.permissions.count()) == ("Analysts", len(kept))


def test_group_is_offered_rights_that_some_page_asks_for(staff_client: Client) -> None:
    group = Group.objects.get(name="Analyst")
    odd = Permission.objects.get(codename="view_session")
    group.permissions.add(odd)
    address = reverse("admin:auth_group_change", args=[group.pk])
    page = parse(staff_client.get(address))
    offered = {*page.values("#id_permissions option")}
    others = Permission.objects.exclude(
        content_type__app_label__in=("assessments", "auth", "content")
    )
    assert offered & {str(right.pk) for right in others} == {str(odd.pk)}
    assert not page.has("#id_permissions_helptext")


def test_deletion_of_a_group_says_how_many_accounts_it_concerns(
    paula: User, staff_client: Client
) -> None:
    group = Group.objects.get(name="Analyst")
    paula.groups.add(group)
    address = reverse("admin:auth_group_delete", args=[group.pk])
    asked = staff_client.get(address)
    assert [str(row) for row in asked.context["deleted_objects"]] == [
        "Analyst: 1 account will lose its rights"
    ]
    assert staff_client.post(address, {"post": "yes"}).status_code == 302
    assert not Group.objects.filter(pk=group.pk).exists()


def test_many_accounts_cannot_be_deleted_at_once(
    paula: User, staff_client: Client
) -> None:
    chosen = {
        "action": "delete_selected",
        "_selected_action": [paula.pk],
        "post": "yes",
    }
    staff_client.post(USERS, chosen)
    assert User.objects.filter(pk=paula.pk).exists()


@pytest.mark.django_db
def test_no_group_may_give_rights_away() -> None:
    assert Group.objects.count() == 4
    assert not Group.objects.filter(
        permissions__content_type__app_label__in=(
            "auth",
            "account",
            "mfa",
            "usersessions",
            "admin",
        )
    ).exists()


ADD = reverse("admin:auth_user_add")


def new_account(**changes: object) -> dict[str, object]:
    filled = {
        "email": "Edith@Example.org",
        "first_name": "Edith",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return filled | {"groups": [Group.objects.get(name="Editor").pk]} | changes


def test_account_made_in_the_admin_signs_in_and_is_asked_for_a_second_factor(
    staff_client: Client,
) -> None:
    fields = parse(staff_client.get(ADD)).all("fieldset [name]")
    names = {field.attributes["name"] for field in fields} - {"seen"}
    assert names == new_account().keys()
    staff_client.post(ADD, new_account())
    edith = User.objects.get(username="edith@example.org")
    assert (edith.email, edith.first_name, edith.is_staff, edith.is_superuser) == (
        "edith@example.org",
        "Edith",
        True,
        False,
    )
    assert [group.name for group in edith.groups.all()] == ["Editor"]
    assert list(
        EmailAddress.objects.values_list("user", "email", "verified", "primary")
    ) == [(edith.pk, edith.email, True, True)]
    their_browser = Client()
    response = their_browser.post(
        "/accounts/login/",
        {"login": "edith@example.org", "password": PASSWORD},
        follow=True,
    )
    assert [address for address, _ in response.redirect_chain] == [
        "/admin/",
        "/accounts/2fa/",
    ]
    assert response.context["is_mfa_enabled"] is False
    assert parse(response).has("main a[href=/accounts/2fa/totp/activate/]")
    Authenticator.objects.create(user=edith, type=Authenticator.Type.TOTP, data={})
    their_browser.force_login(edith)
    assert (
        their_browser.get(reverse("admin:content_page_changelist")).status_code == 200
    )
    assert their_browser.get(USERS).status_code == 403


Refused = dict[str, list[str | None]]
TAKEN: Refused = {"email": [None]}  # the only error of ours, which has no code


def refused_at(response: HttpResponse) -> Refused:
    """The fields that the form refuses, with the codes of the reasons."""
    errors = response.context["adminform"].form.errors.as_data()
    return {name: [error.code for error in errors[name]] for name in errors}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"email": "edith"}, {"email": ["invalid"]}),
        (
            {"email": f"{'n' * 60}@{'e' * 60}.{'f' * 30}.example"},
            {"email": ["max_length"]},
        ),
        ({"email": "Stella@example.ORG"}, TAKEN),
        ({"first_name": ""}, {"first_name": ["required"]}),
        (
            {"password1": "short", "password2": "short"},
            {"password2": ["password_too_short"]},
        ),
        (
            {"password2": "something else entirely"},
            {"password2": ["password_mismatch"]},
        ),
    ],
)
def test_account_that_could_not_sign_in_is_not_made(
    staff_client: Client, changes: dict[str, object], refused: Refused
) -> None:
    assert refused_at(staff_client.post(ADD, new_account(**changes))) == refused
    assert (User.objects.count(), EmailAddress.objects.count()) == (1, 0)


def test_address_that_somebody_else_has_confirmed_is_refused(
    staff_client: Client, paula: User
) -> None:
    EmailAddress.objects.create(user=paula, email="edith@example.org", verified=True)
    assert refused_at(staff_client.post(ADD, new_account())) == TAKEN
    EmailAddress.objects.update(verified=False)
    assert staff_client.post(ADD, new_account()).status_code == 302


def test_changed_account_keeps_its_rights_and_its_addresses(
    staff_client: Client, paula: User
) -> None:
    address = reverse("admin:auth_user_change", args=[paula.pk])
    form = staff_client.get(address).context["adminform"].form.initial | {
        "first_name": "Paula",
        "is_staff": "",
    }
    changed = {
        name: value for name, value in form.items() if value not in (None, False)
    }
    joined = {"date_joined_0": "2026-11-01", "date_joined_1": "12:00:00"}
    assert staff_client.post(address, changed | joined).status_code == 302
    paula.refresh_from_db()
    assert (paula.first_name, paula.is_staff, EmailAddress.objects.count()) == (
        "Paula",
        False,
        0,
    )


def test_staff_without_the_right_make_no_accounts(db: None) -> None:
    assert signed_in("egon", "view_user").post(ADD, new_account()).status_code == 403


def test_whoever_is_no_superuser_gives_accounts_no_power(
    paula: User, staff_client: Client
) -> None:
    client = confirmed(signed_in("egon", "view_user", "add_user", "change_user"))
    assert not parse(client.get(ADD)).has("[name=groups]")
    client.post(ADD, new_account())
    edith = User.objects.get(username="edith@example.org")
    rights = {
        "groups": [Group.objects.get(name="Editor").pk],
        "user_permissions": [Permission.objects.all()[0].pk],
        "is_superuser": "on",
    }
    account = {"first_name": "Paula", "is_active": "on", "is_staff": "on"} | rights
    address = reverse("admin:auth_user_change", args=[paula.pk])
    client.post(address, account | {"email": paula.email})
    paula.refresh_from_db()
    assert paula.first_name == "Paula"
    for user in (edith, paula):
        assert not user.is_superuser
        assert not user.groups.exists()
        assert not user.user_permissions.exists()


def test_only_superusers_make_or_change_groups(staff_client: Client) -> None:
    client = confirmed(
        signed_in("egon", "view_group", "add_group", "change_group", "delete_group")
    )
    own = Group.objects.create(name="Helpers")
    User.objects.get(username="egon").groups.add(own)
    address = reverse("admin:auth_group_change", args=[own.pk])
    right = Permission.objects.get(codename="publish_page")
    rights = {"permissions": [right.pk]}
    adding = reverse("admin:auth_group_add")
    assert client.get(address).status_code == 200
    assert client.post(address, rights | {"name": "Helpers"}).status_code == 403
    assert client.post(address, {"name": "Friends"}).status_code == 403
    assert client.post(adding, rights | {"name": "Friends"}).status_code == 403
    own.refresh_from_db()
    assert (own.name, own.permissions.count()) == ("Helpers", 0)
    assert not Group.objects.filter(name="Friends").exists()
    staff_client.post(address, rights | {"name": "Helpers"})
    assert list(own.permissions.all()) == [right]


def changed(client: Client, user: User, **changes: object) -> HttpResponse:
    address = reverse("admin:auth_user_change", args=[user.pk])
    return client.post(address, opened(client, address) | changes, follow=True)


@pytest.mark.parametrize("power", ["is_superuser", "is_staff", "groups"])
def test_account_that_gains_power_is_signed_out_and_needs_a_new_password(
    paula: User, staff_client: Client, power: str
) -> None:
    User.objects.filter(pk=paula.pk).update(is_staff=power != "is_staff")
    editor = Group.objects.get(name="Editor").pk
    given = {power: editor if power == "groups" else "on"}
    its_password = reverse("admin:auth_user_password_change", args=[paula.pk])
    theirs = Client()
    theirs.force_login(paula)
    page = changed(staff_client, paula, first_name="Pia")
    assert not parse(page).has(f".messagelist a[href={its_password}]")
    assert len(sessions_of(paula)) == 1
    page = changed(staff_client, paula, **given)
    assert parse(page).has(f".messagelist .warning a[href={its_password}]")
    assert len(sessions_of(paula)) == 0
    # To lose power, or to keep it, is no gain.
    theirs.force_login(paula)
    for changes in ({"first_name": "Paula"}, {power: ""}):
        page = changed(staff_client, paula, **changes)
        assert not parse(page).has(".messagelist .warning")
    assert len(sessions_of(paula)) == 1


def test_sessions_of_a_closed_account_do_not_come_back(
    paula: User, staff_client: Client
) -> None:
    Authenticator.objects.create(user=paula, type=Authenticator.Type.TOTP, data={})
    theirs = Client()
    theirs.force_login(paula)
    assert theirs.get("/admin/").status_code == 200
    changed(staff_client, paula, is_active="")
    assert sessions_of(paula) == []
    changed(staff_client, paula, is_active="on")
    assert User.objects.get(pk=paula.pk).is_active
    assert theirs.get("/admin/").status_code == 302


def test_who_closes_the_own_account_is_signed_out(
    staff: User, staff_client: Client
) -> None:
    page = changed(staff_client, staff, is_active="")
    assert page.redirect_chain[-1][0].startswith("/accounts/login/")
    assert sessions_of(staff) == []
    User.objects.filter(pk=staff.pk).update(is_active=True)
    assert staff_client.get(USERS).status_code == 302


def test_warning_of_a_password_names_what_the_account_has(
    paula: User, staff_client: Client
) -> None:
    paula.set_unusable_password()
    paula.save()
    page = parse(changed(staff_client, paula, is_superuser="on"))
    assert page.has(".messagelist .warning")
    assert not page.has(".messagelist .warning a")
    short = page.one(".messagelist .warning").text
    changed(staff_client, paula, is_superuser="")
    Authenticator.objects.create(user=paula, type=Authenticator.Type.TOTP, data={})
    page = parse(changed(staff_client, paula, is_superuser="on"))
    assert len(page.one(".messagelist .warning").text) > len(short)


def test_own_account_gains_a_group_and_stays_signed_in(
    staff: User, staff_client: Client
) -> None:
    editor = Group.objects.get(name="Editor").pk
    assert changed(staff_client, staff, groups=editor).status_code == 200
    assert staff.groups.exists()
    assert staff_client.get(USERS).status_code == 200


def test_own_password_is_changed_on_the_account_page(
    staff: User, staff_client: Client
) -> None:
    address = reverse("admin:auth_user_password_change", args=[staff.pk])
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    for response in (staff_client.get(address), staff_client.post(address, typed)):
        assert response.status_code == 302
        assert response["Location"] == reverse("account_change_password")
    staff.refresh_from_db()
    assert not staff.check_password(PASSWORD)


def test_new_password_keeps_messages_that_nobody_has_read(
    paula: User, staff_client: Client
) -> None:
    staff_client.post(reverse("admin:auth_user_end_sessions", args=[paula.pk]))
    address = reverse("admin:auth_user_password_change", args=[paula.pk])
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    page = parse(staff_client.post(address, typed, follow=True))
    ended, saved = page.texts(".messagelist li")
    assert "password" not in ended
    assert "password" in saved


def test_password_of_no_account_is_not_found(staff_client: Client) -> None:
    address = reverse("admin:auth_user_password_change", args=[0])
    assert staff_client.get(address).status_code == 404
