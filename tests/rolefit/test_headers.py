"""What every answer carries, and what preparing says."""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.core.management import call_command
from django.test import Client

from assessments.models import Questionnaire, Version
from content import published
from content.models import Page, PageVersion, Role, SiteWords, Strength
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/skills/",
    "/quiz/",
    "/quiz/resume/",
    "/join/",
    "/method/",
    "/accounts/login/",
    "/nowhere/",
    "/r/unknown/",
]


def directives(header: str) -> dict[str, set[str]]:
    """django-csp orders directives differently in each process, so they are compared as
    sets.
    """
    parts = (part.split() for part in header.split(";") if part.strip())
    return {name: set(values) for name, *values in parts}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_strict_policy_and_the_usual_headers(
    questionnaire: object, client: Client, page: str
) -> None:
    response = client.get(page)
    policy = directives(response["Content-Security-Policy"])
    assert (
        policy["default-src"]
        == policy["base-uri"]
        == policy["frame-ancestors"]
        == {"'none'"}
    )
    assert (
        policy["script-src"]
        == policy["form-action"]
        == policy["connect-src"]
        == {"'self'"}
    )
    assert not any("unsafe" in value for values in policy.values() for value in values)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    shared = page.startswith("/r/")
    assert response["Referrer-Policy"] == ("no-referrer" if shared else "same-origin")
    assert "camera=()" in response["Permissions-Policy"]


def test_admin_gets_a_nonce_and_nothing_looser(staff_client: Client) -> None:
    policy = directives(
        staff_client.get("/admin/content/page/add/")["Content-Security-Policy"]
    )
    assert {
        re.sub(r"nonce-[^']+", "nonce", value) for value in policy["script-src"]
    } == {"'self'", "'nonce'"}
    assert policy["default-src"] == {"'none'"}


def test_preparing_again_keeps_what_staff_have_written_and_adds_nothing(
    questionnaire: object,
) -> None:
    Page.objects.filter(slug="skills").update(title="Written by staff")
    everything = (Page, PageVersion, Role, Strength, Questionnaire, Version)
    before = [list(model.objects.order_by("pk").values()) for model in everything]
    call_command("prepare")
    assert [
        list(model.objects.order_by("pk").values()) for model in everything
    ] == before


def test_robots_are_kept_out_of_what_is_private(
    questionnaire: object, client: Client
) -> None:
    rules = client.get("/robots.txt").content.decode().splitlines()
    private = ("/rate/", "/join/", "/admin/", "/accounts/")
    assert {f"Disallow: {path}" for path in private} <= set(rules)


def test_robots_may_fetch_a_shared_result_and_read_that_it_is_not_for_search_engines(
    questionnaire: object, client: Client
) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    fetched = {
        path: rules.can_fetch("Slackbot", f"https://rolefit.example{path}")
        for path in ("/r/abc/", "/static/img/share.png", "/quiz/result/", "/join/abc/")
    }
    assert list(fetched.values()) == [True, True, False, False]
    page = client.get("/r/abc/")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert parse(page).one("meta[name=robots]").value == "noindex, nofollow"


def test_preparing_names_the_addresses_that_staff_have_not_set(
    article: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare")
    said = capsys.readouterr().out
    missing = published.current().words.missing
    assert [sentence in said for sentence in missing] == [True] * len(missing)
    SiteWords.objects.update(
        booking_address="https://calls.example.net/",
        contact_email="a@example.net",
        controller="Rolefit",
        legal_basis="Your consent",
        processors="None",
    )
    publish_drafted_words()
    call_command("prepare")
    said = capsys.readouterr().out
    assert [sentence in said for sentence in missing] == [False] * len(missing)
