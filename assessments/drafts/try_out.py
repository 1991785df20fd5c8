"""A draft tried by one member of staff. Nothing of it is stored: every page carries all that went before in hidden fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django import forms
from django.core import signing

from assessments.answering import (
    Answers,
    QuestionField,
    StartForm,
    read_answer,
    write_answer,
)
from assessments.engine import Definition, SectionDefinition
from assessments.engine.walk import Walk

SALT = "try-out"
STEPS = frozenset({"csrfmiddlewaretoken", "ticket", "section", "look", "action"})


class Tampered(Exception):
    """What came back is not what our page sends."""


class TryOutStartForm(StartForm):
    shared_computer = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a try-out began with: the draft as it stood, the form, and the second. It travels signed."""

    draft: int
    sha256: str
    form: str
    began: int

    def __str__(self) -> str:
        return signing.dumps(astuple(self), salt=SALT)

    @classmethod
    def read(cls, text: str) -> Ticket:
        try:
            return cls(*signing.loads(text, salt=SALT))
        except signing.BadSignature as error:
            raise Tampered from error


class TriedSectionForm(forms.Form):
    """One section as visitors get it, with what has been chosen in it so far."""

    def __init__(
        self,
        section: SectionDefinition,
        *,
        first_number: int,
        answers: Answers,
        ask: bool,
    ) -> None:
        chosen = {
            question.id: write_answer(answers[question.id])
            for question in section.questions
            if question.id in answers
        }
        super().__init__(chosen if ask else None, initial=chosen)
        self.section, self.first_number = section, first_number
        self.use_required_attribute = (
            False  # the browser's own bubbles would hide our summary
        )
        for number, question in enumerate(section.questions, first_number):
            self.fields[question.id] = QuestionField(question, section, number)


class TryOut:
    """One person on the way through a draft: what was begun with, and the answers so far."""

    def __init__(
        self, questionnaire: Definition, ticket: Ticket, answers: Answers
    ) -> None:
        self.questionnaire, self.ticket, self.answers = questionnaire, ticket, answers
        self.walk = Walk(questionnaire, ticket.form)

    @classmethod
    def carried(
        cls, questionnaire: Definition, ticket: Ticket, data: Mapping[str, Any]
    ) -> TryOut:
        """With the answers that a page sent back. Raises Tampered for anything that it did not offer."""
        questions = questionnaire.questions_of(ticket.form)
        if not data.keys() <= STEPS | {question.id for question in questions}:
            raise Tampered
        try:
            answers = {
                each.id: read_answer(data[each.id], each)
                for each in questions
                if data.get(each.id)
            }
        except ValueError as error:
            raise Tampered from error
        return cls(questionnaire, ticket, answers)

    def place(self, text: str, *, least: int = 1) -> int:
        """The number of one of the sections. Raises Tampered."""
        if text not in {
            str(number) for number in range(least, len(self.walk.numbers) + 1)
        }:
            raise Tampered
        return int(text)

    def first_gap(self, form: str) -> int | None:
        """The first section of the form with a question that has no answer yet."""
        return Walk(self.questionnaire, form).first_gap(self.answers)

    def section_form(self, number: int, *, ask: bool = False) -> TriedSectionForm:
        """The section of that number; `ask` puts an error at each question without an answer."""
        return TriedSectionForm(
            self.walk.section(number),
            first_number=self.walk.first_question(number),
            answers=self.answers,
            ask=ask,
        )

    def hidden(self, without: TriedSectionForm | None = None) -> list[tuple[str, str]]:
        """The answers as hidden fields, those of a form that is on the page left out."""
        shown = without.fields.keys() if without else ()
        return [
            (question, write_answer(answer))
            for question, answer in self.answers.items()
            if question not in shown
        ]
