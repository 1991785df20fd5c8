"""The start page: one way to start, and what it says to somebody who comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Coach, Owner, Result, Version
from tests.support.coaching import invite
from tests.support.dom import Element, parse
from tests.support.guest import Guest
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db


def start_page(client: Client) -> Element:
    return parse(client.get("/quiz/")).one("main")


def starts(page: Element) -> list[str]:
    return page.values("form[action=/quiz/] button[name=form]")


def test_newcomer_finds_both_lengths_each_with_its_button(
    client: Client, questionnaire: Version
) -> None:
    page = start_page(client)
    assert starts(page) == ["full", "short"]
    assert page.has("input[name=shared_computer]")
    assert not page.has("input[name=who]")


def test_refused_start_says_so_at_the_first_button(
    client: Client, questionnaire: Version
) -> None:
    page = parse(client.post("/quiz/", {}))
    target = page.one(".error-summary a").value
    assert page.one(target).attributes["name"] == "form"
    told = page.one("fieldset").attributes["aria-describedby"]
    assert page.one(f"#{told}").text


def test_open_answers_say_how_far_and_continue_comes_first(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, answers_of("both"))
    visitor.answer(2, {"T5": "1"}, action="leave")
    page = start_page(visitor.client)
    assert page.one(".lead").text.split()[:3] == ["5", "of", "25"]
    assert page.values(".begin a.button") == ["/quiz/2/"]
    assert starts(page) == []


def test_answers_beyond_the_form_are_not_counted(visitor: Taker) -> None:
    visitor.take("both")
    visitor.client.post("/quiz/result/1/correct/")
    Attempt.objects.filter(finished_at=None).update(form="short")
    page = start_page(visitor.client)
    assert page.one(".lead").text.split()[:3] == ["12", "of", "12"]
    assert page.values(".begin a.button") == ["/quiz/review/", "/quiz/result/"]


def test_finished_result_comes_first_and_both_forms_can_be_taken_again(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    page = start_page(visitor.client)
    assert page.values(".begin a.button") == ["/quiz/result/"]
    assert starts(page) == ["full", "short"]
    key = visitor.key
    visitor.start("short", who="same")
    assert (visitor.key, visitor.attempt.form) == (key, "short")
    assert Owner.objects.count() == 1


def test_every_result_is_listed_with_its_outcome_and_lean(visitor: Taker) -> None:
    visitor.take("clear_project")
    visitor.client.post("/quiz/result/1/change/T6/", {"T6": "5"})
    visitor.start(who="same")
    for number in range(1, 7):
        visitor.answer(number, answers_of("clear_product"))
    Attempt.objects.filter(finished_at=None).update(seconds=300)
    visitor.client.post("/quiz/review/")
    page = start_page(visitor.client)
    assert page.values("#results a") == [f"/quiz/result/{n}/" for n in (3, 2, 1)]
    rows = page.texts("#results li")
    leans = [round(result.lean) for result in Result.objects.order_by("-number")]
    assert rows[0].endswith(f"{-leans[0]} toward product")
    assert rows[2].endswith(f"{leans[2]} toward project")


def test_careless_result_is_listed_without_a_lean(visitor: Taker) -> None:
    visitor.take("careless")
    [row] = start_page(visitor.client).texts("#results li")
    assert "toward" not in row


def test_held_result_is_listed_without_its_outcome(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("clear_project")
    [row] = start_page(guest.client).texts("#results li")
    assert coach.name in row
    assert "project" not in row


def test_cookie_of_an_owner_who_is_gone_gives_the_first_page(visitor: Taker) -> None:
    visitor.start()
    Owner.objects.all().delete()
    assert starts(start_page(visitor.client)) == ["full", "short"]


def test_key_opens_a_finished_result_directly_and_open_answers_where_they_are(
    visitor: Taker, stranger: Taker
) -> None:
    visitor.take("both")
    response = stranger.client.post("/quiz/resume/", {"key": visitor.key})
    assert response["Location"] == "/quiz/result/"
    visitor.start(who="same")
    response = stranger.client.post("/quiz/resume/", {"key": visitor.key})
    assert response["Location"] == "/quiz/"
