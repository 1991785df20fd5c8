"""Comparing two results: of two people, or of one person at two times.

Each part stands alone, so that a caller can show no more than both people agreed to
(docs/instrument.md sections 2.2 and 2.3). Results of different versions are compared
only where something means the same in both: the leans, each with the error of its own
version; strengths that both versions score; and questions with the same words, on
whichever side their statements stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .parts import (
    LEFT,
    TRADE_OFF,
    Answers,
    QuestionDefinition,
    SectionDefinition,
    StrengthDefinition,
)
from .questionnaire import Definition
from .result import ScoredAnswers
from .tally import MIDDLE

MIN_STEPS_APART = 2  # button steps; closer answers are not listed


@dataclass(frozen=True, slots=True)
class LeanComparison:
    """The first lean minus the second, in points from -200 to 200.

    `half_width_squared` is the square of the half-width of its 90 % range, in points.
    """

    difference: Fraction
    half_width_squared: Fraction

    @property
    def differs(self) -> bool:
        """Whether the difference exceeds the half-width of its 90 % range."""
        return self.difference**2 > self.half_width_squared


@dataclass(frozen=True, slots=True)
class StrengthComparison:
    """One key strength, scored 0 to 100 in both results.

    `alike` means that the scores lie closer than the rank gap, so neither is stronger.
    """

    strength: StrengthDefinition
    one: Fraction
    two: Fraction
    alike: bool

    @property
    def difference(self) -> Fraction:
        return self.one - self.two


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """One question that both people answered, with the words on their buttons.

    `steps` is the number of buttons between the answers, 0 to 4. `question` is the
    first result's, `number` its position in that result's form, from 1.
    """

    question: QuestionDefinition  # as the first result's version has it
    number: int  # in the first result's form, from 1
    one: str
    two: str
    steps: int


@dataclass(frozen=True, slots=True)
class AnswersComparison:
    """The questions that both answered, in the order of the first result's form.

    `same` counts answers on the same button. `apart` lists answers at least
    MIN_STEPS_APART steps apart, the furthest first. `left_out` counts questions of the
    first form that cannot be compared: not answered by both, or worded differently.
    """

    compared: int
    same: int
    apart: tuple[AnswerComparison, ...]
    left_out: int


def compare_leans(one: ScoredAnswers, two: ScoredAnswers) -> LeanComparison:
    """Compare two leans (docs/instrument.md section 2.3).

    The squared standard errors of independent results add up. Raises ValueError where a
    result has no lean.
    """
    if one.scores is None or two.scores is None:
        raise ValueError("too few answers to compare")
    halves = (
        result.questionnaire.constants.band_z_squared * result.scores.se_squared
        for result in (one, two)
        if result.scores
    )
    return LeanComparison(one.scores.lean - two.scores.lean, sum(halves, Fraction(0)))


def compare_strengths(
    one: ScoredAnswers, two: ScoredAnswers
) -> tuple[StrengthComparison, ...]:
    """Compare the key strengths that have a score in both results.

    The order is that of the first version; the wider rank gap of the two versions
    decides. A short form scores no strengths, which gives an empty comparison. Raises
    ValueError where a result has no scores.
    """
    if one.scores is None or two.scores is None:
        raise ValueError("too few answers to compare")
    gap = max(
        one.questionnaire.constants.rank_gap, two.questionnaire.constants.rank_gap
    )
    scores_of_two = two.scores.strengths or {}
    return tuple(
        StrengthComparison(
            one.questionnaire.strength(slug), score, other, abs(score - other) < gap
        )
        for slug, score in (one.scores.strengths or {}).items()
        if score is not None and (other := scores_of_two.get(slug)) is not None
    )


def compare_answers(
    one: Definition, answers: Answers, form: str, two: Definition, others: Answers
) -> AnswersComparison:
    """Compare the answers to questions that mean the same in both versions.

    `others` answer version `two`; a question may stand anywhere in its forms.
    """
    same = compared = left_out = 0
    apart = []
    by_meaning = {
        _meaning(two, section, question): (section, question)
        for section, question in _questions_with_sections(two)
    }
    for number, question in enumerate(one.questions_of(form), 1):
        section = one.section_of(question.id)
        match = by_meaning.get(_meaning(one, section, question))
        answer, other = (
            answers.get(question.id),
            others.get(match[1].id) if match else None,
        )
        if match is None or answer is None or other is None:
            left_out += 1
            continue
        steps = abs(_keyed(question, answer) - _keyed(match[1], other))
        compared += 1
        same += not steps
        if steps >= MIN_STEPS_APART:
            apart.append(
                AnswerComparison(
                    question,
                    number,
                    section.label_of(answer),
                    _words(question, *match, other, section),
                    steps,
                )
            )
    return AnswersComparison(
        compared, same, tuple(sorted(apart, key=lambda answer: -answer.steps)), left_out
    )


def _questions_with_sections(
    questionnaire: Definition,
) -> Iterator[tuple[SectionDefinition, QuestionDefinition]]:
    for section in questionnaire.sections:
        for question in section.questions:
            yield section, question


def _meaning(
    questionnaire: Definition, section: SectionDefinition, question: QuestionDefinition
) -> tuple[object, ...]:
    """Everything about a question that an answer depends on, except the side."""
    return section.kind, section.stem, section.labels, question.statements


def _keyed(question: QuestionDefinition, answer: int) -> int:
    """Steps toward the first role's statement; a rating is returned as it is."""
    if question.kind != TRADE_OFF:
        return answer
    return MIDDLE - answer if question.side == LEFT else answer - MIDDLE


def _words(
    question: QuestionDefinition,
    section: SectionDefinition,
    other: QuestionDefinition,
    answer: int,
    shown: SectionDefinition,
) -> str:
    """The second person's answer in the first version's order of statements."""
    turned = question.kind == TRADE_OFF and question.side != other.side
    return shown.label_of(2 * MIDDLE - answer) if turned else section.label_of(answer)
