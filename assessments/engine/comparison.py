"""Two results beside each other: two people, or one person twice (docs/instrument.md sections 2.2 and 2.3).

Each part stands alone, so that a caller shows no more than both people agreed to. Where the two were given to different
versions, only what means the same in both is compared: the leans, each with the error of its own version; strengths that
both versions score; questions that are word for word the same, on whichever side their statements stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .parts import (
    LEFT,
    TRADE_OFF,
    QuestionDefinition,
    SectionDefinition,
    StrengthDefinition,
)
from .questionnaire import Definition
from .result import ScoredAnswers
from .tally import MIDDLE

Answers = Mapping[str, int | None]
MIN_STEPS_APART = (
    2  # button steps from which two answers to one question are named as different
)


@dataclass(frozen=True, slots=True)
class LeanComparison:
    """First lean minus second, in points from -200 to 200, and the square of the half-width of its 90 % range."""

    difference: Fraction
    half_width_squared: Fraction

    @property
    def differs(self) -> bool:
        """Whether the difference is larger than its error."""
        return self.difference**2 > self.half_width_squared


@dataclass(frozen=True, slots=True)
class StrengthComparison:
    """One key strength, scored 0 to 100 in both. `alike`: closer than the rank gap, so neither may be called the stronger."""

    strength: StrengthDefinition
    one: Fraction
    two: Fraction
    alike: bool

    @property
    def difference(self) -> Fraction:
        return self.one - self.two


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """One question that both answered; `steps` is how many buttons the answers lie apart, 0 to 4."""

    question: QuestionDefinition  # as the first result's version has it
    number: int  # in the first result's form, from 1
    one: str
    two: str
    steps: int


@dataclass(frozen=True, slots=True)
class AnswersComparison:
    """Questions in the order of the first result's form. `same`: on the same button; `apart`: at least 2 steps, furthest first."""

    compared: int
    same: int
    apart: tuple[AnswerComparison, ...]
    left_out: int  # asked in the first result's form, and not to be compared: other words there, or not answered by both


def compare_leans(one: ScoredAnswers, two: ScoredAnswers) -> LeanComparison:
    """Standard errors of independent results add up in squares. Raises ValueError where one of them has no lean."""
    if one.scores is None or two.scores is None:
        raise ValueError("too few answers to compare")
    halves = (
        each.questionnaire.constants.band_z_squared * each.scores.se_squared
        for each in (one, two)
        if each.scores
    )
    return LeanComparison(one.scores.lean - two.scores.lean, sum(halves, Fraction(0)))


def compare_strengths(
    one: ScoredAnswers, two: ScoredAnswers
) -> tuple[StrengthComparison, ...]:
    """The key strengths that both have a score of, in the first version's order; the wider rank gap of the two versions holds.

    Raises ValueError where one of them has no scores; a short form has none of strengths, and gives an empty comparison.
    """
    if one.scores is None or two.scores is None:
        raise ValueError("too few answers to compare")
    gap = max(
        one.questionnaire.constants.rank_gap, two.questionnaire.constants.rank_gap
    )
    theirs = two.scores.strengths or {}
    return tuple(
        StrengthComparison(
            one.questionnaire.strength(slug), score, other, abs(score - other) < gap
        )
        for slug, score in (one.scores.strengths or {}).items()
        if score is not None and (other := theirs.get(slug)) is not None
    )


def compare_answers(
    one: Definition, answers: Answers, form: str, two: Definition, others: Answers
) -> AnswersComparison:
    """The answers that differ most. `others` are to version `two`; a question may stand anywhere in its forms."""
    same = compared = left_out = 0
    apart = []
    known = {
        _meaning(two, section, question): (section, question)
        for section, question in _asked(two)
    }
    for number, question in enumerate(one.questions_of(form), 1):
        section = one.section_of(question.id)
        match = known.get(_meaning(one, section, question))
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
        compared, same, tuple(sorted(apart, key=lambda each: -each.steps)), left_out
    )


def _asked(
    questionnaire: Definition,
) -> Iterator[tuple[SectionDefinition, QuestionDefinition]]:
    for section in questionnaire.sections:
        for question in section.questions:
            yield section, question


def _meaning(
    questionnaire: Definition, section: SectionDefinition, question: QuestionDefinition
) -> tuple[object, ...]:
    """All of a question that an answer depends on, but for the side: its stem, its labels, its statements and what they count for."""
    return section.kind, section.stem, section.labels, question.statements


def _keyed(question: QuestionDefinition, answer: int) -> int:
    """Steps towards the first role's statement; a rating as it is."""
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
    """The other person's words, as they read beside the first version's order of A and B."""
    turned = question.kind == TRADE_OFF and question.side != other.side
    return shown.label_of(2 * MIDDLE - answer) if turned else section.label_of(answer)
