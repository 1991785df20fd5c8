"""What the log tells of sign-ins and refusals, and what it keeps to itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from rolefit import traces
from rolefit.logs import NameRefused

LOGIN = "/accounts/login/"
ADDRESS, PASSWORD = "192.0.2.77", "a long pass phrase"


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def lines(
    caplog: pytest.LogCaptureFixture,
) -> Iterator[pytest.LogCaptureFixture]:
    """Refusals are Django's own lines, which the site's filter completes."""
    caplog.set_level(logging.INFO, logger="rolefit.traces")
    caplog.handler.addFilter(complete := NameRefused())
    yield caplog
    caplog.handler.removeFilter(complete)


def told(lines: pytest.LogCaptureFixture) -> list[str]:
    """The lines since the last call. Each one ends with the sender."""
    found = [
        record.getMessage()
        for record in lines.records
        if record.name == "rolefit.traces" or hasattr(record, "named")
    ]
    assert ADDRESS not in lines.text
    lines.clear()
    ending = f", sender {sender()}"
    assert all(line.endswith(ending) for line in found), found
    return [line.removesuffix(ending) for line in found]


def sender(address: str = ADDRESS) -> str:
    return traces.sender(RequestFactory().get("/", REMOTE_ADDR=address))


def sign_in(client: Client, email: str, password: str = PASSWORD) -> None:
    client.post(LOGIN, {"login": email, "password": password})


def test_sign_in_and_out_and_failures_name_account_and_sender(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    sign_in(client, carla.email, "not the phrase")
    assert told(lines) == [f"Failed sign-in: account {carla.pk}"]
    sign_in(client, "nobody@example.net", "not the phrase")
    assert "nobody" not in lines.text
    assert told(lines) == ["Failed sign-in: account unknown"]
    sign_in(client, carla.email)
    assert told(lines) == [f"Signed in: account {carla.pk}"]
    client.post("/accounts/logout/")
    assert told(lines) == [f"Signed out: account {carla.pk}"]


def test_lock_out_is_told(carla: User, lines: pytest.LogCaptureFixture) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    for _ in range(6):
        sign_in(client, carla.email, "not the phrase")
    assert [line.partition(":")[0] for line in told(lines)] == [
        *["Failed sign-in"] * 5,
        "Locked out",
    ]


def test_wrong_second_factor_is_told_without_the_code(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    TOTP.activate(carla, generate_totp_secret())
    client = Client(REMOTE_ADDR=ADDRESS)
    sign_in(client, carla.email)
    assert told(lines) == []
    client.post("/accounts/2fa/authenticate/", {"code": "abc123"})
    assert "abc123" not in lines.text
    assert told(lines) == [f"Wrong second factor: account {carla.pk}"]


def test_refusal_names_the_account(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    client = Client(REMOTE_ADDR=ADDRESS, enforce_csrf_checks=True)
    client.force_login(carla)
    lines.clear()
    assert client.post("/quiz/").status_code == 403
    [line] = told(lines)
    assert "/quiz/" in line
    assert line.endswith(f": account {carla.pk}")


def test_sender_is_keyed_and_one_for_one_address(settings) -> None:
    first = sender()
    assert first == sender()
    assert first != sender("192.0.2.78")
    settings.SECRET_KEY = "another key of more than forty characters, for a test"
    assert first != sender()
