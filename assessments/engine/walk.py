"""The way through one form: its sections and questions in order, numbered from 1."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from .parts import FULL, SHORT, Answers, SectionDefinition
from .questionnaire import Definition
from .scorers import stop_offer


@dataclass(frozen=True, slots=True)
class Walk:
    """One form of a questionnaire, `full` or `short`, as somebody goes through it."""

    questionnaire: Definition
    form: str

    @property
    def sections(self) -> tuple[SectionDefinition, ...]:
        return self.questionnaire.sections_of(self.form)

    @property
    def numbers(self) -> range:
        """The numbers of the sections."""
        return range(1, len(self.sections) + 1)

    def numbered(self) -> Iterator[tuple[int, SectionDefinition]]:
        return enumerate(self.sections, 1)

    def section(self, number: int) -> SectionDefinition:
        """Raises IndexError for a number that is not in `numbers`."""
        if number not in self.numbers:
            raise IndexError(number)
        return self.sections[number - 1]

    def first_question(self, number: int) -> int:
        """The number of the first question of a section, within the form."""
        earlier = self.sections[: number - 1]
        return 1 + sum(len(section.questions) for section in earlier)

    def last_question(self, number: int) -> int:
        """The number of the last question of a section, within the form."""
        return self.first_question(number + 1) - 1

    @property
    def total(self) -> int:
        """How many questions the form has."""
        return self.last_question(len(self.sections))

    def remaining(self, number: int) -> int:
        """How many questions the full form has from the start of this section on."""
        full = len(self.questionnaire.questions_of(FULL))
        return full - self.first_question(number) + 1

    def first_gap(self, answers: Container[str]) -> int | None:
        """The first section with a question that is not in `answers`; None if all are.

        "Not sure" is an answer, so a skipped question is in `answers`.
        """
        for number, section in self.numbered():
            if any(question.id not in answers for question in section.questions):
                return number
        return None

    def section_with(self, question_id: str) -> int | None:
        """The number of the section that holds a question; None if no section does."""
        for number, section in self.numbered():
            if any(question.id == question_id for question in section.questions):
                return number
        return None

    def alone(self, question_id: str) -> tuple[SectionDefinition, int]:
        """A section that holds this question alone, and the question's number.

        Raises KeyError for a question that the form does not ask.
        """
        for number, section in self.numbered():
            for place, question in enumerate(section.questions):
                if question.id == question_id:
                    alone = replace(section, questions=(question,))
                    return alone, self.first_question(number) + place
        raise KeyError(question_id)

    def offer(self, number: int, answers: Answers) -> str | None:
        """What `stop_offer` says on the page of a section; None on any other section.

        It is offered once: on the first section after the short form, while none of
        that section's questions is answered (docs/instrument.md section 2.9).
        """
        short = len(self.questionnaire.sections_of(SHORT))
        if self.form != FULL or number != short + 1:
            return None
        if any(question.id in answers for question in self.section(number).questions):
            return None
        return stop_offer(self.questionnaire, answers)
