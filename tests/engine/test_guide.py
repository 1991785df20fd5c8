"""The conversation guide: each kind of finding, when it is one and when it is not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.defaults import default_questionnaire
from assessments.engine import Definition, RequestError, guide, score
from assessments.engine.guide import AnsweredStatement, Guide
from assessments.engine.parts import FORMS
from tests.support.engine.cases import (
    EXAMPLES,
    Answers,
    answers_of,
    make_answers,
    make_questionnaire,
    make_trade_offs,
    questionnaires,
)

DEFAULT = default_questionnaire()


def guide_to(
    steps: str,
    enjoyment: str = "2222 2222",
    shared: str = "22222",
    *,
    form: str = "full",
    **constants: str,
) -> Guide:
    """Steps as in make_trade_offs: J and j towards project, D and d towards product."""
    return guide(
        make_questionnaire(**constants),
        make_answers(make_trade_offs(steps), enjoyment, shared),
        form=form,
    )


def ids(said: tuple[AnsweredStatement, ...]) -> list[str]:
    return [one.id for one in said]


def contradictions(found: Guide) -> dict[str, tuple[list[str], list[str]]]:
    return {
        each.strength.name: (ids(each.speak_for), ids(each.speak_against))
        for each in found.contradictions
    }


def interests(found: Guide) -> dict[str, list[str]]:
    return {
        each.strength.name: [each.liked.id, *ids(each.trade_offs)]
        for each in found.interests
    }


# T1 and T10 hold Planning and organization (project); E1 asks how much it is enjoyed.


def test_trade_offs_three_steps_apart_contradict_each_other() -> None:
    found = contradictions(guide_to("J========d=="))
    assert found["Planning and organization"] == (["T1"], ["T10"])


@pytest.mark.parametrize("steps", ["j========d==", "J========j==", "J==========="])
def test_trade_offs_within_their_error_or_on_one_side_do_not(steps: str) -> None:
    assert "Planning and organization" not in contradictions(guide_to(steps))


def test_strength_of_the_other_role_is_read_from_its_own_side() -> None:
    # T1 and T11 hold Customer empathy, on the product side: D speaks for it, j against.
    found = contradictions(guide_to("D=========j="))
    assert found == {"Customer empathy": (["T1"], ["T11"])}


def test_choosing_what_one_does_not_enjoy_is_a_contradiction() -> None:
    assert contradictions(guide_to("J===========", "0222 2222"))[
        "Planning and organization"
    ] == (["T1"], ["E1"])
    assert contradictions(guide_to("j===========", "1222 2222")) == {}


def test_every_answer_that_pulls_is_told_beside_the_two_that_contradict() -> None:
    assert contradictions(guide_to("J========j==", "0222 2222"))[
        "Planning and organization"
    ] == (["T1", "T10"], ["E1"])


def test_liking_what_one_does_not_choose_is_an_interest_and_not_told_twice() -> None:
    found = guide_to("D========d==", "4222 2222")
    assert interests(found) == {"Planning and organization": ["E1", "T1", "T10"]}
    assert "Planning and organization" not in contradictions(found)


def test_interest_whose_trade_offs_contradict_each_other_is_both() -> None:
    # Pulls of +1 and -2 average less than one step against. With a weak pull from 50 on
    # it is an interest all the same.
    found = guide_to("D========j==", "3222 2222", weak_pull="50")
    assert interests(found)["Planning and organization"] == ["E1", "T1", "T10"]
    assert contradictions(found)["Planning and organization"] == (["E1", "T10"], ["T1"])


@pytest.mark.parametrize(
    ("steps", "enjoyment"),
    [
        ("D========d==", "2222 2222"),  # not liked
        ("d========j==", "4222 2222"),  # not against it
        ("d========j==", "3222 2222"),
        ("D========J==", "4222 2222"),  # both ways
        ("-========-==", "4222 2222"),  # nothing chosen
    ],
)
def test_no_interest_without_liking_or_without_trade_offs_against_it(
    steps: str, enjoyment: str
) -> None:
    assert interests(guide_to(steps, enjoyment)) == {}


def test_short_form_has_interests_from_its_one_trade_off() -> None:
    found = guide_to("d=======", "3222", "", form="short")
    assert interests(found) == {"Planning and organization": ["E1", "T1"]}
    assert found.interests[0].score is None
    assert found.split is None


def test_interest_carries_the_strength_score() -> None:
    found = guide_to("D========D==", "4222 2222")
    assert found.interests[0].score == Fraction(100, 3)


def test_split_has_its_numbers_and_the_answers_on_each_side() -> None:
    # Strengths (T1-T4, T9-T12) to project, interests (T5-T8) and enjoyment to product.
    found = guide_to("jjjjDddDjjjJ", "1423 2222").split
    assert found is not None
    assert (found.doing, found.wanting) == (Fraction(225, 4), -50)
    assert found.gap == Fraction(425, 4)
    assert found.least_gap_squared == Fraction(27, 10) * (
        2500 * Fraction(5, 4) / 8
        + (2500 * Fraction(5, 4) / 4 + 625 * Fraction(1, 2)) / 4
    )
    assert ids(found.doing_answers) == ["T12", "T1"]
    assert ids(found.wanting_answers) == ["T5", "T8"]


def test_split_towards_product_reads_the_other_way_round() -> None:
    found = guide_to("dDdd====dddd", "4040 4040").split
    assert found is not None
    assert (found.doing < 0, found.wanting > 0) == (True, True)
    assert ids(found.doing_answers) == ["T2", "T1"]
    assert ids(found.wanting_answers) == ["E1", "E2"]


def test_no_split_where_both_point_one_way() -> None:
    assert guide_to("jjjjjjjjjjjj").split is None


def test_tipping_of_a_named_result_is_that_of_the_reply() -> None:
    example = EXAMPLES[1]
    found = guide(DEFAULT, example["answers"], form="full").tipping
    assert ids(found.to_close) == ["T1", "T7", "T8", "T11"]
    assert ids(found.to_flip) == ["T1", "T7", "T8", "T11", "T2", "T3"]
    assert (found.steps_to_close, found.steps_to_lean, found.undecided) == (
        14,
        None,
        (),
    )


def test_tipping_without_a_flip_names_none() -> None:
    found = guide_to(
        "JJJJJJJJJJJJ", "4040 4040", leans_floor="101", clear_floor="100"
    ).tipping
    assert found.to_flip == ()


def test_tipping_of_a_close_call_is_steps_either_way_and_middle_answers() -> None:
    found = guide_to("Jj=Dd=======").tipping
    assert (
        found.to_close,
        found.to_flip,
        found.steps_to_close,
        found.steps_to_lean,
    ) == ((), (), None, (4, 4))
    assert ids(found.undecided) == ["T3", "T6", "T7", "T8", "T9", "T10", "T11", "T12"]


def test_skipped_questions_are_those_without_an_answer_of_every_kind() -> None:
    answers = make_answers(
        "---" + make_trade_offs("============")[3:], "-222 2222", "2-222"
    )
    del answers["T2"]
    found = guide(DEFAULT, answers, form="full").skipped
    assert ids(found) == ["T1", "T2", "T3", "E1", "S2"]
    assert {one.words for one in found} == {""}
    assert guide_to("============").skipped == ()


def test_said_is_what_the_visitor_saw() -> None:
    # T2 has its project statement, Risk management, on the right.
    said = guide_to("=J======d===").contradictions[0]
    assert said.strength.name == "Risk management"
    assert said.speak_for[0] == AnsweredStatement(
        id="T2",
        number=2,
        kind="trade_off",
        left="I find out what people want before I begin.",
        right="I think of what could go wrong before I begin.",
        own="B",
        words="Much more B",
        pull=2,
    )
    liked = guide_to("D========d==", "3222 2222").interests[0].liked
    assert liked == AnsweredStatement(
        "E1",
        9,
        "enjoyment",
        "Making a step-by-step plan that a group can follow.",
        "",
        "",
        "Quite a lot",
        1,
    )


def test_nothing_is_said_without_scores() -> None:
    with pytest.raises(ValueError, match="too few"):
        guide(DEFAULT, {"T1": 1}, form="full")
    with pytest.raises(RequestError):
        guide(DEFAULT, {"T1": 9}, form="full")


# Everybody


@st.composite
def scored(draw: st.DrawFn) -> tuple[Definition, Answers, str]:
    questionnaire, form = (
        draw(st.just(DEFAULT) | questionnaires()),
        draw(st.sampled_from(FORMS)),
    )
    return (
        questionnaire,
        draw(
            answers_of(questionnaire, form).filter(
                lambda answers: _scored(questionnaire, answers, form)
            )
        ),
        form,
    )


def _scored(questionnaire: Definition, answers: Answers, form: str) -> bool:
    return score(questionnaire, answers, form=form).scores is not None


@settings(max_examples=150, deadline=None)
@given(scored())
def test_guide_of_anybody_keeps_its_rules(
    person: tuple[Definition, Answers, str],
) -> None:
    questionnaire, answers, form = person
    found, reply = (
        guide(questionnaire, answers, form=form),
        score(questionnaire, answers, form=form).reply(),
    )
    for contradiction in found.contradictions:
        assert all(one.pull > 0 for one in contradiction.speak_for)
        assert all(one.pull < 0 for one in contradiction.speak_against)
        assert contradiction.speak_for
        assert contradiction.speak_against
    trade_offs_against_each_other = {
        each.strength
        for each in found.contradictions
        if all(
            any(one.kind == "trade_off" for one in side)
            for side in (each.speak_for, each.speak_against)
        )
    }
    liked = {each.strength for each in found.interests}
    assert (
        liked & {each.strength for each in found.contradictions}
        <= trade_offs_against_each_other
    )
    assert all(
        each.liked.pull >= 1 and sum(one.pull for one in each.trade_offs) < 8
        for each in found.interests
    )
    assert (found.split is not None) == reply["split"]
    if found.split is not None:
        assert found.split.gap**2 >= found.split.least_gap_squared
        assert found.split.doing_answers
        assert found.split.wanting_answers
    assert ids(found.tipping.to_close) == (reply["to_close"] or [])
    assert ids(found.tipping.to_flip) == (reply["to_flip"] or [])
    assert (found.tipping.steps_to_close is None) != (
        found.tipping.steps_to_lean is None
    )
    skipped = [
        question.id
        for question in questionnaire.questions_of(form)
        if answers.get(question.id) is None
    ]
    assert ids(found.skipped) == skipped
    told = [
        one
        for each in found.contradictions
        for one in (*each.speak_for, *each.speak_against)
    ] + [one for each in found.interests for one in (each.liked, *each.trade_offs)]
    assert not {one.id for one in told} & set(skipped)
    for one in told:
        answer = answers[one.id]
        assert answer is not None
        assert one.words == questionnaire.section_of(one.id).label_of(answer)


@settings(max_examples=150, deadline=None)
@given(
    answers_of(DEFAULT, "full").filter(
        lambda answers: _scored(DEFAULT, answers, "full")
    )
)
def test_contradictions_are_those_found_by_hand(answers: Answers) -> None:
    by_hand = set()
    for strength in DEFAULT.strengths:
        trade_offs, enjoyed = [], None
        for question in DEFAULT.questions_of("full"):
            answer = answers.get(question.id)
            if answer is None or strength.kind != "key":
                continue
            if question.kind == "trade_off" and question.left.strength == strength.slug:
                trade_offs.append(3 - answer)
            elif (
                question.kind == "trade_off"
                and question.right.strength == strength.slug
            ):
                trade_offs.append(answer - 3)
            elif (
                question.kind == "enjoyment"
                and question.statement.strength == strength.slug
            ):
                enjoyed = answer - 2
        if (
            len(trade_offs) == 2
            and trade_offs[0] * trade_offs[1] < 0
            and abs(trade_offs[0] - trade_offs[1]) >= 3
        ):
            by_hand.add(strength.slug)
        is_interest = (
            enjoyed is not None
            and enjoyed > 0
            and trade_offs
            and sum(trade_offs) <= -len(trade_offs)
        )
        if (
            enjoyed
            and not is_interest
            and any(enjoyed * one < 0 and abs(enjoyed - one) >= 3 for one in trade_offs)
        ):
            by_hand.add(strength.slug)
    assert {
        each.strength.slug
        for each in guide(DEFAULT, answers, form="full").contradictions
    } == by_hand
