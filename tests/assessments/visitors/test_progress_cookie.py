"""The cookie that tells public pages "open" or "done", and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from assessments.models import Attempt, Owner, Version
from assessments.visitors.owner_cookie import COOKIE, PROGRESS_COOKIE, key_cookie
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db


def told(visitor: Taker) -> str | None:
    """What public pages are told, as the visitor's browser holds it."""
    morsel = visitor.client.cookies.get(PROGRESS_COOKIE)
    return morsel.value or None if morsel else None


@pytest.mark.parametrize("https", [True, False])
def test_start_says_open_in_a_cookie_that_script_may_read(
    visitor: Taker, settings: Settings, https: bool
) -> None:
    settings.HTTPS = https
    visitor.start()
    cookie, key = (
        visitor.client.cookies[name] for name in (PROGRESS_COOKIE, key_cookie())
    )
    assert (cookie.value, cookie["httponly"]) == ("open", "")
    same = ("samesite", "secure", "max-age", "path", "domain")
    assert [cookie[name] for name in same] == [key[name] for name in same]
    assert bool(cookie["secure"]) is https


def test_shared_computer_tells_nobody(visitor: Taker) -> None:
    visitor.start()
    visitor.start(shared_computer="on")
    assert told(visitor) is None
    visitor.client.cookies.pop(PROGRESS_COOKIE)
    for number in range(1, 7):
        visitor.answer(number, answers_of("both"))
    visitor.client.post("/quiz/review/")
    visitor.client.get("/quiz/")
    assert told(visitor) is None


def test_finishing_says_done_and_taking_it_again_says_open(visitor: Taker) -> None:
    visitor.take("both")
    assert told(visitor) == "done"
    visitor.start(who="same")
    visitor.client.get("/quiz/1/")
    assert told(visitor) == "open"


def test_finishing_in_the_last_section_says_done(visitor: Taker) -> None:
    visitor.start("short")
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_short"), action="finish")
        if number < 3:
            assert told(visitor) == "open"
    assert told(visitor) == "done"


def test_review_of_a_corrected_attempt_says_open(visitor: Taker) -> None:
    visitor.take("both")
    visitor.client.post("/quiz/result/1/correct/")
    visitor.client.get("/quiz/review/")
    assert told(visitor) == "open"


def test_key_on_another_device_says_what_it_opens(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.start()
    stranger.client.post("/quiz/resume/", {"key": visitor.key})
    assert told(stranger) == "open"
    Attempt.objects.all().delete()
    visitor.take("both")
    stranger.client.post("/quiz/resume/", {"key": visitor.key, "replace": "yes"})
    assert told(stranger) == "done"


def test_start_page_corrects_a_cookie_that_has_grown_old(visitor: Taker) -> None:
    visitor.take("both")
    visitor.client.cookies[PROGRESS_COOKIE] = "open"
    visitor.client.get("/quiz/")
    assert told(visitor) == "done"
    Owner.objects.all().delete()
    visitor.client.get("/quiz/")
    assert told(visitor) is None


@pytest.mark.parametrize(
    ("address", "data"), [("/quiz/leave/", {}), ("/quiz/data/", {"sure": "on"})]
)
def test_leaving_and_deleting_clear_it(
    visitor: Taker, address: str, data: dict[str, str]
) -> None:
    visitor.take("both")
    visitor.client.post(address, data)
    assert (told(visitor), visitor.client.cookies[COOKIE].value) == (None, "")


def test_public_page_is_the_same_for_everybody(visitor: Taker) -> None:
    visitor.take("both")
    mine, theirs = (client.get("/skills/") for client in (visitor.client, Client()))
    assert mine.content == theirs.content
    assert not mine.cookies
    assert "Cookie" not in mine.get("Vary", "")


def test_public_pages_mark_the_link_that_the_script_changes(
    client: Client, questionnaire: Version
) -> None:
    for address in ("/", "/skills/", "/privacy/"):
        page = parse(client.get(address))
        assert page.one("nav a[data-continue]").value == "/quiz/"
        assert page.has("script[src$=js/continue.js]")
