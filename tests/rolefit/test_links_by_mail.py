"""Links that open an account.

Where they lead, how long they are good, and where they must not be written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.web import client_network
from rolefit.mail import ConsoleMail
from rolefit.server import call_django
from tests.support.dom import parse

RESET, LOGIN = "/accounts/password/reset/", "/accounts/login/"


@pytest.fixture
def carla(db: None) -> User:
    user = User.objects.create_user(
        "carla@example.org", "carla@example.org", "a long pass phrase"
    )
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def link_for(user: User, **headers: str) -> str:
    Client(headers=headers).post(RESET, {"email": user.email})
    [found] = re.findall(r"http\S+/reset/key/\S+", str(mail.outbox[-1].body))
    return str(found)


def path(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def test_mailed_link_leads_to_the_site_whatever_the_request_calls_it(
    article: None, carla: User
) -> None:
    for host in ("localhost:6666", "127.0.0.1:1", "localhost:8000"):
        assert link_for(carla, host=host).startswith(
            "http://localhost:8000/accounts/password/reset/key/"
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_staff=True),
        lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
        lambda user: user.groups.add(Group.objects.get(name="Publisher")),
        lambda user: Authenticator.objects.filter(user=user).delete(),
    ],
    ids=["staff", "superuser", "group", "no-second-factor"],
)
def test_link_is_good_only_while_the_account_may_do_what_it_could(
    article: None, carla: User, change: Callable[[User], object]
) -> None:
    Authenticator.objects.create(user=carla, type=Authenticator.Type.TOTP, data={})
    link = link_for(carla)
    assert parse(Client().get(path(link))).has("[name=password1]")
    change(carla)
    new = {"password1": "quite a long phrase", "password2": "quite a long phrase"}
    assert Client().post(path(link), new).status_code == 404
    assert User.objects.get(pk=carla.pk).check_password("a long pass phrase")


@pytest.fixture
def one_connection() -> Iterator[None]:
    """It holds the transaction of the test, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answered(email: str) -> tuple[int, int, Any]:
    """Status, number of queries, and the answer, which the client does not have yet."""
    form = {"email": email, "csrfmiddlewaretoken": "a" * 32}
    request = RequestFactory(headers={"cookie": f"csrftoken={'a' * 32}"})
    with CaptureQueriesContext(connection) as queries:
        environ = request.post(RESET, form, headers={"host": "localhost"}).environ
        status, _, answer = call_django(environ)
    return status, len(queries), answer


def test_new_password_is_mailed_after_the_answer(
    article: None, carla: User, one_connection: None
) -> None:
    """So the time until then is the same, whether the address has an account."""
    answered("first@example.org")  # fills what the process keeps
    status, queries, _ = answered("nobody@example.org")
    known, queries_for_known, answer = answered(carla.email)
    assert status == known == 302
    # Where nobody has confirmed the address, allauth looks at one table more.
    assert queries == queries_for_known + 1
    assert mail.outbox == []
    answer.close()
    assert [sent.to for sent in mail.outbox] == [[carla.email]]
    answer.close()
    assert len(mail.outbox) == 1


def test_mail_server_that_is_away_changes_no_answer(
    article: None, carla: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    for email in (carla.email, "nobody@example.org"):
        assert Client().post(RESET, {"email": email}).status_code == 302
    [record] = [record for record in caplog.records if record.exc_info]
    assert isinstance(record.exc_info and record.exc_info[1], ConnectionRefusedError)


def test_mail_on_the_console_holds_no_link() -> None:
    stream = io.StringIO()
    body = (
        "Open http://localhost:8000/accounts/password/reset/key/3-abc-def/ and choose."
    )
    ConsoleMail(stream=stream).send_messages(
        [EmailMessage("A new password", body, to=["carla@example.org"])]
    )
    shown = "Open http://localhost:8000/accounts/password/reset/key/… and choose."
    head = "Mail to carla@example.org: A new password"
    assert [line for line in stream.getvalue().splitlines() if ":" in line] == [
        head,
        shown,
    ]


@pytest.mark.parametrize(
    "where",
    [
        "http://localhost/x",
        "http://127.0.0.1/x",
        "http://localhost:6666/",
        "https://example.org/",
        "//example.org",
    ],
)
def test_sign_in_leads_nowhere_else(article: None, carla: User, where: str) -> None:
    answer = Client().post(
        LOGIN, {"login": carla.email, "password": "a long pass phrase", "next": where}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_admin_asks_for_the_second_factor_under_any_prefix(carla: User) -> None:
    User.objects.filter(pk=carla.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(carla)
    for prefix in ("", "/x"):
        answer = client.get("/admin/", SCRIPT_NAME=prefix)
        assert (answer.status_code, answer["Location"].removeprefix(prefix)) == (
            302,
            "/accounts/2fa/",
        )


def test_daily_command_clears_sign_ins_that_are_over(db: None) -> None:
    Session.objects.create(
        session_key="old",
        session_data="",
        expire_date=timezone.now() - timedelta(days=1),
    )
    Session.objects.create(
        session_key="new",
        session_data="",
        expire_date=timezone.now() + timedelta(days=1),
    )
    call_command("forget_old")
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_limits_count_a_network_of_ipv6_as_one_sender(rf: RequestFactory) -> None:
    addresses = (
        "2001:db8::1",
        "2001:db8::ffff:2",
        "2001:db8:0:1::1",
        "192.0.2.1",
        "192.0.2.2",
        "unknown",
    )
    found = [client_network(rf.get("/", REMOTE_ADDR=address)) for address in addresses]
    assert found == [
        "2001:db8::/64",
        "2001:db8::/64",
        "2001:db8:0:1::/64",
        "192.0.2.1",
        "192.0.2.2",
        "unknown",
    ]
