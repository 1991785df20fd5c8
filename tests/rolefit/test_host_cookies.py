"""Over https, cookies have the prefix __Host-, and twins for the last release."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from assessments.actions.attempts import start
from assessments.models import Version
from assessments.visitors.owner_cookie import COOKIE, PROGRESS_COOKIE

pytestmark = pytest.mark.django_db
KEY = f"__Host-{COOKIE}"
SESSION, TOKEN = "__Host-sessionid", "__Host-csrftoken"


@pytest.fixture(autouse=True)
def _https(settings: Any) -> None:
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = SESSION, TOKEN


@pytest.fixture
def owner_key(questionnaire: Version) -> str:
    return start(version=questionnaire, form="full")[1]


def get(client: Client, path: str) -> HttpResponse:
    return client.get(path, secure=True)


def is_of_this_host(response: HttpResponse, name: str) -> bool:
    """Whether browsers take the cookie: it needs all three for its prefix."""
    cookie = response.cookies[name]
    return bool(cookie["secure"]) and (cookie["path"], cookie["domain"]) == ("/", "")


def test_start_sets_prefixed_cookies(questionnaire: Version) -> None:
    client = Client()
    seen = get(client, "/quiz/")
    assert is_of_this_host(seen, TOKEN)
    response = client.post("/quiz/", {"form": "full"}, secure=True)
    assert is_of_this_host(response, KEY)
    assert get(client, "/quiz/1/").status_code == 200


def test_release_before_reads_what_this_one_sets_and_deletes(
    questionnaire: Version,
) -> None:
    client = Client()
    response = client.post("/quiz/", {"form": "full"}, secure=True)
    for end in (False, True):
        if end:
            response = client.post("/quiz/leave/", secure=True)
        with_prefix, without = response.cookies[KEY], response.cookies[COOKIE]
        assert (without.value, dict(without)) == (with_prefix.value, dict(with_prefix))
    assert without["max-age"] == 0


@pytest.mark.parametrize(
    ("progress", "age"), [({PROGRESS_COOKIE: "open"}, 30 * 24 * 3600), ({}, "")]
)
def test_old_key_opens_the_answers_and_gets_the_prefix(
    owner_key: str, progress: dict[str, str], age: object
) -> None:
    client = Client()
    client.cookies.load({COOKIE: owner_key} | progress)
    response = get(client, "/quiz/1/")
    assert response.status_code == 200
    prefixed = response.cookies[KEY]
    assert (prefixed.value, prefixed["max-age"]) == (owner_key, age)
    assert is_of_this_host(response, KEY)
    assert prefixed["httponly"]
    assert COOKIE not in response.cookies
    del client.cookies[COOKIE]
    assert get(client, "/quiz/1/").status_code == 200
    assert COOKIE not in get(client, "/quiz/1/").cookies


def test_key_of_a_sibling_host_does_not_replace_the_visitors_own(
    owner_key: str, questionnaire: Version
) -> None:
    planted = start(version=questionnaire, form="short")[1]
    client = Client()
    client.cookies.load({KEY: owner_key, COOKIE: planted})
    response = get(client, "/quiz/6/")  # a short form has three sections
    assert response.status_code == 200
    assert not {KEY, COOKIE} & response.cookies.keys()


def test_nobody_is_signed_out(staff_client: Client, staff: User) -> None:
    client = Client()
    client.cookies.load({"sessionid": staff_client.cookies[SESSION].value})
    response = get(client, "/admin/")
    assert response.status_code == 200
    assert is_of_this_host(response, SESSION)
    assert "sessionid" not in response.cookies


def test_form_of_the_release_before_is_taken(owner_key: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies.load({"csrftoken": "a" * 32, COOKIE: owner_key})
    data = {"csrfmiddlewaretoken": "a" * 32, "key": owner_key}
    referrer = {"referer": "https://testserver/quiz/resume/"}
    response = client.post("/quiz/resume/", data, secure=True, headers=referrer)
    assert response.status_code == 302


def test_public_page_sets_no_cookie(owner_key: str) -> None:
    client = Client()
    client.cookies.load({COOKIE: owner_key})
    assert not get(client, "/privacy/").cookies
