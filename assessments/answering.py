"""The start form and the fields of questions, for visitors and for staff's try-out."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.engine import QuestionDefinition, RoleDefinition, SectionDefinition
from assessments.engine.walk import Walk
from assessments.models import Wish
from assessments.results.scoring_facts import ScoringFacts

# "Not sure" in a form. It is stored as null, and never as the middle answer.
SKIP = "skip"
# Question id to button, None for "Not sure".
AnswerMap = dict[str, int | None]
SHARED_COMPUTER = "This is a shared computer: forget me when the browser closes"


def wish_field(roles: Sequence[RoleDefinition]) -> forms.ChoiceField:
    """The question that counts for nothing: which role somebody hopes for."""
    first, second = (role.name for role in roles)
    refusal = "Choose one of the answers, or “Rather not say.”"
    return forms.ChoiceField(
        label="Which role are you hoping for?",
        help_text="Optional. It won’t affect your result.",
        choices=[
            ("", "Rather not say"),
            (Wish.FIRST, first),
            (Wish.SECOND, second),
            (Wish.EITHER, "Either one"),
            (Wish.UNKNOWN, "I don’t know"),
        ],
        required=False,
        error_messages={"invalid_choice": refusal},
    )


class StartForm(forms.Form):
    form = forms.ChoiceField(
        label="How much time do you have?",
        initial="full",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how many questions you want to answer.",
            "invalid_choice": "Choose how many questions you want to answer.",
        },
    )
    shared_computer = forms.BooleanField(
        label=SHARED_COMPUTER,
        required=False,
    )

    def __init__(
        self,
        *args: object,
        scoring: ScoringFacts,
        roles: Sequence[RoleDefinition] = (),
        **kwargs: object,
    ) -> None:
        """Without `roles`, nobody is asked which one they hope for."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if roles:
            self.fields["wish"] = wish_field(roles)
        full, short = scoring.full, scoring.short
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            (
                "full",
                f"{full.minutes.capitalize()}: {full.questions} questions. "
                "The surest answer, with a score for each strength.",
            ),
            (
                "short",
                f"{short.minutes.capitalize()}: {short.questions} questions. "
                "A first result you can add to later.",
            ),
        ]


def read_answer(value: str, question: QuestionDefinition) -> int | None:
    """A posted answer as the engine takes it.

    Raises ValueError for anything that the page did not offer.
    """
    if value == SKIP:
        return None
    if value not in {str(button) for button in question.buttons}:
        raise ValueError(f"{question.id}: {value!r}")
    return int(value)


def answer_words(section: SectionDefinition, answer: int | None) -> str:
    """The words on the button of this answer."""
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
        "version_language": walk.questionnaire.language,
        "last": walk.last_question(number),
        "total": walk.total,
        "remaining": walk.remaining(number),
    }


class QuestionField(forms.ChoiceField):
    """One question: radios in the order of the page, "Not sure" last.

    The crispy template draws the radios between the two statements.
    """

    def __init__(
        self, question: QuestionDefinition, section: SectionDefinition, number: int
    ) -> None:
        choices = [
            (str(button), section.label_of(button)) for button in question.buttons
        ]
        super().__init__(
            choices=[*choices, (SKIP, "Not sure")],
            widget=forms.RadioSelect,
            required=True,
        )
        self.question, self.number = question, number
        # Time spent on the question so far; the page's script goes on from here.
        self.seconds_attribute = data_seconds(0.0)
        self.label = f"Question {number}"
        self.error_messages["required"] = (
            f"Question {number}: choose an answer, or Not sure."
        )


def data_seconds(seconds: float) -> SafeString:
    """The attribute that tells the page's script; empty before the first visit."""
    return format_html('data-seconds="{}"', seconds) if seconds else SafeString()
