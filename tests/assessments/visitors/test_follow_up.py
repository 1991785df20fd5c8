"""Asking on the result page how it turned out."""

from __future__ import annotations

import json

import pytest
from django.test import Client

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
    assert parse(response).values(".error-summary a") == ["#id_agree"]
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
