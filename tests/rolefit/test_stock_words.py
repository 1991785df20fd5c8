"""Account pages say everything in our words, including errors.

Each test goes through pages as somebody in one state meets them, with every error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.support.codes import unused_code_of
from tests.support.dom import parse
from tests.support.passkeys import Passkey
from tests.support.staff import confirmed
from tests.support.stock_words import stock_words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "a long pass phrase"
# What a password form refuses: each with the password and its repetition.
WEAK = {
    "empty": ("", ""),
    "short": ("kites", "kites"),
    "common": ("q1w2e3r4t5y6", "q1w2e3r4t5y6"),
    "numbers": ("730182640182", "730182640182"),
    "like the address": ("carla@example", "carla@example"),
    "different": ("seventeen gray herons", "seventeen gray heron"),
    "null": ("seventeen\0gray herons", "seventeen\0gray herons"),
}
# Plain words that anybody would choose, ours as well as theirs.
SAME = {
    "Forgot your password?",
    "Page not found",
    "Sign in with a passkey",
    "Use a security key",
    "Use your password",
}

# What stands around each form of the admin, as Django has it.
FRAME = {
    "Change or view list link",
    "Filter navigation items",
    "Save and add another",
    "Save and continue editing",
    "Skip to main content",
    "Start typing to filter…",
    "Toggle theme (current theme: auto)",
    "Toggle theme (current theme: dark)",
    "Toggle theme (current theme: light)",
}


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def client_of_carla(carla: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    return client


def check(pages: dict[str, HttpResponse], *, refused: Iterable[str] = ()) -> None:
    """Each page has none of the libraries' words. Those in `refused` show an error."""
    statuses = {name: page.status_code for name, page in pages.items()}
    assert {*statuses.values()} <= {200, 403, 404, 409, 422, 429}, statuses
    found = {name: stock_words(page, also="admin") for name, page in pages.items()}
    assert {name: words - SAME for name, words in found.items() if words - SAME} == {}
    silent = [name for name in refused if not parse(pages[name]).has(".error-summary")]
    assert silent == []


def refusals(
    client: Client, address: str, tries: dict[str, dict[str, Any]]
) -> dict[str, HttpResponse]:
    """What comes back after each of these posts. Only the wrong ones are counted."""
    pages = {}
    for name, fields in tries.items():
        if not name.startswith("wrong"):
            cache.clear()
        pages[name] = client.post(address, fields)
    check(pages, refused=tries)
    return pages


def weak(**more: str) -> dict[str, dict[str, str]]:
    return {
        name: {"password1": once, "password2": again} | more
        for name, (once, again) in WEAK.items()
    }


def test_stock_words_are_found() -> None:
    """So a page that has none doesn't pass by chance."""
    page = "<p>This password is too common.</p><input placeholder='Email address'>"
    assert stock_words(page) == {"This password is too common."}
    help_text = "<p>Your password must contain at least 12 characters.</p>"
    assert stock_words(help_text) == {
        "Your password must contain at least %(min_length)d characters."
    }
    assert stock_words("<p>Use at least 12 characters.</p>", also="admin") == set()


def test_sign_in(client: Client, carla: User) -> None:
    login = "/accounts/login/"
    check({"login": client.get(login)})
    refusals(
        client,
        login,
        {
            "empty": {},
            "no address": {"login": "carla", "password": "x"},
            "long": {"login": f"{'n' * 330}@example.org", "password": "x"},
            "null": {"login": "carla@example.org", "password": "a\0b"},
            "wrong": {"login": carla.email, "password": "wrong"},
            "unknown": {"login": "nobody@example.org", "password": "wrong"},
        }
        | {
            f"wrong {number}": {"login": carla.email, "password": "wrong"}
            for number in range(6)
        },
    )
    passkey = reverse("mfa_login_webauthn")
    pages = {
        "signup": client.get(reverse("account_signup")),
        "passkey": client.post(passkey, {"credential": ""}, follow=True),
        "passkey broken": client.post(passkey, {"credential": "{"}, follow=True),
    }
    check(pages)


def test_sign_in_that_leads_no_further(client: Client, carla: User) -> None:
    right = {"login": carla.email, "password": PASSWORD}
    EmailAddress.objects.update(verified=False)
    pages = {"unconfirmed": client.post("/accounts/login/", right, follow=True)}
    EmailAddress.objects.update(verified=True)
    User.objects.update(is_active=False)
    pages["closed"] = client.post("/accounts/login/", right, follow=True)
    pages["inactive"] = client.get(reverse("account_inactive"))
    check(pages)


@pytest.mark.parametrize("mail_goes_out", [True, False])
def test_forgotten_password(
    client: Client, carla: User, settings: Any, mail_goes_out: bool
) -> None:
    settings.MAIL_GOES_OUT = mail_goes_out
    address = reverse("account_reset_password")
    pages = {"ask": client.get(address)}
    pages["asked"] = client.post(address, {"email": carla.email}, follow=True)
    broken = f"{address}key/1-abc-def/"
    pages["broken"] = client.get(broken)
    pages["done"] = client.get(reverse("account_reset_password_from_key_done"))
    check(pages)
    if not mail_goes_out:
        return
    refusals(
        client,
        address,
        {
            "empty": {},
            "no address": {"email": "carla"},
            "long": {"email": f"{'n' * 330}@example.org"},
        },
    )
    [message] = mail.outbox
    assert stock_words(f"<p>{message.subject}</p><p>{message.body}</p>") == set()
    [link] = re.findall(r"http://[^/]+(/accounts/password/\S+)", str(message.body))
    check({"link": client.get(link)})
    refusals(client, link, weak())


def test_own_password(client_of_carla: Client, carla: User) -> None:
    address = reverse("account_change_password")
    check({"change": client_of_carla.get(address)})
    refusals(client_of_carla, address, weak(oldpassword=PASSWORD))
    refusals(
        client_of_carla,
        address,
        {"wrong": {"oldpassword": "wrong"}, "null": {"oldpassword": "a\0b"}},
    )
    new = {"password1": "seventeen gray herons", "password2": "seventeen gray herons"}
    done = client_of_carla.post(address, new | {"oldpassword": PASSWORD}, follow=True)
    check({"saved": done})


def test_first_password(client_of_carla: Client, carla: User) -> None:
    """For someone who signs in with only a passkey."""
    client = client_of_carla
    carla.set_unusable_password()
    carla.save()
    session = client.session
    session[HASH_SESSION_KEY] = carla.get_session_auth_hash()
    session.save()
    address = reverse("account_set_password")
    check({"set": client.get(address)})
    refusals(client, address, weak())


def test_password_and_code_again(carla: User) -> None:
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    Passkey(carla).register()
    client = Client()
    client.force_login(carla)
    password, code, key = (
        reverse(name)
        for name in (
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
        )
    )
    check({address: client.get(address) for address in (password, code, key)})
    refusals(client, password, {"empty": {}, "wrong": {"password": "wrong"}})
    wrong = {f"wrong {number}": {"code": "000000"} for number in range(6)}
    refusals(client, code, {"empty": {}, "null": {"code": "1\0"}} | wrong)
    check(
        {
            answer: client.post(key, {"credential": answer}, follow=True)
            for answer in ("", "{", "{}")
        }
    )
    by_mail = reverse("account_request_reauthentication_code")
    check({"by mail": client.get(by_mail)})


def test_email_addresses(client_of_carla: Client, carla: User, settings: Any) -> None:
    settings.MAIL_GOES_OUT = True
    client, address = client_of_carla, reverse("account_email")

    def add(email: str) -> dict[str, str]:
        return {"action_add": "", "email": email}

    pages = {"addresses": client.get(address)}
    refusals(
        client,
        address,
        {
            "empty": add(""),
            "no address": add("carla"),
            "long": add(f"{'n' * 330}@example.org"),
            "own": add(carla.email),
        },
    )
    pages["added"] = client.post(address, add("two@example.org"), follow=True)
    for action in ("primary", "send", "remove"):
        for email in ("two@example.org", carla.email):
            data = {f"action_{action}": "", "email": email}
            pages[f"{action} {email}"] = client.post(address, data, follow=True)
    check(pages)
    for message in mail.outbox:
        assert stock_words(f"<p>{message.subject}</p><p>{message.body}</p>") == set()


def test_confirmation_of_an_address(client_of_carla: Client) -> None:
    client = client_of_carla
    typed = {"action_add": "", "email": "two@example.org"}
    client.post(reverse("account_email"), typed)
    [link] = re.findall(r"http://[^/]+(/accounts/\S+)", str(mail.outbox[0].body))
    pages = {"link": client.get(link)}
    pages["confirmed"] = client.post(link, follow=True)
    pages["used"] = client.get(link)
    pages["broken"] = client.get("/accounts/confirm-email/nonsense/")
    check(pages)


def test_second_factor_at_the_sign_in(client_of_carla: Client, carla: User) -> None:
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    Passkey(carla).register()
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    address = reverse("mfa_authenticate")
    check({"code": client.get(address)})
    tries = {f"wrong {number}": {"code": "000000"} for number in range(6)}
    refusals(
        client,
        address,
        {"empty": {"code": ""}, "key": {"credential": ""}, "bad": {"credential": "{"}}
        | tries,
    )


def test_second_factors_of_an_account(client_of_carla: Client, carla: User) -> None:
    client = client_of_carla
    pages = {"none": client.get(reverse("mfa_index"))}
    activate = reverse("mfa_activate_totp")
    page = pages["app"] = client.get(activate)
    secret = parse(page).values("#authenticator_secret")[0]
    refusals(
        client,
        activate,
        {"empty": {}, "wrong": {"code": "000000"}, "null": {"code": "1\0"}},
    )
    on = client.post(activate, {"code": unused_code_of(secret)}, follow=True)
    pages["app on"] = on
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "usersessions_list",
        "account_logout",
    ):
        pages[name] = client.get(reverse(name))
    again = reverse("mfa_generate_recovery_codes")
    pages["new codes"] = client.post(again, {}, follow=True)
    refusals(
        client,
        reverse("mfa_add_webauthn"),
        {
            "empty": {"name": "Phone"},
            "broken": {"name": "Phone", "credential": "{"},
            "wrong": {"name": "Phone", "credential": "{}"},
            "long": {"name": "n" * 70, "credential": "{}"},
        },
    )
    key = Passkey(carla).register()
    rename, remove = (
        reverse(f"mfa_{verb}_webauthn", args=[key.pk]) for verb in ("edit", "remove")
    )
    pages |= {"rename": client.get(rename), "remove": client.get(remove)}
    refusals(client, rename, {"empty": {"name": ""}, "long": {"name": "n" * 70}})
    pages["keys"] = client.get(reverse("mfa_list_webauthn"))
    pages["renamed"] = client.post(rename, {"name": "Watch"}, follow=True)
    pages["removed"] = client.post(remove, follow=True)
    pages["off"] = client.post(reverse("mfa_deactivate_totp"), follow=True)
    pages["sessions"] = client.post(reverse("usersessions_list"), follow=True)
    pages["signed out"] = client.post(reverse("account_logout"), follow=True)
    check(pages)


def test_second_factor_before_the_address_is_confirmed(carla: User) -> None:
    EmailAddress.objects.create(user=carla, email="two@example.org")
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    address = reverse("mfa_activate_totp")
    check({"app": client.get(address, follow=True)})


def test_recovery_codes_without_a_second_factor(client_of_carla: Client) -> None:
    address = reverse("mfa_generate_recovery_codes")
    check({"codes": client_of_carla.post(address, follow=True)})


@pytest.mark.parametrize("is_superuser", [True, False])
def test_forms_of_accounts_in_the_admin(
    staff_client: Client, staff: User, carla: User, is_superuser: bool
) -> None:
    RecoveryCodes.activate(carla)
    client = confirmed(staff_client)
    if not is_superuser:
        User.objects.filter(pk=staff.pk).update(is_superuser=False)
        rights = ("view_user", "add_user", "change_user", "delete_user")
        staff.user_permissions.set(Permission.objects.filter(codename__in=rights))
    add, password, change = (
        reverse("admin:auth_user_add"),
        reverse("admin:auth_user_password_change", args=[carla.pk]),
        reverse("admin:auth_user_change", args=[carla.pk]),
    )
    delete = reverse("admin:auth_user_delete", args=[carla.pk])
    pages = {page: client.get(page) for page in (add, password, change, delete)}
    assert parse(pages[add]).has("[name=groups]") == is_superuser
    named = {"email": "edith@example.org", "first_name": "Carla"}
    like = named | {"email": "carla@example.net"}
    wrong = {
        "empty": {},
        "no address": {"email": "carla", "first_name": "n" * 160},
        "taken": {"email": carla.email, "first_name": "C", "is_active": "on"},
        "long": {"email": f"{'n' * 160}@example.org", "first_name": "C"},
    }
    for name, fields in wrong.items():
        pages[f"add {name}"] = client.post(add, fields)
        if name != "taken":
            pages[f"change {name}"] = client.post(change, fields)
    for name, fields in weak().items():
        pages[f"new {name}"] = client.post(add, like | fields)
        pages[f"password {name}"] = client.post(password, fields)
    for name, page in pages.items():
        found = stock_words(page, also="admin") - SAME - FRAME
        assert (page.status_code, found) == (200, set()), name
    for name, page in pages.items():
        if " " in name:
            assert parse(page).has(".errorlist"), name
    new = {"password1": "seventeen gray herons", "password2": "seventeen gray herons"}
    saved = client.post(password, new, follow=True)
    assert stock_words(saved) - SAME == set()
    [message] = saved.context["messages"]
    assert message.level_tag == "success"
    carla.refresh_from_db()
    assert carla.check_password("seventeen gray herons")
    # An account that has no password gets one on the same page.
    carla.set_unusable_password()
    carla.save()
    assert stock_words(client.get(password)) - SAME == set()
    assert client.post(password, new).status_code == 302


def test_admin_leaves_own_password_and_sign_out_to_the_account_pages(
    staff_client: Client,
) -> None:
    own = reverse("account_change_password")
    for name in ("password_change", "password_change_done"):
        assert staff_client.get(reverse(f"admin:{name}"))["Location"] == own
    out = reverse("admin:logout")
    assert staff_client.get(out)["Location"] == reverse("account_logout")
    assert "_auth_user_id" in staff_client.session
    gone = staff_client.post(out, follow=True)
    assert "_auth_user_id" not in staff_client.session
    assert gone.status_code == 200
    assert not Authenticator.objects.exclude(user__email="stella@example.org").exists()
