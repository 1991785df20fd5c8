"""The end of the last section: finish at once, or check first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Attempt, Coach, Result
from tests.support.coaching import invite
from tests.support.dom import Element, parse
from tests.support.guest import Guest
from tests.support.pages import template_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
SHORT = answers_of("clear_short")


def actions_of(visitor: Taker, number: int) -> list[str]:
    """The actions of a section's buttons, the main one first."""
    page = parse(visitor.client.get(f"/quiz/{number}/"))
    buttons = page.all("button[name=action]")
    assert [quiet(button) for button in buttons][:2] == [False, True]
    return [button.value for button in buttons]


def quiet(button: Element) -> bool:
    return "quiet" in button.attributes["class"].split()


@pytest.fixture
def at_the_end(visitor: Taker) -> Taker:
    visitor.start("short")
    for number in (1, 2):
        visitor.answer(number, SHORT)
    Attempt.objects.update(seconds=300)
    return visitor


def test_last_section_finishes_and_offers_to_check_first(at_the_end: Taker) -> None:
    assert actions_of(at_the_end, 2) == ["continue", "back", "leave"]
    assert actions_of(at_the_end, 3) == ["finish", "continue", "back", "leave"]
    response = at_the_end.answer(3, SHORT, action="finish")
    assert (response.status_code, response["Location"]) == (302, "/quiz/result/")
    assert Result.objects.get().outcome == "clear_project"


def test_checking_first_leads_to_the_review_which_can_finish(
    at_the_end: Taker,
) -> None:
    response = at_the_end.answer(3, SHORT, action="continue")
    assert response["Location"] == "/quiz/review/"
    page = parse(at_the_end.client.get("/quiz/review/"))
    # One button above the answers and one below them, of the same form.
    top, bottom = page.all("main button")
    order = page.all("*")
    assert order.index(top) < order.index(page.all(".review")[0]) < order.index(bottom)
    assert bottom.attributes["form"] == page.one("main form").attributes["id"]
    assert not Result.objects.exists()


def test_open_question_of_the_last_section_is_asked_for(at_the_end: Taker) -> None:
    response = at_the_end.answer(3, {"E1": "1", "E2": "1", "E3": "1"}, action="finish")
    page = parse(response)
    assert response.status_code == 422
    assert page.values(".error-summary a") == ["#id_E4_0"]
    assert page.values("button[name=action]")[0] == "finish"
    assert not Result.objects.exists()


def test_open_question_before_the_last_section_is_told_and_led_to(
    visitor: Taker,
) -> None:
    visitor.start("short")
    visitor.answer(1, SHORT)
    visitor.answer(2, {"T5": "1"}, action="back")
    assert actions_of(visitor, 3) == ["continue", "back", "leave"]
    response = visitor.answer(3, SHORT)
    assert response["Location"] == "/quiz/2/"


def test_finish_that_another_window_has_opened_again_shows_what_is_missing(
    visitor: Taker,
) -> None:
    visitor.start("short")
    visitor.answer(1, SHORT)
    response = visitor.answer(3, SHORT, action="finish")
    assert response.status_code == 422
    assert template_of(response) == "assessments/review.html"
    gaps = parse(response).values(".error-summary a")
    assert gaps == [f"/quiz/2/#T{number}" for number in (5, 6, 7, 8)]
    assert visitor.attempt.answers.keys() >= {"E1", "E2", "E3", "E4"}


def test_finish_with_too_many_not_sure_leads_to_each_question_alone(
    visitor: Taker,
) -> None:
    visitor.start()
    for number in range(1, 6):
        visitor.answer(number, answers_of("too_few"))
    response = visitor.answer(6, answers_of("too_few"), action="finish")
    assert response.status_code == 422
    assert parse(response).values(".error-summary a")[0] == "/quiz/2/?change=T5"


def test_finish_does_not_promise_a_result_that_will_be_held(coach: Coach) -> None:
    guest = Guest(
        invite(coach, held_until=timezone.now() + timedelta(days=3), form="short")
    )
    guest.share()
    for number in (1, 2):
        guest.answer(number, SHORT)
    page = parse(guest.client.get("/quiz/3/"))
    assert page.one("button[value=finish]").text == "Finish"
    refused = parse(guest.answer(3, {"E1": "1"}, action="finish"))
    assert refused.one("button[value=finish]").text == "Finish"
