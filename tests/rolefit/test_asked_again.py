"""What gives or takes power asks for the password again, unless it was just given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import coaches
from assessments.actions.account_sessions import sessions_of
from assessments.models import Coach
from assessments.visitors.owner_cookie import key_cookie
from tests.support.coaching import make_coach, make_manager
from tests.support.codes import unused_code_of
from tests.support.dom import parse
from tests.support.forms import fields_of, opened
from tests.support.passkeys import Passkey
from tests.support.staff import signed_in

PASSWORD = "a long pass phrase"
NEW = "seventeen gray herons"
AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def paula(questionnaire: object) -> User:
    """On the staff, with a second factor, signed in somewhere."""
    user = User.objects.create_user(
        "paula@example.org", "paula@example.org", PASSWORD, is_staff=True
    )
    totp.TOTP.activate(user, totp.generate_totp_secret())
    Client().force_login(user)
    return user


@pytest.fixture
def closed_coach(paula: User, staff: User) -> Coach:
    coach = make_coach("Carla", by=make_manager())
    coaches.close_workspace(coach, by=staff)
    return coach


def asking(address: str) -> str:
    """The page that asks for the password, before this address."""
    return f"{AGAIN}?{urlencode({'next': address})}"


def at(page: str, *args: object) -> str:
    return reverse(f"admin:{page}", args=args)


def state() -> dict[str, Any]:
    """Whatever gives power, or takes it."""
    return {
        "accounts": list(
            User.objects.order_by("pk").values(
                "email", "password", "is_active", "is_staff", "is_superuser", "groups"
            )
        ),
        "factors": Authenticator.objects.count(),
        "sessions": sum(
            len(sessions_of(user))
            for user in User.objects.exclude(email="stella@example.org")
        ),
        "groups": list(
            Group.objects.order_by("pk").values("name", "permissions__codename")
        ),
        "erased": Coach.objects.filter(erased_at=None).count(),
    }


def act(name: str, paula: User, coach: Coach) -> tuple[str, dict[str, Any]]:
    """The address that a button posts to, and the fields of its form."""
    editor = Group.objects.get(name="Editor").pk
    account = {"email": paula.email, "first_name": "Paula", "is_active": "on"}
    acts: dict[str, tuple[str, dict[str, Any]]] = {
        "factor": (at("auth_user_remove_second_factor", paula.pk), {}),
        "sessions": (at("auth_user_end_sessions", paula.pk), {}),
        "superuser": (
            at("auth_user_change", paula.pk),
            account | {"is_superuser": "on"},
        ),
        "groups": (at("auth_user_change", paula.pk), account | {"groups": [editor]}),
        "address": (
            at("auth_user_change", paula.pk),
            account | {"email": "eva@example.org"},
        ),
        "deletion": (at("auth_user_delete", paula.pk), {"post": "yes"}),
        "rights": (at("auth_group_change", editor), {"name": "Editor"}),
        "new group": (at("auth_group_add"), {"name": "Readers"}),
        "no group": (at("auth_group_delete", editor), {"post": "yes"}),
        "erasure": (at("assessments_coach_erase", coach.pk), {}),
    }
    return acts[name]


ACTS = (
    "factor",
    "sessions",
    "superuser",
    "groups",
    "address",
    "deletion",
    "rights",
    "new group",
    "no group",
    "erasure",
)


@pytest.mark.parametrize("name", ACTS)
def test_button_works_once_the_password_is_given_again(
    staff_client: Client, paula: User, closed_coach: Coach, name: str
) -> None:
    address, fields = act(name, paula, closed_coach)
    before = state()
    asked = staff_client.post(address, fields)
    assert (asked.status_code, asked["Location"]) == (302, asking(address))
    assert parse(staff_client.get(asked["Location"])).has("input[name=password]")
    answer = {"password": "not the phrase", "next": address}
    assert not staff_client.post(AGAIN, answer).has_header("Location")
    assert state() == before
    # What was posted is done now, without being typed again.
    staff_client.post(AGAIN, answer | {"password": PASSWORD})
    assert state() != before


def test_edit_from_a_filtered_list_is_saved_and_leads_back_to_it(
    staff_client: Client, paula: User
) -> None:
    address = at("auth_user_change", paula.pk)
    filters = urlencode({"_changelist_filters": "is_staff__exact=1"})
    typed = {"email": paula.email, "first_name": "Paula", "is_active": "on"}
    asked = staff_client.post(f"{address}?{filters}", typed)
    assert asked["Location"] == asking(address)
    saved = staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    paula.refresh_from_db()
    assert paula.first_name == "Paula"
    assert saved["Location"] == f"{at('auth_user_changelist')}?is_staff__exact=1"


@pytest.mark.parametrize("name", ACTS)
def test_session_that_keeps_what_was_posted_keeps_no_cookie(
    staff_client: Client, paula: User, closed_coach: Coach, name: str
) -> None:
    address, fields = act(name, paula, closed_coach)
    staff_client.cookies[key_cookie()] = "a-visitors-key"
    browser = {"authorization": "Basic YS1zZWNyZXQ=", "accept-language": "tlh"}
    staff_client.post(address, fields, headers=browser)
    session = Session.objects.get(session_key=staff_client.session.session_key)
    kept = json.dumps(session.get_decoded())
    assert address in kept
    assert "tlh" in kept
    assert "a-visitors-key" not in kept
    assert "YS1zZWNyZXQ=" not in kept
    assert str(session.session_key) not in kept


def test_whoever_may_only_delete_is_asked_too(paula: User) -> None:
    client = signed_in("dolores", "view_user", "delete_user")
    address = at("auth_user_delete", paula.pk)
    assert client.post(address, {"post": "yes"})["Location"] == asking(address)
    assert User.objects.filter(pk=paula.pk).exists()
    client.post(AGAIN, {"password": PASSWORD, "next": address})
    assert not User.objects.filter(pk=paula.pk).exists()


@pytest.mark.parametrize("name", ACTS)
def test_button_asks_again_once_the_time_is_over(
    staff_client: Client,
    paula: User,
    closed_coach: Coach,
    clock: time_machine.Traveller,
    name: str,
) -> None:
    address, fields = act(name, paula, closed_coach)
    before = state()
    staff_client.post(AGAIN, {"password": PASSWORD})
    clock.shift(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
    asked = staff_client.post(address, fields)
    assert (asked.status_code, asked["Location"]) == (302, asking(address))
    assert state() == before


@pytest.mark.parametrize("just", [True, False])
def test_sign_in_of_the_last_minutes_is_enough(
    paula: User, staff: User, clock: time_machine.Traveller, just: bool
) -> None:
    totp.TOTP.activate(staff, secret := totp.generate_totp_secret())
    EmailAddress.objects.create(
        user=staff, email=staff.email, verified=True, primary=True
    )
    stella = Client()
    stella.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    counter = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    stella.post("/accounts/2fa/authenticate/", {"code": code})
    assert stella.get("/admin/").status_code == 200
    limit = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    clock.shift(limit - 1 if just else limit + 1)
    remove = at("auth_user_remove_second_factor", paula.pk)
    response = stella.post(remove)
    done = at("auth_user_change", paula.pk)
    assert response["Location"] == (done if just else asking(remove))
    assert Authenticator.objects.filter(user=paula).exists() is not just


@pytest.mark.parametrize(
    ("view", "of_paula"),
    [("auth_user_add", False), ("auth_user_password_change", True)],
)
def test_pages_that_take_a_password_ask_first_and_no_session_keeps_it(
    staff_client: Client, paula: User, view: str, of_paula: bool
) -> None:
    address = at(view, *([paula.pk] if of_paula else []))
    before = state()
    assert staff_client.get(address)["Location"] == asking(address)
    typed = {
        "email": "edith@example.org",
        "first_name": "Edith",
        "password1": NEW,
        "password2": NEW,
    }
    assert staff_client.post(address, typed)["Location"] == asking(address)
    kept = json.dumps(dict(staff_client.session))
    assert NEW.replace(" ", "+") not in kept
    assert NEW not in kept
    assert "password1" not in kept
    # The form comes back with what else was typed, and asks for the password.
    again = staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    action, fields = form_of(again, "user_form")
    assert (action, fields["password1"], fields["password2"]) == (address, [""], [""])
    if not of_paula:
        assert fields["email"] == ["edith@example.org"]
    assert state() == before
    corrected = fields | {"password1": NEW, "password2": NEW}
    assert staff_client.post(action, corrected).status_code == 302
    assert state() != before


def form_of(page: HttpResponse, name: str) -> tuple[str, dict[str, list[str]]]:
    """Where the form with this id leads, and what stands in it."""
    form = parse(page).one(f"#{name}")
    return form.attributes["action"], fields_of(form)


@pytest.mark.parametrize("way", ["password", "code"])
def test_error_in_what_was_repeated_can_be_corrected(
    staff_client: Client, staff: User, paula: User, way: str
) -> None:
    Authenticator.objects.filter(user=staff).delete()
    totp.TOTP.activate(staff, secret := totp.generate_totp_secret())
    groups = [str(group.pk) for group in Group.objects.order_by("pk")[:2]]
    filters = "is_staff__exact=1"
    address = at("auth_user_change", paula.pk)
    here = f"{address}?{urlencode({'_changelist_filters': filters})}"
    typed = opened(staff_client, here) | {
        "email": "no address",
        "first_name": "Paula",
        "groups": groups,
    }
    staff_client.post(here, typed)
    page, answer = {
        "password": (AGAIN, {"password": PASSWORD}),
        "code": (reverse("mfa_reauthenticate"), {"code": unused_code_of(secret)}),
    }[way]
    shown = staff_client.post(page, answer | {"next": address})
    assert (shown.status_code, parse(shown).has(".errorlist")) == (200, True)
    action, fields = form_of(shown, "user_form")
    assert action == here
    assert {name: fields[name] for name in ("email", "first_name", "groups")} == {
        "email": ["no address"],
        "first_name": ["Paula"],
        "groups": groups,
    }
    saved = staff_client.post(action, fields | {"email": "pia@example.org"})
    assert saved["Location"] == f"{at('auth_user_changelist')}?{filters}"
    paula.refresh_from_db()
    assert (paula.email, paula.first_name) == ("pia@example.org", "Paula")
    assert [str(pk) for pk in sorted(paula.groups.values_list("pk", flat=True))] == (
        groups
    )


def test_question_which_text_to_keep_can_be_answered_after_the_password(
    staff_client: Client, paula: User
) -> None:
    address = at("auth_user_change", paula.pk)
    typed = opened(staff_client, address) | {"first_name": "Paula"}
    User.objects.filter(pk=paula.pk).update(first_name="Pia")
    staff_client.post(address, typed)
    asked = staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    assert asked.status_code == 422
    action, fields = form_of(asked, "user_form")
    assert action == address
    staff_client.post(action, fields | {"first_name-choice": "mine"})
    paula.refresh_from_db()
    assert paula.first_name == "Paula"


@pytest.mark.parametrize("way", ["password", "code", "key"])
def test_wrong_answer_loses_nothing_of_what_was_posted(
    staff_client: Client, staff: User, paula: User, way: str
) -> None:
    Authenticator.objects.filter(user=staff).delete()
    totp.TOTP.activate(staff, totp.generate_totp_secret())
    Passkey(staff).register()
    address = at("auth_user_change", paula.pk)
    typed = {"email": paula.email, "first_name": "Paula", "is_active": "on"}
    staff_client.post(address, typed)
    page, answer = {
        "password": (AGAIN, {"password": "not the phrase"}),
        "code": (reverse("mfa_reauthenticate"), {"code": "000000"}),
        "key": (reverse("mfa_reauthenticate_webauthn"), {"credential": "{}"}),
    }[way]
    asked = staff_client.post(page, answer | {"next": address}, follow=True)
    shown = parse(asked)
    assert shown.has(".notice" if way == "key" else ".error-summary")
    [form] = [form for form in shown.all("main form") if form.has("[name=next]")]
    action, fields = form.attributes["action"], fields_of(form)
    assert (action, fields["next"]) == (page, [address])
    staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    paula.refresh_from_db()
    assert paula.first_name == "Paula"


@pytest.mark.parametrize("is_new", [True, False])
def test_error_in_a_group_can_be_corrected(staff_client: Client, is_new: bool) -> None:
    group = Group.objects.get(name="Analyst")
    rights = [str(right.pk) for right in group.permissions.order_by("pk")]
    address = at("auth_group_add") if is_new else at("auth_group_change", group.pk)
    staff_client.post(address, {"name": "", "permissions": rights})
    shown = staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    action, fields = form_of(shown, "group_form")
    assert (action, sorted(fields["permissions"], key=int)) == (address, rights)
    assert staff_client.post(action, fields | {"name": "Readers"}).status_code == 302
    readers = Group.objects.get(name="Readers")
    assert readers.permissions.count() == len(rights)
    assert (readers == group) is not is_new


def test_whoever_may_not_is_refused_without_being_asked(
    paula: User, staff: User, closed_coach: Coach
) -> None:
    before = state()
    client = Client()
    client.force_login(paula)
    for name in ACTS:
        if name == "sessions":
            continue
        address, fields = act(name, staff, closed_coach)
        assert client.post(address, fields).status_code == 403
    assert client.post(at("auth_user_end_sessions", staff.pk)).status_code == 403
    assert client.get(at("auth_user_add")).status_code == 403
    after = state()
    assert after | {"sessions": 0} == before | {"sessions": 0}


def test_link_to_a_new_password_asks_first(
    staff_client: Client, paula: User, settings: Any
) -> None:
    settings.MAIL_GOES_OUT = False
    coach = make_coach("Carla", by=make_manager())
    address = at("assessments_coach_new_password", coach.pk)
    link = "input[value*='/accounts/password/reset/key/']"
    asked = staff_client.post(address)
    assert asked["Location"] == asking(address)
    shown = staff_client.post(AGAIN, {"password": PASSWORD, "next": address})
    assert parse(shown).has(link)


def test_own_addresses_of_an_account_ask_first(paula: User) -> None:
    Authenticator.objects.filter(user=paula).delete()
    EmailAddress.objects.create(
        user=paula, email=paula.email, verified=True, primary=True
    )
    client = Client()
    client.force_login(paula)
    typed = {"email": "eva@example.org", "action_add": ""}
    page = reverse("account_email")
    assert client.post(page, typed)["Location"] == asking(page)
    assert not EmailAddress.objects.filter(email="eva@example.org").exists()
    client.post(AGAIN, {"password": PASSWORD, "next": page})
    assert EmailAddress.objects.filter(email="eva@example.org").exists()


@pytest.mark.parametrize("has_key", [True, False])
def test_only_ways_that_the_account_has_are_offered(paula: User, has_key: bool) -> None:
    if has_key:
        Passkey(paula).register()
    client = Client()
    client.force_login(paula)
    ways = parse(client.get(AGAIN)).values("main .actions a")
    code, key = (
        "/accounts/2fa/reauthenticate/",
        "/accounts/2fa/webauthn/reauthenticate/",
    )
    assert set(ways) == ({code, key} if has_key else {code})
    # A code in a mail is no way.
    by_mail = reverse("account_request_reauthentication_code")
    assert client.get(by_mail).status_code == 403
