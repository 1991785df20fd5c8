"""Reading a stored reply: every value keeps its meaning, anything else is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.engine.outcomes import Outcome
from assessments.engine.reply import Reply, ReplyError
from tests.support.engine.cases import EXAMPLES, Json, make_answers

QUESTIONNAIRE = default_questionnaire()


def reply_to(number: int) -> Json:
    return score(QUESTIONNAIRE, **EXAMPLES[number]).reply()


@pytest.mark.parametrize("number", EXAMPLES)
def test_reply_has_the_exact_values_of_the_result(number: int) -> None:
    result = score(QUESTIONNAIRE, **EXAMPLES[number])
    reply = Reply.from_json(json.dumps(result.reply()))
    assert (reply.outcome, reply.version) == (result.outcome, QUESTIONNAIRE.sha256)
    assert reply.data == result.reply()
    assert reply.exact is not None
    assert result.scores is not None
    for name in ("lean", "se_squared", "z_squared", "doing", "shared_skills"):
        assert getattr(reply.exact, name) == getattr(result.scores, name)
    assert tuple(reply.exact.fit.values()) == result.scores.fit
    assert (reply.evidence, reply.against) == (result.evidence, result.against)
    if result.change:
        assert reply.to_close == result.change.to_close
        assert reply.steps_to_close == result.change.steps_to_close


def test_shown_values_of_example_1_are_those_of_the_instrument() -> None:
    shown = Reply.from_data(reply_to(1)).shown
    assert shown is not None
    assert (shown.lean, shown.half_width_90, shown.band_90) == (53, "21.17", (32, 74))


def test_too_few_answers_have_no_scores() -> None:
    answers = make_answers("14")
    result = score(QUESTIONNAIRE, answers, form="full")
    reply = Reply.from_data(result.reply())
    assert (reply.outcome, reply.exact, reply.shown) == (Outcome.TOO_FEW, None, None)
    assert reply.trade_offs_answered == 2


def change(path: str, value: object) -> Callable[[Json], None]:
    def apply(reply: Json) -> None:
        *parents, key = path.split(".")
        target: Any = reply
        for parent in parents:
            target = target[int(parent) if parent.isdigit() else parent]
        target[key] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("outcome", "maybe", "reply.outcome"),
        ("form", "long", "reply.form"),
        ("version", None, "reply.version"),
        ("provisional", 0, "reply.provisional"),
        ("trade_offs_answered", True, "reply.trade_offs_answered"),
        ("lean", "1.5", "reply.lean"),
        ("lean", "1/0", "reply.lean"),
        ("lean", None, "reply.lean"),
        ("fit", {"project-manager": 1}, "reply.fit"),
        ("fit", [], "reply.fit"),
        ("to_close", "T1", "reply.to_close"),
        ("shown.band_90", [1], "reply.shown.band_90"),
        ("shown.certainty", 1, "reply.shown.certainty"),
        ("shown", None, "reply.shown"),
        ("evidence.0.answer", "1", "reply.evidence"),
        ("more", 1, "reply.more"),
    ],
)
def test_what_is_no_reply_is_refused_with_its_place(
    path: str, value: object, place: str
) -> None:
    reply = reply_to(1)
    change(path, value)(reply)
    with pytest.raises(ReplyError, match=f"^{place}: "):
        Reply.from_json(json.dumps(reply))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"form": "full"', "1"])
def test_text_that_is_no_object_of_a_reply_is_refused(text: str) -> None:
    with pytest.raises(ReplyError, match="^reply"):
        Reply.from_json(text)


def test_fractions_come_back_as_fractions() -> None:
    reply = Reply.from_data(reply_to(1))
    assert reply.exact is not None
    assert reply.exact.lean == Fraction(425, 8)
