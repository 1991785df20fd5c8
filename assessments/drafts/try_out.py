"""A member of staff tries out a draft.

Nothing is stored: every page carries the earlier answers in hidden fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django import forms
from django.core import signing

from assessments.answering import (
    AnswerMap,
    QuestionField,
    StartForm,
    read_answer,
    write_answer,
)
from assessments.engine import Definition, SectionDefinition
from assessments.engine.walk import Walk

TRY_OUT_SALT = "try-out"
STEP_FIELDS = frozenset({"csrfmiddlewaretoken", "ticket", "section", "look", "action"})


class Tampered(Exception):
    """The post contains something that our page cannot have sent."""


class TryOutStartForm(StartForm):
    shared_computer = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Ticket:
    """The start of a try-out: draft, hash, form and second. It travels signed."""

    draft: int
    sha256: str
    form: str
    began: int

    def __str__(self) -> str:
        return signing.dumps(astuple(self), salt=TRY_OUT_SALT)

    @classmethod
    def read(cls, text: str) -> Ticket:
        try:
            return cls(*signing.loads(text, salt=TRY_OUT_SALT))
        except signing.BadSignature as error:
            raise Tampered from error


class TriedSectionForm(forms.Form):
    """One section as visitors see it, with the answers so far."""

    def __init__(
        self,
        section: SectionDefinition,
        *,
        first_number: int,
        answers: AnswerMap,
        ask: bool,
    ) -> None:
        chosen = {
            question.id: write_answer(answers[question.id])
            for question in section.questions
            if question.id in answers
        }
        super().__init__(chosen if ask else None, initial=chosen)
        self.section, self.first_number = section, first_number
        # The browser's own bubbles would hide our summary of errors.
        self.use_required_attribute = False
        for number, question in enumerate(section.questions, first_number):
            self.fields[question.id] = QuestionField(question, section, number)


class TryOut:
    """A try-out under way: its start and the answers so far."""

    def __init__(
        self, questionnaire: Definition, ticket: Ticket, answers: AnswerMap
    ) -> None:
        self.questionnaire, self.ticket, self.answers = questionnaire, ticket, answers
        self.walk = Walk(questionnaire, ticket.form)

    @classmethod
    def carried(
        cls, questionnaire: Definition, ticket: Ticket, data: Mapping[str, Any]
    ) -> TryOut:
        """Read the answers that a page posted. Raises Tampered for anything else."""
        questions = questionnaire.questions_of(ticket.form)
        if not data.keys() <= STEP_FIELDS | {question.id for question in questions}:
            raise Tampered
        try:
            answers = {
                question.id: read_answer(data[question.id], question)
                for question in questions
                if data.get(question.id)
            }
        except ValueError as error:
            raise Tampered from error
        return cls(questionnaire, ticket, answers)

    def section_number(self, text: str, *, minimum: int = 1) -> int:
        """Read the number of a section. Raises Tampered."""
        numbers = range(minimum, len(self.walk.numbers) + 1)
        if text not in {str(number) for number in numbers}:
            raise Tampered
        return int(text)

    def first_gap(self, form: str) -> int | None:
        """The number of the form's first section with an unanswered question, or None.

        "Not sure" is an answer.
        """
        return Walk(self.questionnaire, form).first_gap(self.answers)

    def section_form(self, number: int, *, ask: bool = False) -> TriedSectionForm:
        """The form of a section. `ask` shows an error at every unanswered question."""
        return TriedSectionForm(
            self.walk.section(number),
            first_number=self.walk.first_question(number),
            answers=self.answers,
            ask=ask,
        )

    def hidden(self, without: TriedSectionForm | None = None) -> list[tuple[str, str]]:
        """The answers as hidden fields, except those of the form on the page."""
        shown = without.fields.keys() if without else ()
        return [
            (question, write_answer(answer))
            for question, answer in self.answers.items()
            if question not in shown
        ]
