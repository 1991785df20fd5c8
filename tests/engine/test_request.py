"""Bad requests, each with the field named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import RequestError, parse_request, score
from tests.support.engine.cases import EXAMPLES


def answer(text: str | bytes) -> None:
    request = parse_request(text)
    score(
        default_questionnaire(),
        request.answers,
        form=request.form,
        seconds=request.seconds,
    )


def refusal(text: str | bytes) -> str:
    with pytest.raises(RequestError) as caught:
        answer(text)
    assert str(caught.value) == f"{caught.value.field}: {caught.value.message}"
    return str(caught.value)


def test_request_is_read_with_and_without_seconds() -> None:
    request = parse_request(json.dumps(EXAMPLES[1]))
    assert (request.form, request.seconds, request.answers) == (
        "full",
        260,
        EXAMPLES[1]["answers"],
    )
    assert parse_request(b'{"form":"short","answers":{}}').seconds is None
    assert parse_request('{"form":"short","answers":{},"seconds":null}').seconds is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "request: is empty"),
        (
            "{",
            "request: is not JSON (Expecting property name enclosed in double "
            "quotes at line 1, column 2)",
        ),
        (b"\xc3\x28", "request: is not UTF-8 text"),
        ("[" * 100_000, "request: is nested too deeply"),
        (
            '{"form":"full","answers":{"T1":' + "1" * 5000 + "}}",
            "request: contains a number with too many digits",
        ),
        (
            '{"form":"full","answers":{"T1":NaN}}',
            "request: contains NaN, which is not a number",
        ),
        (b" " * 2_000_000, "request: is longer than 1048576 bytes"),
        ("[]", "request: must be an object with form and answers"),
        ("3", "request: must be an object with form and answers"),
        ('{"answers":{}}', "form: is missing"),
        ('{"form":"full"}', "answers: is missing"),
        ('{"form":"full","answers":{},"name":"x"}', "name: is not a key of a request"),
        (
            '{"form":"full","answers":{},"a\\nb":1}',
            '"a\\nb": is not a key of a request',
        ),
        ('{"form":"full","form":"full","answers":{}}', "form: appears more than once"),
        (
            '{"form":"full","answers":{"T1":1,"T2":2,"T1":1}}',
            "answers.T1: appears more than once",
        ),
        ('{"form":"half","answers":{}}', 'form: must be "full" or "short"'),
        ('{"form":["full"],"answers":{}}', 'form: must be "full" or "short"'),
        (
            '{"form":"full","answers":[]}',
            "answers: must be an object from question to button",
        ),
        (
            '{"form":"full","answers":null}',
            "answers: must be an object from question to button",
        ),
        (
            '{"form":"full","answers":{"T13":1}}',
            "answers.T13: is not a question of the full form",
        ),
        (
            '{"form":"short","answers":{"T9":1}}',
            "answers.T9: is not a question of the short form",
        ),
        (
            '{"form":"short","answers":{"S1":null}}',
            "answers.S1: is not a question of the short form",
        ),
        (
            '{"form":"full","answers":{"\\ud800":1}}',
            'answers."\\ud800": is not a question of the full form',
        ),
        (
            '{"form":"full","answers":{"%s":1}}' % ("x" * 99),
            f"answers.{'x' * 40}…: is not a question of the full form",
        ),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bad_request_is_refused_by_its_field(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize("seconds", [-1, 1.5, 2.0, "9", True, [], {}, 10**9, 10**4000])
def test_seconds_are_a_whole_number_from_zero(seconds: Any) -> None:
    text = json.dumps({"form": "full", "answers": {}, "seconds": seconds})
    assert refusal(text) == (
        "seconds: must be a whole number of seconds from 0 to 999999999, or null"
    )


@pytest.mark.parametrize(("question", "low"), [("T1", 1), ("E1", 0), ("S1", 0)])
@pytest.mark.parametrize(
    "answer", ["below", "above", 2.0, 1.5, "2", True, False, [1], {}, 10**30]
)
def test_answer_is_one_of_the_buttons(question: str, low: int, answer: Any) -> None:
    answer = (
        {"below": low - 1, "above": low + 5}.get(answer, answer)
        if isinstance(answer, str)
        else answer
    )
    text = json.dumps({"form": "full", "answers": {"T2": 3, question: answer}})
    assert (
        refusal(text)
        == f"answers.{question}: must be a whole number from {low} to {low + 4}, "
        "or null"
    )


def test_lowest_highest_and_no_answer_are_taken() -> None:
    for answer in (1, 5, None):
        assert (
            score(default_questionnaire(), {"T1": answer}, form="full").outcome
            == "too_few"
        )
    for answer in (0, 4, None):
        assert (
            score(
                default_questionnaire(), {"E1": answer}, form="short", seconds=0
            ).outcome
            == "too_few"
        )


def test_answers_of_another_type_are_refused_by_score_too() -> None:
    with pytest.raises(RequestError, match="^answers: "):
        score(default_questionnaire(), None, form="full")
    with pytest.raises(RequestError, match="^answers.1: "):
        score(default_questionnaire(), {1: 1}, form="full")
