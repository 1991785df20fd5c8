"""A passkey's challenge is in a signed cookie, so nobody makes a row by asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from rolefit.passkey import PASSKEY_COOKIE, VALID_FOR
from tests.support.passkeys import Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/accounts/2fa/webauthn/login/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def passkey(article: None) -> Passkey:
    user = User.objects.create_user("carla", "carla@example.org", "a long pass phrase")
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    passkey = Passkey(user)
    passkey.register()
    return passkey


def ask(client: Client) -> str:
    """The challenge, as the script of the sign-in page asks for it."""
    response = client.get(ADDRESS, headers={"accept": "application/json"})
    assert response.status_code == 200
    return str(response.json()["request_options"]["publicKey"]["challenge"])


def rows() -> list[int]:
    """How many sessions there are, and how many entries of the cache."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        return [Session.objects.count(), int(cursor.fetchone()[0])]


def post(client: Client, answer: str) -> HttpResponse:
    return client.post(ADDRESS, {"credential": answer})


def is_in(client: Client) -> bool:
    # The test client makes a session where there is none.
    return bool(get_user(client).is_authenticated)


def test_passkey_signs_in_by_the_challenge_of_the_cookie(passkey: Passkey) -> None:
    client = Client()
    assert post(client, passkey.answer(ask(client))).status_code == 302
    assert get_user(client) == passkey.user
    assert not client.cookies[PASSKEY_COOKIE].value


def test_asking_makes_no_row_and_a_cookie_closed_to_script_and_other_sites(
    passkey: Passkey,
) -> None:
    client = Client()
    challenges = {ask(client) for _ in range(5)}
    assert len(challenges) == 5
    assert rows() == [0, 0]
    assert set(client.cookies) == {PASSKEY_COOKIE}
    cookie = client.cookies[PASSKEY_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        "Strict",
        "/",
    )
    assert cookie["max-age"] == VALID_FOR.total_seconds()


def test_refused_passkey_makes_no_session(passkey: Passkey) -> None:
    client = Client()
    stranger = Passkey(passkey.user)
    post(client, stranger.answer(ask(client)))
    post(client, "{}")
    post(client, "no JSON")
    assert Session.objects.count() == 0
    assert not is_in(client)


@pytest.mark.parametrize("cookie", ["", "forged:1:2"])
def test_challenge_without_our_cookie_is_refused(passkey: Passkey, cookie: str) -> None:
    client = Client()
    challenge = ask(client)
    client.cookies[PASSKEY_COOKIE] = cookie
    post(client, passkey.answer(challenge))
    assert not is_in(client)


def test_challenge_of_another_browser_is_refused(passkey: Passkey) -> None:
    client = Client()
    ask(client)
    post(client, passkey.answer(ask(Client())))
    assert not is_in(client)


def test_challenge_is_good_for_one_try(passkey: Passkey) -> None:
    client = Client()
    answer = passkey.answer(ask(client))
    kept = client.cookies[PASSKEY_COOKIE].value
    assert post(client, answer).status_code == 302
    thief = Client()
    thief.cookies[PASSKEY_COOKIE] = kept
    post(thief, answer)
    assert (is_in(client), is_in(thief)) == (True, False)


@pytest.mark.parametrize(("seconds", "taken"), [(299, True), (301, False)])
def test_challenge_is_good_for_five_minutes(
    passkey: Passkey, clock: time_machine.Traveller, seconds: int, taken: bool
) -> None:
    client = Client()
    answer = passkey.answer(ask(client))
    clock.shift(timedelta(seconds=seconds))
    post(client, answer)
    assert is_in(client) is taken


def test_passkey_signs_in_while_the_password_is_locked(passkey: Passkey) -> None:
    wrong = {"login": passkey.user.email, "password": "not the phrase"}
    for _ in range(6):
        locked = Client().post("/accounts/login/", wrong)
    assert locked.context["form"].has_error("__all__", "too_many_login_attempts")
    client = Client()
    post(client, passkey.answer(ask(client)))
    assert is_in(client)


def test_key_without_finger_or_pin_is_refused(passkey: Passkey) -> None:
    client = Client()
    post(client, passkey.answer(ask(client), verified=False))
    assert not is_in(client)


def test_who_is_signed_in_makes_no_row_by_asking_either(passkey: Passkey) -> None:
    client = Client()
    client.force_login(passkey.user)
    before = rows(), Session.objects.get().session_data
    client.get(ADDRESS, headers={"accept": "application/json"})
    assert (rows(), Session.objects.get().session_data) == before
    assert PASSKEY_COOKIE not in client.cookies
