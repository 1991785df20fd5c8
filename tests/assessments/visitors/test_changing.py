"""Change one answer and be back at once: before the end, and after it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Coach, Result, Version
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import template_of
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/quiz/result/1/change/T6/"


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What the page would send with nothing pressed but its button."""
    page = parse(response)
    return {
        field.attributes["name"]: field.value
        for field in page.all("main input")
        if field.attributes["type"] == "hidden" or "checked" in field.attributes
    }


@pytest.fixture
def answered(visitor: Taker) -> Taker:
    """All questions are answered, and nothing is finished."""
    visitor.start("short")
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_short"))
    return visitor


def test_review_leads_to_each_answered_question_alone(answered: Taker) -> None:
    page = parse(answered.client.get("/quiz/review/"))
    links = page.values(".review a")
    assert links[:5] == [
        *(f"/quiz/1/?change=T{number}" for number in range(1, 5)),
        "/quiz/2/?change=T5",
    ]
    alone = answered.client.get("/quiz/2/?change=T6")
    assert template_of(alone) == "assessments/change.html"
    shown = parse(alone)
    assert [fieldset.attributes["id"] for fieldset in shown.all("fieldset")] == ["T6"]
    assert shown.one("legend").text == "Question 6"
    assert shown.values("input:checked") == ["3"]


def test_changed_answer_is_saved_and_leads_back_to_its_place_in_the_review(
    answered: Taker,
) -> None:
    fields = fields_of(answered.client.get("/quiz/2/?change=T6"))
    response = answered.client.post("/quiz/2/?change=T6", fields | {"T6": "1"})
    assert (response.status_code, response["Location"]) == (302, "/quiz/review/#T6")
    assert parse(answered.client.get("/quiz/review/")).has("#T6")
    assert answered.attempt.answers["T6"] == 1


def test_change_of_an_answer_that_another_window_changed_is_asked_about(
    answered: Taker,
) -> None:
    fields = fields_of(answered.client.get("/quiz/2/?change=T6"))
    answered.answer(2, answers_of("clear_short") | {"T6": "2"})
    response = answered.client.post("/quiz/2/?change=T6", fields | {"T6": "1"})
    page = parse(response)
    assert (response.status_code, template_of(response)) == (
        422,
        "assessments/change.html",
    )
    assert page.values(".error-summary a") == ["#id_T6_0"]
    assert answered.attempt.answers["T6"] == 2


@pytest.mark.parametrize(
    "address", ["/quiz/1/?change=T6", "/quiz/2/?change=T99", "/quiz/2/?change=E5"]
)
def test_change_of_a_question_that_the_section_does_not_ask_is_404(
    answered: Taker, address: str
) -> None:
    assert answered.client.get(address).status_code == 404


def test_change_carries_no_other_question(answered: Taker) -> None:
    fields = fields_of(answered.client.get("/quiz/2/?change=T6"))
    response = answered.client.post("/quiz/2/?change=T6", fields | {"T7": "1"})
    assert response.status_code == 400


def test_expired_token_shows_the_one_question_again(questionnaire: Version) -> None:
    visitor = Taker(Client(enforce_csrf_checks=True))
    token = visitor.client.get("/quiz/").cookies["csrftoken"].value
    visitor.start(csrfmiddlewaretoken=token)
    fields = fields_of(visitor.client.get("/quiz/1/?change=T1"))
    response = visitor.client.post(
        "/quiz/1/?change=T1", fields | {"T1": "5", "csrfmiddlewaretoken": "x" * 32}
    )
    page = parse(response)
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert page.values("input:checked") == ["5"]
    assert len(page.all("fieldset")) == 1


def test_finished_result_leads_to_each_question_and_shows_its_answer(
    visitor: Taker,
) -> None:
    visitor.take("both")
    links = parse(visitor.client.get("/quiz/review/")).values(".review a")
    assert sorted(links) == sorted(
        f"/quiz/result/1/change/{question}/" for question in answers_of("both")
    )
    page = parse(visitor.client.get(ADDRESS))
    assert page.values("input:checked") == [answers_of("both")["T6"]]
    assert not Attempt.objects.filter(finished_at=None).exists()


def test_change_makes_a_new_result_at_once_and_the_first_one_stays(
    visitor: Taker,
) -> None:
    visitor.take("both")
    before = Result.objects.values().get()
    response = visitor.client.post(ADDRESS, {"T6": "5"})
    assert (response.status_code, response["Location"]) == (302, "/quiz/result/2/")
    assert Result.objects.filter(number=1).values().get() == before
    new = Result.objects.get(number=2)
    old = json.loads(before["answers"])
    assert json.loads(new.answers) == old | {"T6": 5}
    assert (new.form, new.seconds) == (before["form"], before["seconds"])
    assert new.attempt.made_from_id == before["attempt_id"]
    assert not Attempt.objects.filter(finished_at=None).exists()


def test_saving_the_same_answer_goes_back_and_makes_nothing(visitor: Taker) -> None:
    visitor.take("both")
    response = visitor.client.post(ADDRESS, {"T6": answers_of("both")["T6"]})
    assert response["Location"] == "/quiz/result/1/"
    assert (Result.objects.count(), Attempt.objects.count()) == (1, 1)


def test_pressing_twice_makes_one_result(visitor: Taker) -> None:
    visitor.take("both")
    for _ in range(2):
        response = visitor.client.post(ADDRESS, {"T6": "5"})
        assert response["Location"] == "/quiz/result/2/"
    assert Result.objects.count() == 2


def test_wanting_an_earlier_change_again_makes_the_newest_result(
    visitor: Taker,
) -> None:
    visitor.take("both")
    visitor.client.post(ADDRESS, {"T6": "5"})
    visitor.client.post("/quiz/result/2/change/T6/", {"T6": "1"})
    response = visitor.client.post(ADDRESS, {"T6": "5"})
    assert response["Location"] == "/quiz/result/4/"


def test_result_that_came_too_fast_is_answered_again_and_not_changed(
    visitor: Taker,
) -> None:
    visitor.take("both", seconds=5)
    assert not parse(visitor.client.get("/quiz/review/")).has(".review a")
    response = visitor.client.post(ADDRESS, {"T6": "5"})
    assert response["Location"] == "/quiz/result/1/"
    assert Result.objects.count() == 1


def test_attempt_that_is_open_stays_open_and_unchanged(visitor: Taker) -> None:
    visitor.take("both")
    visitor.start(who="same")
    visitor.answer(1, {"T1": "1"})
    visitor.client.post(ADDRESS, {"T6": "5"})
    assert visitor.attempt.answers == {"T1": 1}
    assert Result.objects.count() == 2


def test_one_not_sure_too_many_is_refused_and_nothing_is_written(
    visitor: Taker,
) -> None:
    # Nine answered trade-offs are the fewest that give a result.
    visitor.start()
    skips = {f"T{number}": "skip" for number in (1, 2, 3)}
    for number in range(1, 7):
        visitor.answer(number, answers_of("both") | skips)
    Attempt.objects.update(seconds=300)
    visitor.client.post("/quiz/review/")
    response = visitor.client.post(ADDRESS, {"T6": "skip"})
    page = parse(response)
    assert response.status_code == 422
    assert page.values(".error-summary a") == ["#id_T6_0"]
    assert (Result.objects.count(), Attempt.objects.count()) == (1, 1)


@pytest.mark.parametrize("value", ["", "9", "x"])
def test_answer_that_the_page_did_not_offer_is_refused(
    visitor: Taker, value: str
) -> None:
    visitor.take("both")
    response = visitor.client.post(ADDRESS, {"T6": value})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"T6"}
    assert Result.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    ["/quiz/result/2/change/T6/", "/quiz/result/1/change/T99/"],
)
def test_result_or_question_that_is_not_there_is_404(
    visitor: Taker, address: str
) -> None:
    visitor.take("both")
    assert visitor.client.post(address, {"T6": "5"}).status_code == 404


def test_result_of_another_owner_or_an_expired_one_is_not_changed(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("both")
    stranger.start()
    assert stranger.client.post(ADDRESS, {"T6": "5"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert visitor.client.post(ADDRESS, {"T6": "5"}).status_code == 404
    assert Result.objects.count() == 1


def test_held_result_is_not_changed(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("clear_project")
    for response in (guest.client.get(ADDRESS), guest.client.post(ADDRESS)):
        assert response["Location"] == "/quiz/result/1/"
    assert Attempt.objects.count() == 1
