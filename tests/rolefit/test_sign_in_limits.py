"""Wrong passwords and codes lock an account for a while, and nobody can undo that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from rolefit.lock_outs import seconds_left
from tests.support.codes import code_of
from tests.support.dom import parse
from tests.support.pages import template_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
PASSWORD, WRONG = "a long pass phrase", "not the phrase"
# The start of a step of 30 seconds, and of a minute.
NOON = datetime(2026, 5, 4, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def make_user(name: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def carla(article: None) -> User:
    return make_user("carla")


def sign_in(
    email: str, password: str = PASSWORD, client: Client | None = None
) -> HttpResponse:
    data = {"login": email, "password": password}
    return (client or Client()).post(LOGIN, data)


def is_in(response: HttpResponse) -> bool:
    return response.status_code == 302


def refusal(response: HttpResponse) -> tuple[str, str]:
    """The code of the form's one error, and the text that the page shows of it."""
    [[error]] = response.context["form"].errors.as_data().values()
    assert str(error.message) in parse(response).one("main").text
    return error.code, error.message


def lock(email: str, tries: int = 10) -> None:
    for _ in range(tries):
        assert not is_in(sign_in(email, WRONG))


def test_ten_wrong_passwords_lock_and_the_page_says_truly_for_how_long(
    carla: User, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        assert not is_in(sign_in(carla.email, WRONG))
        clock.shift(timedelta(seconds=20))
    # 200 seconds have passed since the first. It counts for 300.
    code, words = refusal(sign_in(carla.email))
    assert code == "too_many_login_attempts"
    assert " 2 minutes." in words
    clock.shift(timedelta(seconds=99))
    assert " 1 minute." in refusal(sign_in(carla.email))[1]
    clock.shift(timedelta(seconds=1))
    assert is_in(sign_in(carla.email))


def test_four_wrong_passwords_do_not_lock(carla: User) -> None:
    lock(carla.email, tries=4)
    assert is_in(sign_in(carla.email))


def test_right_password_gives_no_new_tries(
    carla: User, clock: time_machine.Traveller
) -> None:
    lock(carla.email, tries=4)
    clock.shift(timedelta(seconds=1))
    assert is_in(sign_in(carla.email))
    clock.shift(timedelta(seconds=1))
    lock(carla.email, tries=1)
    assert not is_in(sign_in(carla.email))


def test_lock_is_one_for_all_addresses_and_spellings_of_an_account(
    carla: User,
) -> None:
    EmailAddress.objects.create(
        user=carla, email="other@example.org", verified=True, primary=False
    )
    for email in ("carla@example.org", "CARLA@Example.org", "other@example.org") * 2:
        sign_in(email, WRONG)
    code, _ = refusal(sign_in(carla.email))
    assert code == "too_many_login_attempts"


def test_lock_is_of_one_account_and_not_of_others_behind_the_address(
    carla: User,
) -> None:
    otto = make_user("otto")
    lock(carla.email)
    lock("nobody@example.org")
    assert is_in(sign_in(otto.email))


def test_address_without_account_is_locked_like_one_with(carla: User) -> None:
    lock("nobody@example.org")
    lock(carla.email)
    assert refusal(sign_in("nobody@example.org")) == refusal(sign_in(carla.email))


def test_account_that_is_not_locked_waits_a_second_at_most(carla: User) -> None:
    """As where another process holds the count at this moment."""
    assert seconds_left("account 0") == 1


# The counts


def entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        return int(cursor.fetchone()[0])


def test_counts_are_in_the_database_that_all_processes_share(carla: User) -> None:
    assert entries() == 0
    lock(carla.email, tries=1)
    # One of the address, one of the account.
    assert entries() == 2


def keep_few(settings: Settings) -> None:
    """Let the dropping begin at five entries."""
    here = settings.CACHES["default"] | {"OPTIONS": {"MAX_ENTRIES": 5}}
    settings.CACHES = {"default": here}


def test_failures_of_others_drop_neither_a_lock_nor_a_used_code(
    carla: User, settings: Settings
) -> None:
    keep_few(settings)
    cache.set("used", 1, timeout=90)
    lock(carla.email)
    for number in range(20):
        sign_in(f"nobody{number}@example.org", WRONG)
    assert entries() > 20
    assert cache.get("used") == 1
    assert refusal(sign_in(carla.email))[0] == "too_many_login_attempts"


def test_what_is_over_is_dropped_where_there_is_much(
    carla: User, clock: time_machine.Traveller, settings: Settings
) -> None:
    keep_few(settings)
    for number in range(20):
        cache.set(f"old-{number}", 1, timeout=10)
    clock.shift(timedelta(seconds=20))
    cache.set("new", 1, timeout=10)
    assert entries() == 1


# The address


def through_a_proxy(forwarded: str) -> Client:
    return Client(HTTP_X_FORWARDED_FOR=forwarded)


def test_sign_ins_of_one_network_are_counted_together(
    carla: User, settings: Settings
) -> None:
    settings.PROXIES = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "4/m/ip"}
    for forwarded in (
        "2001:db8::1",
        "[2001:db8::2]",
        "[2001:db8::3]:4711",
        "2001:db8::4",
    ):
        assert (
            sign_in("a@example.org", WRONG, through_a_proxy(forwarded)).status_code
            == 200
        )
    refused = sign_in(carla.email, client=through_a_proxy("[2001:db8::5]:80"))
    assert (refused.status_code, template_of(refused)) == (429, "429.html")
    assert refused["Retry-After"] == "60"
    assert is_in(sign_in(carla.email, client=through_a_proxy("[2001:db8:0:1::1]:80")))


def test_port_makes_no_new_address(carla: User, settings: Settings) -> None:
    settings.PROXIES = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "2/m/ip"}
    for forwarded in ("192.0.2.1:1", "::ffff:192.0.2.1"):
        sign_in("a@example.org", WRONG, through_a_proxy(forwarded))
    refused = sign_in(carla.email, client=through_a_proxy("192.0.2.1:2"))
    assert refused.status_code == 429
    assert is_in(sign_in(carla.email, client=through_a_proxy("192.0.2.2:1")))


# Codes of an app


@pytest.fixture
def secret(carla: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(carla, secret)
    return str(secret)


def send(code: str, client: Client | None = None) -> HttpResponse:
    """Carla's right password, and then the code."""
    client = client or Client()
    sign_in("carla@example.org", client=client)
    return client.post(CODE, {"code": code})


@pytest.mark.parametrize(
    ("steps_ago", "taken"), [(0, True), (1, True), (2, False), (-2, False)]
)
def test_code_may_be_one_step_old(secret: str, steps_ago: int, taken: bool) -> None:
    assert is_in(send(code_of(secret, steps_ago=steps_ago))) is taken


@pytest.mark.parametrize("steps_ago", [0, 1])
def test_used_code_is_refused_for_as_long_as_it_would_be_right(
    secret: str, steps_ago: int, clock: time_machine.Traveller
) -> None:
    code = code_of(secret, steps_ago=steps_ago)
    assert is_in(send(code))
    for spelling in (code, f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}"):
        assert refusal(send(spelling))[0] == "incorrect_code"
    # The last second at which the code is right.
    clock.move_to(NOON + timedelta(seconds=59 - 30 * steps_ago))
    assert refusal(send(code))[0] == "incorrect_code"
    assert is_in(send(code_of(secret)))


def test_code_that_set_the_app_up_does_not_sign_in(carla: User) -> None:
    client = Client()
    sign_in(carla.email, client=client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    code = code_of(page.context["form"].secret)
    assert is_in(client.post("/accounts/2fa/totp/activate/", {"code": code}))
    client.post("/accounts/logout/")
    assert refusal(send(code, client))[0] == "incorrect_code"


def test_wrong_codes_lock_and_the_page_says_for_how_long(
    secret: str, clock: time_machine.Traveller
) -> None:
    client = Client()
    sign_in("carla@example.org", client=client)
    for _ in range(5):
        assert refusal(client.post(CODE, {"code": "000"}))[0] == "incorrect_code"
    clock.shift(timedelta(seconds=200))
    code, words = refusal(client.post(CODE, {"code": code_of(secret)}))
    assert code == "too_many_login_attempts"
    assert " 2 minutes." in words
    clock.shift(timedelta(seconds=100))
    assert is_in(client.post(CODE, {"code": code_of(secret)}))
