"""The way through a form: numbers, gaps, and the offer to stop after the short form."""

from __future__ import annotations

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import stop_offer
from assessments.engine.walk import Walk
from tests.support.engine.cases import EXAMPLES, make_answers

QUESTIONNAIRE = default_questionnaire()
FULL, SHORT = Walk(QUESTIONNAIRE, "full"), Walk(QUESTIONNAIRE, "short")
CLEAR = EXAMPLES[1]["answers"]


def test_sections_and_questions_are_numbered_from_1() -> None:
    assert (list(FULL.numbers), list(SHORT.numbers)) == ([1, 2, 3, 4, 5, 6], [1, 2, 3])
    firsts = [FULL.first_question(number) for number in FULL.numbers]
    assert (firsts, FULL.total, SHORT.total) == ([1, 5, 9, 13, 17, 21], 25, 12)
    lasts = [FULL.last_question(number) for number in FULL.numbers]
    assert lasts == [4, 8, 12, 16, 20, 25]
    assert [SHORT.remaining(number) for number in SHORT.numbers] == [25, 21, 17]


@pytest.mark.parametrize("number", [0, 7, -1])
def test_section_that_does_not_exist_is_refused(number: int) -> None:
    with pytest.raises(IndexError):
        FULL.section(number)


def test_first_gap_is_the_first_section_with_a_question_unanswered() -> None:
    assert FULL.first_gap({}) == 1
    answers = {question.id: None for question in QUESTIONNAIRE.questions_of("short")}
    assert (FULL.first_gap(answers), SHORT.first_gap(answers)) == (4, None)
    del answers["T6"]
    assert FULL.first_gap(answers) == 2


def test_section_of_a_question_is_found_within_the_form() -> None:
    assert (FULL.section_with("T5"), FULL.section_with("S5")) == (2, 6)
    assert (SHORT.section_with("S5"), FULL.section_with("X1")) == (None, None)


def test_question_alone_keeps_its_number_and_the_words_of_its_section() -> None:
    section, number = FULL.alone("T10")
    assert ([question.id for question in section.questions], number) == (["T10"], 14)
    whole = FULL.section(4)
    assert (section.stem, section.labels) == (whole.stem, whole.labels)
    assert SHORT.alone("E1")[1] == 9


@pytest.mark.parametrize("question", ["S5", "X1"])
def test_question_that_the_form_does_not_ask_is_refused(question: str) -> None:
    with pytest.raises(KeyError):
        SHORT.alone(question)


def test_offer_is_made_once_after_a_clear_short_form() -> None:
    answers = {
        question.id: CLEAR[question.id]
        for question in QUESTIONNAIRE.questions_of("short")
    }
    offered = stop_offer(QUESTIONNAIRE, answers)
    assert offered is not None
    assert [FULL.offer(number, answers) for number in FULL.numbers] == (
        [None, None, None, offered, None, None]
    )
    assert [SHORT.offer(number, answers) for number in SHORT.numbers] == [None] * 3
    assert FULL.offer(4, answers | {"T9": None}) is None
    assert FULL.offer(4, make_answers("3333 3333", "2222")) is None
