"""What the log tells of sign-ins and refusals, and what it keeps to itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
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
    account = f"account {carla.pk}"
    assert told(lines) == [
        *[f"Failed sign-in: {account}"] * 5,
        f"Locked out: {account}",
    ]


def test_lock_out_of_an_unknown_address_names_no_account(
    article: None, lines: pytest.LogCaptureFixture
) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    for _ in range(6):
        sign_in(client, "nobody@example.net", "not the phrase")
    assert told(lines)[-1] == "Locked out: account unknown"
    assert "nobody" not in lines.text


def test_lock_out_at_the_second_factor_is_told(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    TOTP.activate(carla, generate_totp_secret())
    client = Client(REMOTE_ADDR=ADDRESS)
    sign_in(client, carla.email)
    for _ in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    found = told(lines)
    assert found[0] == f"Wrong second factor: account {carla.pk}"
    assert found[-1] == f"Locked out: account {carla.pk}"


def test_wrong_password_of_somebody_signed_in_is_told(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    sign_in(client, carla.email)
    told(lines)
    client.post("/accounts/reauthenticate/", {"password": "not the phrase"})
    assert told(lines) == [f"Wrong password: account {carla.pk}"]


BROKEN = ["[1]", "1", '{"id": "x"}', '{"id": "eA", "rawId": "eA", "response": 1}']


@pytest.mark.parametrize("credential", BROKEN)
def test_broken_passkey_is_refused_and_told(
    article: None, lines: pytest.LogCaptureFixture, credential: str
) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    client.get("/accounts/2fa/webauthn/login/")
    client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert told(lines) == ["Wrong second factor: account unknown"]


@pytest.mark.parametrize("credential", BROKEN)
def test_broken_new_key_is_refused(carla: User, credential: str) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    sign_in(client, carla.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    page = client.post("/accounts/2fa/webauthn/add/", {"credential": credential})
    assert page.context["form"].errors
    assert not Authenticator.objects.exists()


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


def test_refusal_of_the_admin_names_the_account(
    carla: User, lines: pytest.LogCaptureFixture
) -> None:
    User.objects.filter(pk=carla.pk).update(is_staff=True)
    TOTP.activate(carla, generate_totp_secret())
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(carla)
    lines.clear()
    assert client.get("/admin/auth/user/").status_code == 403
    [line] = told(lines)
    assert line.endswith(f": account {carla.pk}")


def test_too_many_guesses_of_a_code_are_told(
    article: None,
    lines: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    half_past: object,
) -> None:
    monkeypatch.setattr("assessments.visitors.joining.MAX_GUESSES", 2)
    client = Client(REMOTE_ADDR=ADDRESS)
    answers = [client.get("/join/7K3M9Q2RTX/").status_code for _ in range(3)]
    assert answers == [404, 404, 429]
    assert told(lines)[-1].endswith(" account unknown")


def test_sender_is_keyed_and_one_for_one_address(settings) -> None:
    first = sender()
    assert first == sender()
    assert first != sender("192.0.2.78")
    settings.SECRET_KEY = "another key of more than forty characters, for a test"
    assert first != sender()
