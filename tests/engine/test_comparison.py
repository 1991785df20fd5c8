"""Two results beside each other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.defaults import default_questionnaire
from assessments.engine import Definition, ScoredAnswers, score
from assessments.engine.comparison import (
    compare_answers,
    compare_leans,
    compare_strengths,
)
from tests.support.engine.cases import (
    EXAMPLES,
    Answers,
    Json,
    answers_of,
    make_answers,
    make_questionnaire,
    make_trade_offs,
)

DEFAULT = default_questionnaire()


def result(
    steps: str,
    enjoyment: str = "2222 2222",
    *,
    form: str = "full",
    questionnaire: Definition = DEFAULT,
) -> ScoredAnswers:
    return score(
        questionnaire, make_answers(make_trade_offs(steps), enjoyment), form=form
    )


def example(number: int) -> ScoredAnswers:
    case = EXAMPLES[number]
    return score(DEFAULT, case["answers"], form=case["form"], seconds=case["seconds"])


def test_leans_of_the_worked_examples_differ_by_more_than_their_error() -> None:
    found = compare_leans(example(1), example(2))
    assert found.difference == Fraction(425, 8) + Fraction(25, 8)
    assert found.half_width_squared == Fraction(27, 10) * 2 * Fraction(10625, 64)
    assert found.differs


def test_short_form_brings_its_own_wider_error() -> None:
    found = compare_leans(example(2), example(3))
    assert found.half_width_squared == Fraction(27, 10) * (
        Fraction(10625, 64) + Fraction(8125, 28)
    )
    assert not found.differs


def test_difference_equal_to_its_error_does_not_differ() -> None:
    one, two = result("JJJJ========"), result("============")
    assert compare_leans(one, two).difference == 25
    constants = {"band_z_squared": str(Fraction(625) / (2 * Fraction(10625, 64)))}
    same = make_questionnaire(**constants)
    assert not compare_leans(
        result("JJJJ========", questionnaire=same),
        result("============", questionnaire=same),
    ).differs


def test_strengths_closer_than_the_gap_are_alike() -> None:
    one, two = example(1), example(2)
    found = {each.strength.name: each for each in compare_strengths(one, two)}
    assert len(found) == 8
    assert (
        found["Planning and organization"].one,
        found["Planning and organization"].two,
    ) == (Fraction(275, 3), Fraction(200, 3))
    assert found["Planning and organization"].alike
    assert found["Customer empathy"].difference == Fraction(50, 3) - Fraction(200, 3)
    assert not found["Customer empathy"].alike


def test_gap_itself_is_no_longer_alike() -> None:
    def alike(gap: str) -> bool:
        questionnaire = make_questionnaire(rank_gap=gap)
        one, two = (
            result(steps, questionnaire=questionnaire)
            for steps in ("J===========", "============")
        )
        return compare_strengths(one, two)[0].alike

    assert (alike("50/3"), alike("51/3")) == (False, True)


def test_wider_gap_of_two_versions_holds() -> None:
    narrow, wide = make_questionnaire(rank_gap="1"), make_questionnaire(rank_gap="90")
    one, two = (
        result("J===========", questionnaire=narrow),
        result("============", questionnaire=wide),
    )
    assert [compare_strengths(*pair)[0].alike for pair in ((one, two), (two, one))] == [
        True,
        True,
    ]


def test_short_form_and_too_few_answers_leave_a_strength_out() -> None:
    assert (
        compare_strengths(example(1), example(3))
        == compare_strengths(example(3), example(1))
        == ()
    )
    skipped = result("-========-==")
    names = [
        each.strength.name
        for each in compare_strengths(result("============"), skipped)
    ]
    assert "Planning and organization" not in names
    assert len(names) == 7


def test_too_few_answers_compare_with_nobody() -> None:
    nobody, somebody = score(DEFAULT, {"T1": 1}, form="full"), example(1)
    for pair in ((nobody, somebody), (somebody, nobody)):
        for compare in (compare_leans, compare_strengths):
            with pytest.raises(ValueError, match="too few"):
                compare(*pair)


def test_answers_furthest_apart_come_first_with_the_words_of_both() -> None:
    one = make_answers(make_trade_offs("Jj=========="), "4222 2222", "22222")
    two = make_answers(make_trade_offs("Dd=========="), "0222 2222", "23222")
    found = compare_answers(DEFAULT, one, "full", DEFAULT, two)
    assert [
        (each.question.id, each.number, each.one, each.two, each.steps)
        for each in found.apart
    ] == [
        ("T1", 1, "Much more A", "Much more B", 4),
        ("E1", 9, "Very much", "Not at all", 4),
        ("T2", 2, "A bit more B", "A bit more A", 2),
    ]
    assert (found.compared, found.same, found.left_out) == (25, 21, 0)


def test_skipped_and_unasked_questions_are_left_out() -> None:
    one = make_answers("3" * 12, "2222 2222", "2-222")
    two = make_answers("-3333333", "2222")
    assert (
        compare_answers(DEFAULT, one, "full", DEFAULT, two).compared,
        compare_answers(DEFAULT, one, "full", DEFAULT, two).left_out,
    ) == (
        11,
        14,
    )
    found = compare_answers(DEFAULT, two, "short", DEFAULT, one)
    assert (found.compared, found.left_out) == (11, 1)


def _turn(definition: Json) -> None:
    definition["sections"][0]["questions"][0]["side"] = "right"


def _reword(definition: Json) -> None:
    definition["sections"][0]["questions"][0]["project"]["text"] = "Quite other words."


def _rename(definition: Json) -> None:
    for question in definition["sections"][0]["questions"]:
        question["id"] = question["id"].replace("T", "W")


def test_other_version_with_the_sides_turned_is_compared_by_what_was_meant() -> None:
    turned = make_questionnaire(_turn)
    found = compare_answers(DEFAULT, {"T1": 1}, "full", turned, {"T1": 5})
    assert (found.compared, found.same) == (1, 1)
    found = compare_answers(DEFAULT, {"T1": 1}, "full", turned, {"T1": 1})
    # The button lay on B's side there. In this order of A and B it has the other words.
    assert [(each.one, each.two, each.steps) for each in found.apart] == [
        ("Much more A", "Much more B", 4)
    ]


def test_other_words_are_not_compared_and_another_id_does_no_harm() -> None:
    found = compare_answers(
        DEFAULT,
        {"T1": 1, "T2": 1},
        "full",
        make_questionnaire(_reword),
        {"T1": 5, "T2": 1},
    )
    assert (found.compared, found.same, found.left_out) == (1, 1, 24)
    found = compare_answers(
        DEFAULT, {"T1": 1}, "full", make_questionnaire(_rename), {"W1": 5}
    )
    assert (found.compared, [each.steps for each in found.apart]) == (1, [4])


full_answers = answers_of(DEFAULT, "full")


@settings(max_examples=80, deadline=None)
@given(full_answers, full_answers)
def test_comparison_is_the_same_from_both_sides(one: Answers, two: Answers) -> None:
    here, there = (
        compare_answers(DEFAULT, one, "full", DEFAULT, two),
        compare_answers(DEFAULT, two, "full", DEFAULT, one),
    )
    assert (here.compared, here.same, here.left_out) == (
        there.compared,
        there.same,
        there.left_out,
    )
    assert [(each.question, each.one, each.two) for each in here.apart] == [
        (each.question, each.two, each.one) for each in there.apart
    ]
    first, second = score(DEFAULT, one, form="full"), score(DEFAULT, two, form="full")
    if first.scores and second.scores:
        lean, back = compare_leans(first, second), compare_leans(second, first)
        assert (lean.difference, lean.half_width_squared, lean.differs) == (
            -back.difference,
            back.half_width_squared,
            back.differs,
        )
        ours, theirs = (
            compare_strengths(first, second),
            compare_strengths(second, first),
        )
        assert [(each.strength, each.difference, each.alike) for each in ours] == [
            (each.strength, -each.difference, each.alike) for each in theirs
        ]


@settings(max_examples=50, deadline=None)
@given(full_answers, st.sampled_from(["full", "short"]))
def test_nobody_differs_from_themselves(answers: Answers, form: str) -> None:
    answers = {
        id: answer
        for id, answer in answers.items()
        if id in {question.id for question in DEFAULT.questions_of(form)}
    }
    found, own = (
        compare_answers(DEFAULT, answers, form, DEFAULT, answers),
        score(DEFAULT, answers, form=form),
    )
    assert (found.apart, found.same) == ((), found.compared)
    assert found.compared + found.left_out == len(DEFAULT.questions_of(form))
    if own.scores:
        assert not compare_leans(own, own).differs
        assert all(each.alike for each in compare_strengths(own, own))
