"""Reading a request from outside, and checking the answers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .compiled import CompiledForm
from .errors import RequestError
from .parts import FORMS, TRADE_OFF, Answers
from .strict_json import JSONError, ObjectWithRepeats, load_json, quoted

_KEYS = ("form", "seconds", "answers")
MAX_SECONDS = 999_999_999  # about 32 years


@dataclass(frozen=True, slots=True)
class Request:
    """What `score` takes. Only `score` checks the answers against a questionnaire."""

    form: str
    answers: Answers
    seconds: int | None


def parse_request(text: str | bytes) -> Request:
    """Read a request (docs/engine.md).

    Raises RequestError, which names the field at fault.
    """
    try:
        data = load_json(text)
    except JSONError as error:
        raise RequestError("request", str(error)) from None
    if not isinstance(data, dict):
        raise RequestError("request", "must be an object with form and answers")
    if isinstance(data, ObjectWithRepeats):
        raise RequestError(quoted(data.repeated[0]), "appears more than once")
    for key in data:
        if key not in _KEYS:
            raise RequestError(quoted(key), "is not a key of a request")
    for key in ("form", "answers"):
        if key not in data:
            raise RequestError(key, "is missing")
    answers = data["answers"]
    if isinstance(answers, ObjectWithRepeats):
        raise RequestError(
            f"answers.{quoted(answers.repeated[0])}", "appears more than once"
        )
    # score() refuses wrong types of all three, in the same words for every caller.
    return Request(data["form"], answers, data.get("seconds"))


def check_form(form: object) -> None:
    """Raise RequestError unless `form` is `full` or `short`."""
    if not isinstance(form, str) or form not in FORMS:
        raise RequestError("form", 'must be "full" or "short"')


def check_seconds(seconds: object) -> None:
    """Raise RequestError unless `seconds` is a whole number in range, or None."""
    if seconds is not None and (
        type(seconds) is not int or not 0 <= seconds <= MAX_SECONDS
    ):
        raise RequestError(
            "seconds",
            f"must be a whole number of seconds from 0 to {MAX_SECONDS}, or null",
        )


def check_answers(compiled: CompiledForm, answers: object) -> None:
    """Raise RequestError unless the answers fit the form.

    Every key must be a question of the form, every answer one of its buttons or None.
    """
    if not isinstance(answers, Mapping):
        raise RequestError("answers", "must be an object from question to button")
    kinds = compiled.kinds
    for question, answer in answers.items():
        kind = kinds.get(question)
        if kind is None:
            raise RequestError(
                f"answers.{quoted(str(question))}",
                f"is not a question of the {compiled.form} form",
            )
        if answer is None:
            continue
        low = 1 if kind == TRADE_OFF else 0
        if type(answer) is not int or not low <= answer <= low + 4:
            raise RequestError(
                f"answers.{question}",
                f"must be a whole number from {low} to {low + 4}, or null",
            )
