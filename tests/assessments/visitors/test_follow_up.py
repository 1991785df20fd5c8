"""Asking on the result page how it turned out."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from assessments.actions.follow_ups import ASKED_AFTER
from assessments.keys import read_key
from assessments.models import Attempt, FollowUp, Result, Version
from tests.support.dom import Element, parse
from tests.support.later import months_later
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
ADDRESS = "/quiz/result/1/follow-up/"
PART = "#follow-up"


@pytest.fixture
def visitor(questionnaire: Version) -> Taker:
    visitor = Taker()
    visitor.take("both")
    return visitor


def result_page(visitor: Taker) -> Element:
    return parse(visitor.client.get("/quiz/result/1/"))


def actions(page: Element) -> list[str]:
    return page.values(f"{PART} button[name=action]")


def test_consent_is_not_ticked_and_asked_for_again_without_it(visitor: Taker) -> None:
    page = result_page(visitor)
    assert page.has(f"{PART} input[name=agree]")
    assert not page.has(f"{PART} input[name=agree][checked]")
    response = visitor.client.post(ADDRESS, {"action": "agree"})
    assert response.status_code == 422
    page = parse(response)
    assert page.values(".error-summary a") == ["#id_agree"]
    assert page.has("h1")
    assert page.values(".opening a") == ["/quiz/result/1/"]
    assert not FollowUp.objects.exists()


def test_way_from_consent_to_answers(visitor: Taker) -> None:
    response = visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    assert response["Location"] == "/quiz/result/1/"
    assert actions(result_page(visitor)) == ["take_back"]
    months_later()
    page = result_page(visitor)
    assert actions(page) == ["answer", "take_back"]
    assert page.has(f'.notice a[href="{PART}"]')
    assert len(page.values(f"{PART} input[name=chosen]")) == 5
    visitor.client.post(
        ADDRESS, {"action": "answer", "chosen": "second", "liking": "3"}
    )
    stored = FollowUp.objects.get()
    assert (stored.chosen, stored.liking) == ("second", 3)
    page = result_page(visitor)
    assert actions(page) == ["take_back"]
    assert not page.has(".notice a")
    data = json.loads(visitor.client.get("/quiz/data/rolefit.json").getvalue())
    assert (data["follow_up"]["chosen"], data["follow_up"]["liking"]) == ("second", 3)


@pytest.mark.parametrize(
    ("posted", "stored"),
    [
        ({}, ("", None)),
        ({"chosen": "neither", "liking": "2"}, ("neither", None)),
        ({"liking": "2"}, ("", None)),
        ({"chosen": "first"}, ("first", None)),
    ],
    ids=str,
)
def test_each_question_can_be_skipped(
    visitor: Taker, posted: dict[str, str], stored: tuple[str, int | None]
) -> None:
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    months_later()
    visitor.client.post(ADDRESS, {"action": "answer"} | posted)
    found = FollowUp.objects.get()
    assert (found.chosen, found.liking) == stored
    assert found.answered_at is not None


def test_answers_that_the_page_did_not_offer_are_refused(visitor: Taker) -> None:
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    months_later()
    response = visitor.client.post(ADDRESS, {"action": "answer", "liking": "9"})
    assert response.status_code == 422
    assert FollowUp.objects.get().answered_at is None


def test_consent_can_be_taken_back_and_is_not_offered_when_it_is_time(
    visitor: Taker,
) -> None:
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    months_later()
    visitor.client.post(ADDRESS, {"action": "take_back"})
    assert not FollowUp.objects.exists()
    assert not result_page(visitor).has(PART)


def test_nothing_is_asked_of_staff_or_of_careless_answers(visitor: Taker) -> None:
    Attempt.objects.update(by_staff=True)
    assert not result_page(visitor).has(PART)
    Attempt.objects.update(by_staff=False)
    Result.objects.update(outcome="careless")
    assert not result_page(visitor).has(PART)
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    assert not FollowUp.objects.exists()


def test_only_the_result_of_the_consent_asks(visitor: Taker) -> None:
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    visitor.client.post("/quiz/result/1/change/T6/", {"T6": "5"})
    assert not parse(visitor.client.get("/quiz/result/2/")).has(PART)


def test_strangers_reach_nothing(visitor: Taker) -> None:
    for client in (Client(), Taker().client):
        response = client.post(ADDRESS, {"action": "agree", "agree": "on"})
        assert response.status_code in (302, 404)
    assert visitor.client.get(ADDRESS).status_code == 405
    assert not FollowUp.objects.exists()


REMINDER = "/quiz/result/1/reminder.ics"


def in_the_file(response: HttpResponse) -> dict[str, str]:
    """The properties of a calendar file, its folded lines put together."""
    lines = response.content.decode("ascii").split("\r\n")
    assert lines.pop() == ""
    assert max(map(len, lines)) <= 75
    whole = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in whole if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return dict(line.split(":", 1) for line in whole if line)


@pytest.mark.parametrize("host", ["rolefit.example", f"{'a' * 60}.{'b' * 60}.example"])
def test_day_of_the_questions_goes_into_a_calendar_without_the_key(
    visitor: Taker, settings: Settings, host: str
) -> None:
    settings.BASE_URL = f"https://{host}"
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    page = result_page(visitor)
    assert page.values(f"{PART} a") == [REMINDER]
    response = visitor.client.get(REMINDER)
    assert response["Content-Type"].startswith("text/calendar")
    assert response["Content-Disposition"] == 'attachment; filename="rolefit.ics"'
    assert {"private", "no-store"} <= {*response["Cache-Control"].split(", ")}
    found = in_the_file(response)
    asked_from = visitor.result().finished_at + ASKED_AFTER
    assert found["DTSTART;VALUE=DATE"] == f"{asked_from + timedelta(days=1):%Y%m%d}"
    assert found["URL"] == f"https://{host}/quiz/resume/"
    assert found["DESCRIPTION"].endswith(f" {found['URL']}")
    assert not {",", ";"} & {*found["SUMMARY"], *found["DESCRIPTION"]}
    text = response.content.decode().replace("\r\n ", "")
    assert read_key(visitor.key) not in text.replace("-", "")


def test_calendar_has_no_day_where_nothing_will_be_asked(visitor: Taker) -> None:
    assert visitor.client.get(REMINDER).status_code == 404
    visitor.client.post(ADDRESS, {"action": "agree", "agree": "on"})
    assert visitor.client.post(REMINDER).status_code == 405
    assert visitor.client.get("/quiz/result/2/reminder.ics").status_code == 404
    assert Client().get(REMINDER)["Location"] == "/quiz/"
    assert Taker().client.get(REMINDER).status_code == 302
    months_later()
    assert visitor.client.get(REMINDER).status_code == 404
