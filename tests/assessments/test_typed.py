"""What people type to say who they are is made plain by every form that asks for it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

import assessments
import rolefit
from assessments.actions.share_links import make_share_link
from assessments.models import Coach, Invitation, Participation, ShareLink
from assessments.typed import (
    AddressField,
    NameField,
    isolated,
    letters_and_digits,
    numbered,
    plain_address,
    plain_text,
    visible_name,
)
from tests.support.coaching import alone, invite, join, joined, make_coach, signed_in_as
from tests.support.guest import Guest
from tests.support.staff import confirmed

PASSWORD = "a long pass phrase"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sam", "Sam"),
        ("  Sam \t Lee\n", "Sam Lee"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("Zoe\u200b\u0308", "Zoë"),
        ("Zoe\u3164\u0308", "Zoë"),
        ("Ｓａｍ", "Sam"),
        ("山田 太郎", "山田 太郎"),
        ("葛\U000e0100", "葛"),
        ("سلمى", "سلمى"),
        ("O’Neill-Smith, Jr.", "O’Neill-Smith, Jr."),
        ("Sam 🚀", "Sam 🚀"),
        ("Sam\u00a0Lee", "Sam Lee"),
        ("S\u200bam\ufeff", "Sam"),
        ("\u202eSam\u202c", "Sam"),
        ("\u2066Sam\u2069", "Sam"),
        ("S\u00adam", "Sam"),
        ("Sam\x00\x07", "Sam"),
        ("Sam\ue000", "Sam"),
        ("Sam \u200b Lee", "Sam Lee"),
        ("", ""),
        (" \u200b\u2800\u3164 ", ""),
        ("\u0301\u0301", ""),
        ("Ann\u034f\ufe0f\u180b", "Ann"),
        ("Q" + "\u0316" * 50, "Q" + "\u0316" * 3),
    ],
)
def test_name_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert visible_name(typed) == kept


@given(st.text())
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
    assert visible_name(visible_name(text)) == visible_name(text)


def test_address_is_plain_and_in_lower_case() -> None:
    assert plain_address(" Ｓam@Ex\u200bample.ORG\n") == "sam@example.org"


def test_code_is_its_letters_and_digits() -> None:
    assert letters_and_digits(" 1２-\u0663\u200b 4a") == "1234A"


def test_isolated_name_stands_between_its_two_characters() -> None:
    assert isolated("سلمى") == "\u2068سلمى\u2069"


def test_name_is_isolated_with_its_number_and_without() -> None:
    assert numbered("سلمى", 2) == "\u2068سلمى\u2069 (2)"
    assert numbered("سلمى", 0) == "\u2068سلمى\u2069"
    assert (numbered("Ann", 2), numbered("Ann", 0)) == ("Ann (2)", "Ann")


@pytest.mark.parametrize("field", [NameField, AddressField])
def test_long_text_is_refused_unread(field: type[forms.CharField]) -> None:
    with pytest.raises(forms.ValidationError):
        field(max_length=100).clean("\ufdfa" * 100_000)


IDENTIFYING = {"name", "first_name", "last_name", "label", "email", "login"}


def every_form() -> Iterator[type[forms.BaseForm]]:
    for package in (assessments, rolefit):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not {"migrations", "__main__", "wsgi"} & {*module.name.split(".")}:
                importlib.import_module(module.name)
    kinds = [forms.BaseForm]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.partition(".")[0] in ("assessments", "rolefit"):
            yield kind


# What is named here names no person: questionnaires, their parts, and constants.
OF_STAFF_WORDS = ("rolefit.account_forms",)


def test_every_form_reads_names_and_addresses_in_the_one_place() -> None:
    fields = {
        f"{form.__qualname__}.{name}": type(field)
        for form in every_form()
        for name, field in form.base_fields.items()
        if name in IDENTIFYING and not form.__module__.startswith(OF_STAFF_WORDS)
    }
    assert {"AskForm.email", "JoinForm.name", "NewAccountForm.first_name"} <= {*fields}
    assert {*fields.values()} == {NameField, AddressField}, fields


def disguised(text: str) -> str:
    """The same to see: full-width letters, and characters that show nothing."""
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in text
    )
    return f"\u202e {wide[:2]}\u200b{wide[2:]}\u00ad \u2069"


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


CARLA = disguised("carla@example.org")


@pytest.mark.django_db
def test_disguised_address_signs_in_and_gets_the_reset_mail(carla: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": CARLA})
    assert [message.to for message in mail.outbox] == [[carla.email]]
    client.post("/accounts/login/", {"login": CARLA, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(carla.pk)


@pytest.mark.django_db
def test_failures_of_a_disguised_address_count_for_the_account(carla: User) -> None:
    for _ in range(5):
        Client().post("/accounts/login/", {"login": CARLA, "password": "wrong"})
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_second_address_of_an_account_is_kept_plain(carla: User) -> None:
    client = Client()
    client.force_login(carla)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    typed = {"email": disguised("second@example.org"), "action_add": ""}
    client.post("/accounts/email/", typed)
    assert carla.emailaddress_set.filter(email="second@example.org").exists()


@pytest.mark.django_db
def test_second_factor_is_read_as_typed_on_any_keyboard(carla: User) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(carla, secret)
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    [_, now, *_] = totp.yield_hotp_counters_from_time()
    code = totp.format_hotp_value(totp.hotp_value(secret, now))
    arabic = "".join(chr(0x660 + int(digit)) for digit in code)
    typed = f"\u200e{arabic[:3]} {arabic[3:]}"
    client.post("/accounts/2fa/authenticate/", {"code": typed})
    assert client.session["_auth_user_id"] == str(carla.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"), [(disguised("Desk"), "Desk"), ("\u200b\u3164", "Key 1")]
)
def test_name_of_a_key_is_plain(carla: User, typed: str, kept: str) -> None:
    key = Authenticator.objects.create(
        user=carla, type=Authenticator.Type.WEBAUTHN, data={"name": "Key 1"}
    )
    client = Client()
    client.post("/accounts/login/", {"login": carla.email, "password": PASSWORD})
    client.force_login(carla)
    page = reverse("mfa_edit_webauthn", args=[key.pk])
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(page, {"name": typed})
    key.refresh_from_db()
    assert key.data["name"] == kept


@pytest.fixture
def coach(staff: User, questionnaire: object) -> Coach:
    return make_coach("Carl", by=staff)


NO_NAME = "\u200b\u3164\u202e"
# The name to type, and what is kept of it; None where it is refused.
NAMES = [(disguised("Ann Lee"), "Ann Lee"), (NO_NAME, None)]


def names(model: Any, field: str = "name") -> list[str]:
    return list(model.objects.order_by("pk").values_list(field, flat=True))


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_request_of_a_coach(questionnaire: object, typed: str, kept: str) -> None:
    for email in (disguised("Ann@example.org"), "ann@example.org"):
        Client().post(
            "/coach/ask/", {"name": typed, "email": email, "works_with": "Seniors"}
        )
    found = [(kept, "ann@example.org")] if kept else []
    assert list(Coach.objects.values_list("name", "email")) == found


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_coach_in_the_admin(
    questionnaire: object, staff_client: Client, typed: str, kept: str
) -> None:
    staff_client.post(
        reverse("admin:assessments_coach_add"),
        {"name": typed, "email": disguised("Ann@example.org")},
    )
    found = [(kept, "ann@example.org")] if kept else []
    assert list(Coach.objects.values_list("name", "email")) == found


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_account_in_the_admin(
    article: None, staff_client: Client, staff: User, typed: str, kept: str
) -> None:
    data = {"first_name": typed, "email": disguised("Ann@example.org")}
    passwords = {"password1": PASSWORD + " 9", "password2": PASSWORD + " 9"}
    confirmed(staff_client).post(reverse("admin:auth_user_add"), data | passwords)
    made = User.objects.exclude(pk=staff.pk)
    found = [("ann@example.org", "ann@example.org", kept)] if kept else []
    assert list(made.values_list("username", "email", "first_name")) == found


def test_account_that_is_changed_in_the_admin(
    article: None, staff_client: Client, staff: User
) -> None:
    typed = {
        "first_name": disguised("Ann"),
        "email": disguised("Ann@example.org"),
        "is_active": "on",
        "is_superuser": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "10:00",
    }
    address = reverse("admin:auth_user_change", args=[staff.pk])
    confirmed(staff_client).post(address, typed)
    staff.refresh_from_db()
    found = (staff.first_name, staff.email)
    assert found == ("Ann", "ann@example.org")


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_group(coach: Coach, typed: str, kept: str) -> None:
    client = signed_in_as(coach.user)
    terms = {"label": typed, "form": "full", "scope": "answers"}
    client.post("/coach/new/", terms)
    assert names(Invitation, "label") == ([kept] if kept else [])
    group = invite(coach, label="Old")
    client.post(f"/coach/{group.pk}/edit/", {"label": typed})
    group.refresh_from_db()
    assert group.label == (kept or "Old")


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_client_of_a_coach(coach: Coach, typed: str, kept: str) -> None:
    Guest(invite(coach)).share(typed)
    assert names(Participation) == ([kept] if kept else [])


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_names_on_links(coach: Coach, typed: str, kept: str) -> None:
    """They are optional, so one that cannot be seen counts as left out."""
    grant = joined(invite(coach, onward=True))
    signed_in_as(coach.user).post(
        f"/coach/client/{grant.pk}/links/",
        {"label": typed, "scope": "summary", "days": "30"},
    )
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    guest.client.post(
        "/quiz/result/share/",
        {"label": typed, "name": typed, "scope": "answers", "days": "30"},
    )
    assert names(ShareLink, "label") == [kept or "", kept or ""]
    assert names(ShareLink) == ["", kept or ""]


@pytest.mark.parametrize(
    "change", [disguised, str.lower], ids=["disguised", "lower case"]
)
def test_code_key_and_token(coach: Coach, change: Callable[[str], str]) -> None:
    group = invite(coach)
    client = Client()
    typed = client.post("/join/", {"code": change(group.code)})
    assert typed["Location"] == f"/join/{group.code}/"
    key = "65DQ665DQ00HJ18WYZ4K"
    join(group, key=key)
    assert client.post("/quiz/resume/", {"key": change(key)}).status_code == 302
    link = make_share_link(alone(), scope="summary", label="", days=9)
    found = client.get(f"/r/{change(link.token.upper())}/", follow=True)
    assert found.status_code == 200
