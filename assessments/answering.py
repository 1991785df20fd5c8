"""The start form and the fields of questions, shared by visitors and by staff who try a draft."""

from __future__ import annotations

from django import forms

from assessments.engine import QuestionDefinition, SectionDefinition
from assessments.engine.walk import Walk
from assessments.results.scoring_facts import ScoringFacts

SKIP = "skip"  # how "Not sure" travels in a form; stored as null, never as the middle
Answers = dict[str, int | None]


class StartForm(forms.Form):
    form = forms.ChoiceField(
        label="How long have you got?",
        initial="full",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the full or the short form.",
            "invalid_choice": "Choose the full or the short form.",
        },
    )
    shared_computer = forms.BooleanField(
        label="This is a shared computer: forget me when the browser closes",
        required=False,
    )

    def __init__(self, *args: object, scoring: ScoringFacts, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        full, short = scoring.full, scoring.short
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            (
                "full",
                f"Full: {full.questions} questions, {full.minutes}. Scores every strength as well.",
            ),
            (
                "short",
                f"Short: {short.questions} questions, {short.minutes}. A first reading, marked provisional.",
            ),
        ]


def read_answer(value: str, question: QuestionDefinition) -> int | None:
    """A posted answer as the engine counts it. Raises ValueError for anything that the page did not offer."""
    if value == SKIP:
        return None
    if value not in {str(button) for button in question.buttons}:
        raise ValueError(f"{question.id}: {value!r}")
    return int(value)


def answer_words(section: SectionDefinition, answer: int | None) -> str:
    """The words on the button that was pressed."""
    return "Not sure" if answer is None else section.label_of(answer)


def write_answer(answer: int | None) -> str:
    return SKIP if answer is None else str(answer)


def section_context(walk: Walk, number: int, form: forms.Form) -> dict[str, object]:
    """What the page of a section shows besides its own form, for visitors and staff."""
    return {
        "form": form,
        "section": walk.section(number),
        "number": number,
        "sections": walk.numbers,
        "intro": walk.questionnaire.intro,
        "last": walk.last_question(number),
        "total": walk.total,
        "remaining": walk.remaining(number),
    }


class QuestionField(forms.ChoiceField):
    """One question: radios in the order shown, "Not sure" last. The crispy template draws it with both statements."""

    def __init__(
        self, question: QuestionDefinition, section: SectionDefinition, number: int
    ) -> None:
        choices = [
            (str(button), section.label_of(button)) for button in question.buttons
        ]
        super().__init__(
            choices=[*choices, (SKIP, "Not sure, skip this one")],
            widget=forms.RadioSelect,
            required=True,
        )
        self.question, self.number = question, number
        self.seconds = 0.0  # spent on it so far: the page's script counts on from here
        self.label = f"Question {number}"
        self.error_messages["required"] = (
            f"Question {number}: choose an answer, or “Not sure”."
        )
