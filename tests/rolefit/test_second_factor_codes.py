"""A code of an app works once, and while it is at most one step old (RFC 6238)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

PASSWORD = "a long pass phrase"
STEP = timedelta(seconds=30)


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def secret(carla: User) -> str:
    made = totp.generate_totp_secret()
    totp.TOTP.activate(carla, made)
    return made


def code_now(secret: str) -> str:
    counters = totp.yield_hotp_counters_from_time()
    middle = sorted(counters)[1]  # One step of tolerance stands on each side.
    return totp.format_hotp_value(totp.hotp_value(secret, middle))


def opens(code: str) -> bool:
    client = Client()
    client.post(
        "/accounts/login/", {"login": "carla@example.org", "password": PASSWORD}
    )
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("steps", "good"), [(0, True), (1, True), (2, False)])
def test_code_may_be_one_step_old(secret: str, steps: int, good: bool) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = code_now(secret)
        clock.shift(steps * STEP)
        assert opens(code) == good


@pytest.mark.parametrize("later", [timedelta(), STEP])
def test_code_works_once(secret: str, later: timedelta) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = code_now(secret)
        assert opens(code)
        clock.shift(later)
        assert not opens(f"{code[:3]} {code[3:]}")
        clock.shift(3 * STEP)
        assert opens(code_now(secret))


def test_recovery_code_works_once(carla: User, secret: str) -> None:
    codes = RecoveryCodes.activate(carla).get_unused_codes()
    assert opens(codes[0])
    assert not opens(codes[0])
    assert opens(codes[1].upper())
