"""Nothing answered is lost.

Two windows, double submits, autosave, tampering, refused tokens.
"""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from assessments.models import Attempt, Result, Version
from tests.support.dom import parse
from tests.support.pages import template_of
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FIRST = {"T1": "1", "T2": "2", "T3": "3", "T4": "4"}


def test_two_windows_that_disagree_keep_the_stored_answer_and_ask(
    visitor: Taker,
) -> None:
    visitor.start()
    one, other = visitor.page(1), visitor.page(1)
    visitor.answer(1, FIRST, page=one)
    response = visitor.answer(1, FIRST | {"T2": "5"}, page=other)
    page = parse(response)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert errors.keys() == {"T2"}
    both = ["Much more B", "A bit more A"]
    assert re.findall("“(.*?)”", errors["T2"][0]) == both
    assert page.values(".error-summary a") == ["#id_T2_0"]
    assert visitor.attempt.answers["T2"] == 2
    assert page.values("input[name=was-T2]") == ["2"]
    assert page.values("input[name^=T]:checked") == ["1", "3", "4"]
    assert (
        visitor.client.post(
            "/quiz/1/", {**visitor.page(1), **FIRST, "T2": "5"}
        ).status_code
        == 302
    )
    assert visitor.attempt.answers["T2"] == 5


def test_older_window_does_not_undo_what_it_never_touched(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, FIRST)
    one, other = visitor.page(1), visitor.page(1)
    visitor.answer(1, FIRST | {"T1": "5"}, page=one)
    response = visitor.answer(1, FIRST | {"T4": "5"}, page=other)
    assert response.status_code == 302
    assert visitor.attempt.answers == {"T1": 5, "T2": 2, "T3": 3, "T4": 5}


def test_double_submit_is_the_same_as_one(visitor: Taker) -> None:
    visitor.start()
    page = visitor.page(1)
    assert [visitor.answer(1, FIRST, page=page).status_code for _ in range(2)] == [
        302,
        302,
    ]


def test_autosave_stores_what_is_chosen_so_far_and_says_what_is_stored(
    visitor: Taker,
) -> None:
    visitor.start()
    response = visitor.answer(1, {"T1": "1", "T3": "skip"}, action="autosave")
    assert json.loads(response.content) == {
        "stored": {"T1": "1", "T3": "skip"},
        "of": 4,
        "contested": [],
    }
    assert visitor.attempt.answers == {"T1": 1, "T3": None}
    assert visitor.attempt.seconds == 0


def test_autosave_names_what_another_window_answered_differently(
    visitor: Taker,
) -> None:
    visitor.start()
    page = visitor.page(1)
    visitor.answer(1, FIRST)
    response = visitor.answer(1, {"T1": "4"}, page=page, action="autosave")
    assert json.loads(response.content)["contested"] == ["T1"]
    assert visitor.attempt.answers["T1"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"T1": "6"},
        {"T1": "0"},
        {"T1": "1.5"},
        {"T1": "true"},
        {"T1": "１"},
        {"T99": "1"},
        {"T5": "1"},
        {"is_admin": "1"},
        {"was-T1": "9"},
        {"shown": ""},
        {"shown": "forged"},
    ],
)
def test_tampered_section_is_refused_and_nothing_is_written(
    visitor: Taker, change: dict[str, str]
) -> None:
    visitor.start()
    response = visitor.client.post("/quiz/1/", {**visitor.page(1), **FIRST, **change})
    assert response.status_code == 400
    assert template_of(response) == "assessments/refused.html"
    assert visitor.attempt.answers == {}


def test_time_of_another_attempt_is_refused(visitor: Taker, stranger: Taker) -> None:
    visitor.start()
    shown = visitor.page(1)["shown"]
    stranger.start()
    response = stranger.client.post(
        "/quiz/1/", {**stranger.page(1), **FIRST, "shown": shown}
    )
    assert response.status_code == 400


def test_refused_token_shows_the_posted_answers_again_and_writes_nothing(
    questionnaire: Version,
) -> None:
    visitor = Taker(Client(enforce_csrf_checks=True))
    token = visitor.client.get("/quiz/").cookies["csrftoken"].value
    visitor.start(csrfmiddlewaretoken=token)
    response = visitor.client.post(
        "/quiz/1/", {**visitor.page(1), **FIRST, "csrfmiddlewaretoken": "x" * 32}
    )
    page = parse(response)
    assert response.status_code == 403
    assert page.values("input:checked") == ["1", "2", "3", "4"]
    assert (response.context["refused"], len(page.all("[role=alert]"))) == (True, 1)
    assert visitor.attempt.answers == {}
    fresh = (
        response.cookies["csrftoken"].value
        if "csrftoken" in response.cookies
        else token
    )
    again = visitor.client.post(
        "/quiz/1/", {**visitor.page(1), **FIRST, "csrfmiddlewaretoken": fresh}
    )
    assert again.status_code == 302


def test_missing_token_elsewhere_is_refused_with_a_way_out(
    questionnaire: Version,
) -> None:
    response = Client(enforce_csrf_checks=True).post("/quiz/", {"form": "full"})
    assert response.status_code == 403
    assert template_of(response) == "403_csrf.html"
    assert parse(response).values("main a.button") == ["/", "/quiz/"]
    assert not Attempt.objects.exists()


def test_refused_token_on_a_section_that_is_not_there_is_404(
    questionnaire: Version,
) -> None:
    visitor = Taker(Client(enforce_csrf_checks=True))
    token = visitor.client.get("/quiz/").cookies["csrftoken"].value
    visitor.start(csrfmiddlewaretoken=token)
    assert visitor.client.post("/quiz/77/", {"T1": "1"}).status_code == 404


def test_oversized_body_is_refused_and_nothing_is_written(visitor: Taker) -> None:
    visitor.start()
    response = visitor.client.post("/quiz/1/", {**visitor.page(1), "T1": "1" * 300_000})
    assert response.status_code in (400, 413)
    assert visitor.attempt.answers == {}


def test_save_after_finishing_in_another_window_leads_to_the_result(
    visitor: Taker,
) -> None:
    visitor.take("both")
    response = visitor.client.post("/quiz/1/", {"shown": "x", **FIRST})
    assert (response.status_code, response["Location"]) == (302, "/quiz/result/")


def test_finish_with_a_gap_names_it_and_writes_no_result(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, FIRST)
    response = visitor.client.post("/quiz/review/")
    page = parse(response)
    assert response.status_code == 422
    gaps = page.values(".error-summary a[href^=/quiz/2/]")
    assert gaps == [f"/quiz/2/#T{number}" for number in (5, 6, 7, 8)]
    assert page.values(".review a[href^=/quiz/2/]") == gaps
    assert not Result.objects.exists()


def test_finish_with_too_many_skips_lists_them_and_keeps_the_attempt_open(
    visitor: Taker,
) -> None:
    response = visitor.take("too_few")
    assert response.status_code == 422
    skipped = response.context["too_few"]
    assert skipped == [f"T{number}" for number in range(5, 13)]
    listed = parse(response).values(".error-summary a")
    assert [address.partition("?change=")[2] for address in listed] == skipped
    assert not Result.objects.exists()
    assert visitor.attempt.finished_at is None


def test_finishing_twice_gives_one_result(visitor: Taker) -> None:
    visitor.take("both")
    assert visitor.client.post("/quiz/review/").status_code == 302
    assert Result.objects.count() == 1


def test_correcting_makes_a_new_result_and_leaves_the_old_one(visitor: Taker) -> None:
    visitor.take("both")
    before = Result.objects.values().get()
    response = visitor.client.post("/quiz/result/1/correct/", {"question": "T6"})
    assert response["Location"] == "/quiz/2/#T6"
    assert str(visitor.attempt.answers["T6"]) == answers_of("both")["T6"]
    assert visitor.attempt.seconds == 300
    visitor.answer(2, answers_of("both") | {"T6": "5"})
    visitor.client.post("/quiz/review/")
    assert Result.objects.filter(number=1).values().get() == before
    assert json.loads(Result.objects.get(number=2).answers)["T6"] == 5
