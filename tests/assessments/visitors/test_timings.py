"""Seconds per question: sent by the page's script, capped, kept for the sums alone."""

from __future__ import annotations

import json

import pytest

from assessments.models import Result
from tests.support.dom import parse
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
FIRST = {"T1": "1", "T2": "2", "T3": "3", "T4": "4"}


def times(**seconds: str) -> dict[str, str]:
    return {f"time-{question}": value for question, value in seconds.items()}


@pytest.mark.parametrize("action", ["autosave", "continue", "back", "leave"])
def test_seconds_arrive_with_every_way_of_saving(visitor: Taker, action: str) -> None:
    visitor.start()
    visitor.answer(
        1, FIRST, page=visitor.page(1) | times(T1="7.3", T2="12"), action=action
    )
    assert visitor.attempt.timings == {"T1": 7.3, "T2": 12.0}
    assert visitor.attempt.answers == {"T1": 1, "T2": 2, "T3": 3, "T4": 4}


def test_nothing_is_missing_where_no_script_sends_them(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, FIRST)
    questions = parse(visitor.client.get("/quiz/1/")).all("fieldset[id^=T]")
    assert [question.attributes.get("data-seconds") for question in questions] == (
        [None] * 4
    )
    visitor.take("both")
    assert Result.objects.get().attempt.timings == {}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0.0", 0.0),
        ("600", 600.0),
        ("600.1", 600.0),
        ("999999999", 600.0),
        ("3.14159", 3.1),
        ("-1", None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("a minute", None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_seconds_are_capped_and_what_makes_no_sense_is_passed_over(
    visitor: Taker, sent: str, kept: float | None
) -> None:
    visitor.start()
    response = visitor.answer(1, FIRST, page=visitor.page(1) | times(T1=sent))
    assert (response.status_code, response["Location"]) == (302, "/quiz/2/")
    assert visitor.attempt.timings == ({} if kept is None else {"T1": kept})


def test_seconds_of_questions_that_stand_elsewhere_or_nowhere_are_passed_over(
    visitor: Taker,
) -> None:
    visitor.start()
    response = visitor.answer(
        1, FIRST, page=visitor.page(1) | times(T1="5", T5="5", X9="5", was="5")
    )
    assert response.status_code == 302
    assert visitor.attempt.timings == {"T1": 5.0}


def test_coming_back_counts_on_from_what_is_kept(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, FIRST, page=visitor.page(1) | times(T1="4.5"))
    question = parse(visitor.client.get("/quiz/1/")).one("[data-seconds]")
    assert (question.attributes["id"], question.attributes["data-seconds"]) == (
        "T1",
        "4.5",
    )
    visitor.answer(1, FIRST, page=visitor.page(1) | times(T1="6.5"))
    assert visitor.attempt.timings == {"T1": 6.5}


def test_page_that_asks_again_counts_on_from_what_was_sent(visitor: Taker) -> None:
    visitor.start()
    response = visitor.answer(1, {"T1": "1"}, page=visitor.page(1) | times(T1="8.1"))
    assert response.status_code == 422
    question = parse(response).one("#T1")
    assert question.attributes["data-seconds"] == "8.1"


def test_save_sent_twice_and_an_older_window_add_nothing(visitor: Taker) -> None:
    visitor.start()
    one, other = visitor.page(1), visitor.page(1)
    for _ in range(2):
        visitor.answer(1, FIRST, page=one | times(T1="9.0", T2="3.0"))
    visitor.answer(1, FIRST, page=other | times(T1="2.0", T3="4.0"))
    assert visitor.attempt.timings == {"T1": 9.0, "T2": 3.0, "T3": 4.0}


def test_contested_answer_is_kept_and_its_seconds_are_too(visitor: Taker) -> None:
    visitor.start()
    one, other = visitor.page(1), visitor.page(1)
    visitor.answer(1, FIRST, page=one | times(T1="9.0"))
    assert (
        visitor.answer(
            1, FIRST | {"T1": "5"}, page=other | times(T1="11.0")
        ).status_code
        == 422
    )
    assert (visitor.attempt.answers["T1"], visitor.attempt.timings["T1"]) == (1, 11.0)


def test_seconds_feed_no_score_and_no_result(visitor: Taker, stranger: Taker) -> None:
    for taker, seconds in ((visitor, "0.1"), (stranger, "")):
        taker.start()
        for number in range(1, 7):
            page = taker.page(number)
            ours = [
                name.removeprefix("was-") for name in page if name.startswith("was-")
            ]
            taker.answer(
                number,
                answers_of("both"),
                page=page | times(**dict.fromkeys(ours, seconds)),
            )
        taker.client.post("/quiz/review/")
    quick, unknown = Result.objects.order_by("pk")
    assert len(quick.attempt.timings) == 25
    assert (quick.answers, quick.reply, quick.outcome) == (
        unknown.answers,
        unknown.reply,
        unknown.outcome,
    )


def test_download_names_all_that_is_kept_for_the_sums(visitor: Taker) -> None:
    visitor.start()
    visitor.answer(1, FIRST, page=visitor.page(1) | times(T1="7.3"))
    attempt = json.loads(visitor.client.get("/quiz/data/rolefit.json").getvalue())[
        "attempts"
    ][0]
    assert attempt["seconds_per_question"] == {"T1": 7.3}
    assert attempt["by_staff"] is False


def test_corrected_attempt_begins_without_the_seconds_of_the_first(
    visitor: Taker,
) -> None:
    visitor.start()
    for number in range(1, 7):
        visitor.answer(
            number, answers_of("both"), page=visitor.page(number) | times(T1="7.3")
        )
    visitor.client.post("/quiz/review/")
    visitor.client.post("/quiz/result/1/correct/", {"question": "T6"})
    assert visitor.attempt.timings == {}
