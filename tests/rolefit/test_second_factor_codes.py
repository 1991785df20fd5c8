"""A recovery code works once."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "a long pass phrase"


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def opens(code: str) -> bool:
    client = Client()
    client.post(
        "/accounts/login/", {"login": "carla@example.org", "password": PASSWORD}
    )
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def test_recovery_code_works_once(carla: User) -> None:
    totp.TOTP.activate(carla, totp.generate_totp_secret())
    codes = RecoveryCodes.activate(carla).get_unused_codes()
    assert opens(codes[0])
    assert not opens(codes[0])
    assert opens(codes[1].upper())
