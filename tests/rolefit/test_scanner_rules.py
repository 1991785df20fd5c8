"""The rules of graders of headers and cookies, over every kind of page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client

from assessments.models import Version
from assessments.visitors.owner_cookie import PROGRESS_COOKIE
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/skills/",
    "/method/",
    "/privacy/",
    "/quiz/",
    "/quiz/resume/",
    "/join/",
    "/call/",
    "/coach/",
    "/coach/ask/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/admin/login/",
    "/nowhere/",
    "/r/unknown/",
    "/robots.txt",
    "/sitemap.xml",
]
OWN = ["/quiz/1/", "/quiz/review/", "/quiz/data/", "/quiz/result/sees/"]
POWERS = {"camera", "geolocation", "microphone", "payment", "usb"}


@pytest.fixture
def over_https(settings: Any) -> None:
    """As with BASE_URL=https://… behind a proxy."""
    settings.HTTPS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def faults(response: HttpResponse) -> list[str]:
    """What a grader would take off points for."""
    headers = response.headers
    policy = {
        name: set(values)
        for name, *values in (
            part.split()
            for part in headers.get("Content-Security-Policy", "").split(";")
            if part.strip()
        )
    }
    allowed = {value for values in policy.values() for value in values}
    permissions = headers.get("Permissions-Policy", "")
    age = re.fullmatch(
        r"max-age=(\d+)", headers.get("Strict-Transport-Security", "").split(";")[0]
    )
    rules = {
        "a policy whose default is nothing": policy.get("default-src") == {"'none'"},
        "no inline script or style": not any("unsafe" in value for value in allowed),
        "no wildcard or bare scheme for script": not policy.get("script-src", {"*"})
        & {"*", "http:", "https:", "data:", "blob:"},
        "no base that moves addresses": policy.get("base-uri") == {"'none'"},
        "forms go home only": policy.get("form-action") == {"'self'"},
        "no frame, by policy": policy.get("frame-ancestors") == {"'none'"},
        "no frame, by header": headers.get("X-Frame-Options") == "DENY",
        "no guessing of types": headers.get("X-Content-Type-Options") == "nosniff",
        "no address told to others": headers.get("Referrer-Policy")
        in ("same-origin", "no-referrer"),
        "no powers": set(re.findall(r"([\w-]+)=\(\)", permissions)) >= POWERS,
        "no opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "https for half a year or more": age is not None and int(age[1]) >= 15_768_000,
        "no name of the software": not {"Server", "X-Powered-By"} & set(headers),
    }
    return [rule for rule, holds in rules.items() if not holds]


@pytest.mark.parametrize("page", PAGES)
def test_grader_finds_no_fault(
    questionnaire: Version, over_https: None, page: str
) -> None:
    response = Client(HTTP_X_FORWARDED_PROTO="https").get(page)
    assert faults(response) == []
    assert "Access-Control-Allow-Origin" not in response.headers


def test_grader_finds_no_fault_in_pages_of_an_owner(
    questionnaire: Version, over_https: None
) -> None:
    taker = Taker(Client(HTTP_X_FORWARDED_PROTO="https"))
    taker.start()
    for page in OWN:
        response = taker.client.get(page)
        assert (response.status_code, faults(response)) == (200, []), page
        assert "no-store" in response["Cache-Control"]


def test_page_without_tls_leads_to_the_same_page_with_it(over_https: None) -> None:
    response = Client().get("/quiz/")
    assert (response.status_code, response["Location"]) == (
        301,
        "https://testserver/quiz/",
    )


def test_cookies_are_secure_closed_to_script_and_stay_at_home(
    questionnaire: Version, over_https: None, staff: Any
) -> None:
    taker = Taker(Client(HTTP_X_FORWARDED_PROTO="https"))
    taker.start()
    EmailAddress.objects.create(
        user=staff, email=staff.email, verified=True, primary=True
    )
    taker.client.get("/accounts/login/")
    taker.client.post(
        "/accounts/login/", {"login": staff.email, "password": "a long pass phrase"}
    )
    cookies = taker.client.cookies
    flags = {
        name.removeprefix("__Host-"): (
            bool(cookie["secure"]),
            bool(cookie["httponly"]),
            cookie["samesite"],
            cookie["domain"],
            cookie["path"],
        )
        for name, cookie in cookies.items()
    }
    closed = (True, True, "Lax", "", "/")
    # Script may read how far somebody is. Nothing reads Django's token from its cookie.
    open_to_script = {PROGRESS_COOKIE, "csrftoken"}
    assert {"rolefit_key", "sessionid", "csrftoken", PROGRESS_COOKIE} <= set(flags)
    for name, found in flags.items():
        wanted = (True, False, *closed[2:]) if name in open_to_script else closed
        assert found == wanted, name
