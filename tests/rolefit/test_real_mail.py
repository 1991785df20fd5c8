"""What a mail server gets: mail to known addresses alone, in the name of this site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission, User
from django.test import Client

from assessments.actions import coaches
from assessments.models import Coach
from tests.support.coaching import signed_in_as
from tests.support.smtp import MailServer, real_mail
from tests.support.staff import confirmed

PASSWORD = "a long pass phrase"
# A name of this machine, which the site answers to; its port is not ours.
OTHER_HOST = {"host": "localhost:6666"}
OURS = "http://localhost:8000"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with real_mail() as server:
        yield server


@pytest.fixture
def carla(article: None) -> User:
    user = User.objects.create_user("carla@example.org", "carla@example.org", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def reset(email: str) -> None:
    Client(headers=OTHER_HOST).post("/accounts/password/reset/", {"email": email})


def second_address() -> None:
    client = Client(headers=OTHER_HOST)
    client.force_login(User.objects.get(email="carla@example.org"))
    new = {"email": "second@example.org", "action_add": ""}
    confirmed(client)
    client.post("/accounts/email/", new)


def request_of_a_coach() -> None:
    manager = User.objects.create_user("mara", "mara@example.org", is_staff=True)
    manager.user_permissions.add(Permission.objects.get(codename="change_coach"))
    Client(headers=OTHER_HOST).post(
        "/coach/ask/",
        {"name": "Otto", "email": "otto@example.org", "works_with": "Nurses"},
    )


def approval() -> None:
    coaches.ask_for_account(name="Otto", email="otto@example.org", works_with="")
    page = f"/admin/assessments/coach/{Coach.objects.get().pk}/approve/"
    manager = User.objects.create_superuser("mara")
    signed_in_as(manager).post(page, headers=OTHER_HOST)


@pytest.mark.parametrize(
    ("act", "to"),
    [
        (lambda: reset("carla@example.org"), "carla@example.org"),
        (second_address, "second@example.org"),
        (request_of_a_coach, "mara@example.org"),
        (approval, "otto@example.org"),
    ],
    ids=["reset", "second-address", "request", "approval"],
)
def test_mail_goes_to_the_one_it_is_for_and_names_this_site_alone(
    carla: User,
    server: MailServer,
    django_capture_on_commit_callbacks: Any,
    act: Callable[[], None],
    to: str,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        act()
    [mail] = server.received
    assert mail.to == [to]
    assert b"6666" not in mail.raw
    assert "6666" not in mail.body
    assert "Rolefit" in mail.message["Subject"]
    links = re.findall(r"\w+://\S+", mail.body)
    assert links
    assert {link[: len(OURS)] for link in links} == {OURS}


@pytest.mark.parametrize("active", [None, False], ids=["unknown", "closed"])
def test_no_mail_goes_to_an_address_without_an_open_account(
    article: None,
    server: MailServer,
    django_capture_on_commit_callbacks: Any,
    active: bool | None,
) -> None:
    email = "nobody@example.net"
    if active is not None:
        user = User.objects.create_user(email, email, PASSWORD, is_active=active)
        EmailAddress.objects.create(user=user, email=email, verified=True)
    client = Client(headers=OTHER_HOST)
    typed = {"login": email, "password": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        client.post("/accounts/login/", typed)
        client.post(
            "/coach/ask/", {"name": "Nobody", "email": email, "works_with": "People"}
        )
        client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})
        reset(email)
    # The request of a coach has asked for mail to managers, of whom there is none.
    assert waiting
    assert server.received == []
