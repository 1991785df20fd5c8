"""How easily each statement of a questionnaire reads, beside the limits of rule P9 (docs/instrument.md section 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from assessments.engine import Definition
from assessments.engine.parts import TRADE_OFF, QuestionDefinition
from assessments.engine.readability import grade, words_in
from assessments.engine.wording import MAX_GRADE, MAX_WORDS, MAX_WORDS_APART


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement: its place (T3.project), its words, how many they are, and its Flesch-Kincaid grade in school years."""

    place: str
    text: str
    words: int
    grade: float

    @property
    def too_long(self) -> bool:
        return self.words > MAX_WORDS

    @property
    def too_hard(self) -> bool:
        return self.grade > MAX_GRADE


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """One question. `apart`: by how many words its two sides differ, None where it has one statement."""

    question: str
    statements: tuple[Reading, ...]
    apart: int | None

    @property
    def too_far_apart(self) -> bool:
        return self.apart is not None and self.apart > MAX_WORDS_APART


def readings(questionnaire: Definition) -> list[QuestionReading]:
    """Every question of the full form, in order."""
    return [_of_question(question) for question in questionnaire.questions_of("full")]


def mean_grade(questionnaire: Definition) -> float:
    """The Flesch-Kincaid grade of the statements on average; 0 where there are none."""
    return fmean(
        [
            reading.grade
            for question in readings(questionnaire)
            for reading in question.statements
        ]
        or [0.0]
    )


def _of_question(question: QuestionDefinition) -> QuestionReading:
    statements = tuple(
        Reading(
            place, statement.text, len(words_in(statement.text)), grade(statement.text)
        )
        for place, statement in zip(
            question.statement_names, question.statements, strict=True
        )
    )
    apart = (
        abs(statements[0].words - statements[1].words)
        if question.kind == TRADE_OFF
        else None
    )
    return QuestionReading(question.id, statements, apart)
