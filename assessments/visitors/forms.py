"""The forms of the questionnaire's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.actions.attempts import Posted
from assessments.answering import (
    SHARED_COMPUTER,
    AnswerMap,
    QuestionField,
    answer_words,
    data_seconds,
    write_answer,
)
from assessments.engine import SectionDefinition
from assessments.keys import MAX_TYPED_LENGTH, read_key
from assessments.models import Attempt
from assessments.queries import dashboard
from assessments.visitors.kept_pages import hole
from assessments.visitors.section_post import signed_drawn, signed_moment


class SectionForm(forms.Form):
    """Draws one section: radio buttons, checked where an answer is stored."""

    def __init__(
        self, section: SectionDefinition, *, first_number: int, attempt: Attempt
    ) -> None:
        super().__init__()
        self.section, self.attempt, self.first_number = section, attempt, first_number
        # The browser's own bubbles would hide our summary of errors.
        self.use_required_attribute = False
        for number, question in enumerate(section.questions, first_number):
            field = QuestionField(question, section, number)
            field.seconds_attribute = data_seconds(
                attempt.timings.get(question.id, 0.0)
            )
            self.fields[question.id] = field
        self.draw_with(attempt.answers)

    def draw_with(self, stored: AnswerMap, *, checked: AnswerMap | None = None) -> None:
        """Set the answers that the page says are stored, and the checked buttons.

        Without `checked`, the stored answers are checked.
        """
        self.stored = {
            question: stored[question] for question in self.fields if question in stored
        }
        checked = self.stored if checked is None else checked
        self.initial = {
            question: write_answer(answer) for question, answer in checked.items()
        }

    def ask_again(self, post: Posted, contested: AnswerMap) -> None:
        """Show an error at every unanswered question and at every contested one.

        `contested`: question to the answer that another window has saved since.
        """
        # A stored answer wins over a posted one: another window may have changed a
        # question that this page left alone, and the next press must keep the change.
        self.data = {
            question: write_answer(answer)
            for question, answer in (post.chosen | self.stored).items()
            if question not in contested
        }
        self.is_bound = True
        for number, (question, field) in enumerate(
            self.fields.items(), self.first_number
        ):
            spent = post.seconds.get(question, 0.0)
            field.seconds_attribute = data_seconds(  # type: ignore[attr-defined]
                max(spent, self.attempt.timings.get(question, 0.0))
            )
            if question in contested:
                posted_words = answer_words(self.section, post.chosen[question])
                stored_words = answer_words(self.section, contested[question])
                field.error_messages["required"] = (
                    f"Question {number}: you chose “{posted_words}” here and "
                    f"“{stored_words}” in another window. We saved the one from the "
                    "other window. Choose the one you mean."
                )
        self.full_clean()

    def shown(self) -> str:
        """The signed time of drawing, for the hidden field."""
        return signed_moment(self.attempt)

    def drawn(self) -> str:
        """What was drawn, signed, for the hidden field."""
        return signed_drawn(self.attempt)

    def was(self) -> list[tuple[str, str]]:
        """The stored answers, for the hidden fields."""
        return [
            (
                f"was-{question}",
                write_answer(self.stored[question]) if question in self.stored else "",
            )
            for question in self.fields
        ]

    @property
    def saved_words(self) -> str:
        return saved_words(len(self.stored), len(self.fields))


class HollowSectionForm(SectionForm):
    """A section with holes where each visitor has something else; see section_holes."""

    def __init__(self, section: SectionDefinition, *, first_number: int) -> None:
        super().__init__(section, first_number=first_number, attempt=Attempt())
        for question, field in self.fields.items():
            field.widget = HollowRadios(choices=field.choices)  # type: ignore[attr-defined]
            field.seconds_attribute = hole(f"seconds-{question}")  # type: ignore[attr-defined]

    def shown(self) -> str:
        return hole("shown")

    def drawn(self) -> str:
        return hole("drawn")

    def was(self) -> list[tuple[str, str]]:
        return [
            (f"was-{question}", hole(f"was-{question}")) for question in self.fields
        ]

    @property
    def saved_words(self) -> str:
        return hole("saved")


class HollowRadios(forms.RadioSelect):
    def create_option(self, name: str, value: Any, *args: Any, **kw: Any) -> Any:
        option = super().create_option(name, value, *args, **kw)
        option["attrs"][hole(f"checked-{name}-{value}")] = True
        return option


def section_holes(
    section: SectionDefinition,
    *,
    shown: str,
    drawn: str,
    stored: AnswerMap,
    checked: AnswerMap,
    seconds: Mapping[str, float],
) -> dict[str, str]:
    """What fills the holes of a section.

    `stored`: the answers that the page says are stored. `checked`: question to pressed
    button. `seconds`: question to the time spent on it so far.
    """
    questions = [question.id for question in section.questions]
    stored = {
        question: stored[question] for question in questions if question in stored
    }
    holes = {"shown": shown, "drawn": drawn}
    holes["saved"] = saved_words(len(stored), len(questions))
    for question in questions:
        if question in stored:
            holes[f"was-{question}"] = write_answer(stored[question])
        if question in checked:
            holes[f"checked-{question}-{write_answer(checked[question])}"] = "checked"
        holes[f"seconds-{question}"] = data_seconds(seconds.get(question, 0.0))
    return holes


def saved_words(saved: int, questions: int) -> str:
    return f"{saved} of {questions} answers saved." if saved else ""


class KeyForm(forms.Form):
    key = forms.CharField(
        label="Your key",
        help_text=(
            "20 letters and numbers, such as 7K3M9-Q2RTX-0F5HJ-8WYZ4. Capitals, "
            "spaces, and dashes don’t matter. You can also paste the whole link that "
            "contains your key."
        ),
        max_length=MAX_TYPED_LENGTH,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "key",
            }
        ),
        error_messages={"required": "Enter your key."},
    )
    replace = forms.CharField(required=False, widget=forms.HiddenInput)
    shared_computer = forms.BooleanField(
        label=SHARED_COMPUTER,
        required=False,
    )

    def clean_key(self) -> str:
        key = read_key(self.cleaned_data["key"])
        if key is None:
            raise forms.ValidationError(
                "That key isn’t complete. A key has 20 letters and numbers. Check that "
                "none are missing."
            )
        return key


class DeleteForm(forms.Form):
    sure = forms.BooleanField(
        label="Yes, delete everything for good",
        error_messages={"required": "Check the box if you want everything deleted."},
    )


class ClickForm(forms.Form):
    place = forms.CharField(max_length=62)

    def clean_place(self) -> str:
        place = str(self.cleaned_data["place"])
        if not dashboard.has_call(place):
            raise forms.ValidationError("This page isn’t ours.")
        return place
