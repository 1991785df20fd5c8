"""How easily statements read, for rule P9 (docs/instrument.md section 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from assessments.engine import Definition, QuestionDefinition
from assessments.engine.parts import TRADE_OFF
from assessments.engine.readability import grade, words_in
from assessments.engine.wording import MAX_GRADE, MAX_WORDS, MAX_WORDS_APART


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement, with its number of words and its Flesch-Kincaid grade.

    `place` is for example T3.project, `grade` is in school years.
    """

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
    """One question.

    `apart` is the difference in words between its two sides, None without two.
    """

    question: str
    statements: tuple[Reading, ...]
    apart: int | None

    @property
    def too_far_apart(self) -> bool:
        return self.apart is not None and self.apart > MAX_WORDS_APART


def readings(questionnaire: Definition) -> list[QuestionReading]:
    """Every question of the full form, in order."""
    return [
        _question_reading(question) for question in questionnaire.questions_of("full")
    ]


def mean_grade(questionnaire: Definition) -> float:
    """The mean Flesch-Kincaid grade of all statements, or 0 without any."""
    return fmean(
        [
            reading.grade
            for question in readings(questionnaire)
            for reading in question.statements
        ]
        or [0.0]
    )


def _question_reading(question: QuestionDefinition) -> QuestionReading:
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
