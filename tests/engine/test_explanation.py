"""Evidence, what would change a result, and the offers to stop or go on.

See docs/instrument.md sections 2.6, 2.7 and 2.9.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import (
    Definition,
    RequestError,
    score,
    steps_to_lean,
    stop_offer,
)
from tests.support.engine.cases import (
    Answers,
    make_answers,
    make_questionnaire,
    make_trade_offs,
)

NAMED = {"clear_project", "lean_project", "clear_product", "lean_product"}


def reply(
    steps: str, enjoyment: str = "2222 2222", *, form: str = "full", **constants: str
) -> dict[str, Any]:
    return score(
        make_questionnaire(**constants),
        make_answers(make_trade_offs(steps), enjoyment),
        form=form,
    ).reply()


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["question"] for item in items]


def test_evidence_is_the_three_largest_and_against_the_two_largest() -> None:
    found = reply("jJDJ=jJdj==d")
    assert found["outcome"] == "lean_project"
    assert ids(found["evidence"]) == ["T2", "T4", "T7"]
    assert found["against"] == [
        {"question": "T3", "answer": 1, "contribution": "-25/4"},
        {"question": "T8", "answer": 2, "contribution": "-25/8"},
    ]


def test_evidence_of_a_product_outcome_turns_the_sides_round() -> None:
    found = reply("dDJD=dDjd==j", "2222 2222")
    assert (found["outcome"], ids(found["evidence"]), ids(found["against"])) == (
        "lean_product",
        ["T2", "T4", "T7"],
        ["T3", "T8"],
    )
    assert found["evidence"][0] == {
        "question": "T2",
        "answer": 1,
        "contribution": "-25/4",
    }


def test_evidence_ties_between_kinds_keep_the_order_of_the_form() -> None:
    # On the full form two points of enjoyment weigh as much as one step, 25/8.
    found = reply("j=======jJ==", "4222 4222")
    assert (found["outcome"], ids(found["evidence"])) == (
        "lean_project",
        ["T10", "T1", "E1"],
    )
    assert [item["contribution"] for item in found["evidence"]] == [
        "25/4",
        "25/8",
        "25/8",
    ]


def test_evidence_may_be_fewer_and_a_sole_answer_against_stands_alone() -> None:
    found = reply("JJ==========", "2220 2222", leans_z_squared="1/10")
    assert ids(found["evidence"]) == ["T1", "T2", "E4"]
    found = reply("JJ=========d", leans_z_squared="1/10")
    assert (ids(found["evidence"]), ids(found["against"])) == (["T1", "T2"], ["T12"])


def test_answers_that_pull_nowhere_stand_against_when_none_pulls_back() -> None:
    assert ids(reply("JJJ=========", "2222 2222")["against"]) == ["T4", "T5"]
    assert ids(reply("JJJJJJJJJJJ=", "4042 4040")["against"]) == ["E4", "T12"]
    assert ids(reply("JJJJJJJJJJJJ", "4040 4040")["against"]) == []


def test_evidence_without_a_named_role_is_two_for_each() -> None:
    found = reply("JDJDjd======", "2323 2222")
    assert (found["outcome"], ids(found["evidence"]), ids(found["against"])) == (
        "close",
        ["T1", "T3"],
        ["T2", "T4"],
    )
    found = reply("jd==========")
    assert (ids(found["evidence"]), ids(found["against"])) == (["T1"], ["T2"])
    found = reply("============")
    assert (found["evidence"], found["against"]) == ([], [])


def test_skipped_questions_are_no_evidence_and_change_nothing() -> None:
    found = reply("JJJ-JJJJJJJ-", "4-424242")
    named = {*found["to_flip"], *ids(found["evidence"]), *ids(found["against"])}
    assert not named & {"T4", "T12", "E2"}


def test_extreme_result_flips_at_the_last_answer() -> None:
    found = reply("JJJJJJJJJJJJ", "4040 4040", leans_floor="100", clear_floor="100")
    assert (
        found["outcome"],
        found["to_close"],
        found["steps_to_close"],
        len(found["to_flip"]),
    ) == ("clear_project", ["T1"], 1, 20)


def test_flip_is_null_where_no_answers_reach_it() -> None:
    # Only constants that rule P13 refuses do that: clear from a lower lean than leans.
    found = reply("JJJJJJJJJJJJ", "4040 4040", leans_floor="101")
    assert found["outcome"] == "clear_project"
    assert (found["to_close"], found["to_flip"], found["steps_to_close"]) == (
        [],
        None,
        0,
    )


def test_one_answer_may_carry_a_result_straight_to_the_other_role() -> None:
    constants = {
        "trade_off_weight": "1",
        "enjoyment_weight": "0",
        "leans_z_squared": "1/100",
        "clear_z_squared": "50",
        "leans_floor": "1",
    }
    found = reply("j===========", **constants)
    assert (found["outcome"], found["to_close"], found["to_flip"]) == (
        "lean_project",
        ["T1"],
        ["T1"],
    )


def lean_after(
    questionnaire: Definition, answers: Answers, flipped: tuple[str, ...], side: int
) -> Fraction:
    """The lean after answering these questions at the end opposite to `side`."""
    changed = dict(answers)
    for name in flipped:
        question = questionnaire.question(name)
        if question.kind == "trade_off":
            project_button, product_button = (
                (1, 5) if question.side == "left" else (5, 1)
            )
            changed[name] = product_button if side > 0 else project_button
        else:
            is_project = (
                questionnaire.strength(question.statement.strength).role
                == questionnaire.roles[0].slug
            )
            changed[name] = 0 if is_project == (side > 0) else 4
    scores = score(questionnaire, changed, form="short").scores
    assert scores is not None
    return scores.lean


def fewest(
    questionnaire: Definition, answers: Answers, side: int, *, flip: bool
) -> int | None:
    """Tries every set of answers for the smallest one that undoes the name."""
    constants = questionnaire.constants
    base = score(questionnaire, answers, form="short").scores
    assert base is not None
    answered = [name for name, button in answers.items() if button is not None]
    gains = {
        name: side * (base.lean - lean_after(questionnaire, answers, (name,), side))
        for name in answered
    }

    def named(lean: Fraction) -> bool:
        return (
            lean > 0
            and lean * lean >= constants.leans_z_squared * base.se_squared
            and lean >= constants.leans_floor
        )

    for size in range(1, len(answered) + 1):
        for chosen in combinations(answered, size):
            lean = side * base.lean - sum(gains[name] for name in chosen)
            if named(-lean) if flip else not named(lean):
                assert side * lean_after(questionnaire, answers, chosen, side) == lean
                return size
    return None


@pytest.mark.parametrize("seed", range(60))
def test_greedy_choice_is_as_short_as_any_on_random_short_forms(seed: int) -> None:
    random = Random(seed)
    questionnaire = (
        default_questionnaire()
        if seed % 3
        else make_questionnaire(leans_z_squared="1/5", leans_floor="3", v_enjoyment="3")
    )
    while True:
        pull = random.choice((1, 2, 4, 5))
        answers: Answers = {
            question.id: random.choice(
                (pull if question.side == "left" else 6 - pull, *question.buttons, None)
                if question.kind == "trade_off"
                else (*question.buttons, None)
            )
            for question in questionnaire.questions_of("short")
        }
        result = score(questionnaire, answers, form="short")
        if result.outcome in NAMED:
            break
    assert result.change is not None
    assert result.scores is not None
    side = 1 if result.scores.lean > 0 else -1
    assert len(result.change.to_close) == fewest(
        questionnaire, answers, side, flip=False
    )
    assert result.change.to_flip is not None
    assert len(result.change.to_flip) == fewest(questionnaire, answers, side, flip=True)
    assert (
        result.change.to_flip[: len(result.change.to_close)] == result.change.to_close
    )


def test_single_steps_are_the_least_that_undo_the_name() -> None:
    for steps in ("JJJ=========", "jjjj========", "JJJJJJJJJJJJ", "DDDDd======="):
        found = reply(steps)
        lean, step = abs(Fraction(found["lean"])), Fraction(75, 2) / 12
        bound = Fraction(7, 10) * Fraction(10625, 64)
        k = found["steps_to_close"]
        assert (lean - k * step) ** 2 < bound or lean - k * step < 0
        assert (lean - (k - 1) * step) ** 2 >= bound


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("============", (4, 4)),
        ("jjj=========", (1, 7)),
        ("d===========", (5, 3)),
        ("JJJJJJ======", (0, 16)),
    ],
)
def test_steps_to_lean_counts_towards_both_roles(
    steps: str, expected: tuple[int, int]
) -> None:
    assert (
        steps_to_lean(
            default_questionnaire(),
            make_answers(make_trade_offs(steps), "2222 2222"),
            form="full",
        )
        == expected
    )


def test_steps_to_lean_refuses_answers_that_cannot_be_scored() -> None:
    for answers in (make_answers("333333333333"), make_answers("", "2222 2222")):
        with pytest.raises(ValueError, match="too few answers to score"):
            steps_to_lean(default_questionnaire(), answers, form="full")
    with pytest.raises(RequestError):
        steps_to_lean(default_questionnaire(), {"T99": 1}, form="full")
    with pytest.raises(RequestError):
        steps_to_lean(default_questionnaire(), {}, form="half")


@pytest.mark.parametrize(
    ("steps", "enjoyment", "offer"),
    [
        ("JJJJJJJJ", "4040", "stop"),
        ("DDDDDDDD", "0404", "stop"),
        ("JJJJjjj=", "2222", "stop"),
        ("JJJJ====", "2222", "stop"),
        ("JJJj====", "2222", "go_on"),
        ("JJJ=====", "2222", "go_on"),
        ("JJj=====", "2222", None),
        ("JDJD====", "2222", None),
        ("JJJJJJJJ", "1111", None),
        ("JJJJJ---", "4040", None),
    ],
)
def test_stop_offer_follows_the_short_outcome(
    steps: str, enjoyment: str, offer: str | None
) -> None:
    assert (
        stop_offer(
            default_questionnaire(), make_answers(make_trade_offs(steps), enjoyment)
        )
        == offer
    )


def test_stop_offer_begins_at_its_z_squared_and_uses_short_questions_alone() -> None:
    answers = make_answers(make_trade_offs("JJJj====DDDD"), "2222 0404", "11111")
    z_squared = score(
        default_questionnaire(),
        make_answers(make_trade_offs("JJJj===="), "2222"),
        form="short",
    ).reply()["z_squared"]
    assert (
        stop_offer(make_questionnaire(stop_z_squared=str(z_squared)), answers) == "stop"
    )
    assert (
        stop_offer(
            make_questionnaire(
                stop_z_squared=str(Fraction(str(z_squared)) + Fraction(1, 100))
            ),
            answers,
        )
        == "go_on"
    )


def test_stop_offer_is_not_made_to_one_button_all_the_way() -> None:
    assert (
        stop_offer(default_questionnaire(), make_answers("1111 1111", "4040")) is None
    )
