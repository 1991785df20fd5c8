"""The role that a visitor hopes for: kept, and told only where answers are."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from assessments.actions import share_links
from assessments.models import Attempt, Coach, Owner, Result, Scope, Wish
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
WISHED = "[id^=wish]"


def finish_with(visitor: Taker, wish: str, example: str = "both") -> Result:
    visitor.take(example)
    Attempt.objects.update(wish=wish)
    Result.objects.update(wish=wish)
    return Result.objects.get()


def test_start_page_asks_and_the_result_keeps_it(visitor: Taker) -> None:
    page = parse(visitor.client.get("/quiz/"))
    assert page.values("select[name=wish] option") == [
        "",
        *("first", "second", "either", "unknown"),
    ]
    assert page.values("select[name=wish] option[selected]") == [""]
    visitor.start("short", wish="second")
    for number in (1, 2, 3):
        visitor.answer(number, answers_of("clear_short"))
    Attempt.objects.update(seconds=300)
    visitor.client.post("/quiz/review/")
    assert Result.objects.get().wish == Wish.SECOND


def test_question_can_be_left_out(visitor: Taker) -> None:
    assert visitor.start("short").status_code == 302
    assert visitor.attempt.wish == ""


def test_unknown_answer_is_refused_and_starts_nothing(visitor: Taker) -> None:
    response = visitor.start("short", wish="astronaut")
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == ["#id_wish"]
    assert not Owner.objects.exists()


def test_second_attempt_asks_again_and_an_open_one_keeps_its_own(
    visitor: Taker,
) -> None:
    visitor.take("both")
    visitor.start("short", wish="first", who="same")
    visitor.start("short", wish="second", who="same")
    assert visitor.attempt.wish == Wish.FIRST


def test_changed_and_continued_answers_keep_the_wish(visitor: Taker) -> None:
    finish_with(visitor, "either", "clear_short")
    visitor.client.post("/quiz/result/1/change/T6/", {"T6": "5"})
    assert Result.objects.get(number=2).wish == Wish.EITHER
    visitor.client.post("/quiz/result/1/more/")
    assert visitor.attempt.wish == Wish.EITHER


@pytest.mark.parametrize("action", ["share", "private"])
def test_invited_person_is_asked_too(coach: Coach, action: str) -> None:
    invitation = invite(coach)
    guest, address = Client(), f"/join/{invitation.code}/"
    page = parse(guest.get(address))
    nonce = page.values("input[name=nonce]")[0]
    guest.post(
        address,
        {
            "name": "Ann",
            "agree": "on",
            "nonce": nonce,
            "wish": "first",
            "action": action,
        },
    )
    assert Attempt.objects.get().wish == Wish.FIRST


def test_private_answer_with_an_unknown_wish_starts_without_one(coach: Coach) -> None:
    invitation = invite(coach)
    Client().post(
        f"/join/{invitation.code}/", {"wish": "astronaut", "action": "private"}
    )
    assert Attempt.objects.get().wish == ""


@pytest.mark.parametrize("wish", Wish.values)
def test_owner_reads_it_in_the_working(visitor: Taker, wish: str) -> None:
    finish_with(visitor, wish)
    assert parse(visitor.client.get("/quiz/result/")).has(f".working {WISHED}")
    Result.objects.update(wish="")
    assert not parse(visitor.client.get("/quiz/result/")).has(WISHED)


@pytest.mark.parametrize("scope", Scope.values)
def test_others_read_it_only_with_the_answers(visitor: Taker, scope: str) -> None:
    result = finish_with(visitor, "first")
    link = share_links.make_share_link(result, label="", scope=scope, days=30)
    page = parse(Client().get(f"/r/{link.token}/"))
    assert page.has(WISHED) == (scope == Scope.ANSWERS)
    data = json.loads(Client().get(f"/r/{link.token}.json").content)
    assert "hoped_for" not in data


def test_download_has_it(visitor: Taker) -> None:
    finish_with(visitor, "unknown")
    data = json.loads(visitor.client.get("/quiz/data/rolefit.json").getvalue())
    assert [row["hoped_for"] for row in data["results"]] == ["unknown"]
    assert [row["hoped_for"] for row in data["attempts"]] == ["unknown"]
