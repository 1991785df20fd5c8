"""What a visitor may send, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from django import forms
from django.core import signing
from django.utils import timezone

from assessments.answering import (
    Answers,
    QuestionField,
    answer_words,
    read_answer,
    write_answer,
)
from assessments.engine import SectionDefinition
from assessments.keys import read_key
from assessments.models import Attempt
from assessments.queries import dashboard

SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


class SectionForm(forms.Form):
    """One section. It carries the answers it was rendered with (`was-…`) and the signed time of rendering (`shown`). The page's
    script adds the seconds spent on each question (`time-…`): only statistics use them, so one that makes no sense is passed over."""

    PLAIN = frozenset({"csrfmiddlewaretoken", "shown", "action"})

    def __init__(
        self,
        section: SectionDefinition,
        *,
        first_number: int,
        attempt: Attempt,
        data: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.section, self.attempt, self.first_number = section, attempt, first_number
        self.use_required_attribute = (
            False  # the browser's own bubbles would hide our summary
        )
        for number, question in enumerate(section.questions, first_number):
            self.fields[question.id] = QuestionField(question, section, number)
        self.hold(attempt.answers)
        self.seen: Answers = {}
        self.chosen: Answers = {}
        self.shown_at: datetime | None = None
        self.timings: dict[str, float] = {}
        self.tampered = data is not None and not self._read(data)
        for name, field in self.fields.items():
            field.seconds = max(  # type: ignore[attr-defined]
                self.timings.get(name, 0.0), attempt.timings.get(name, 0.0)
            )

    def hold(self, stored: Answers, *, show: Answers | None = None) -> None:
        """Take `stored` as what the page is drawn on top of; check the radios of `show`, or of what is stored."""
        self.stored = {
            question: stored[question] for question in self.fields if question in stored
        }
        show = self.stored if show is None else show
        self.initial = {
            question: write_answer(answer) for question, answer in show.items()
        }

    def ask_again(self, contested: Answers) -> None:
        """Draw the form with an error at each question that is unanswered, or that another window answered differently."""
        # What is stored, not what was posted: an answer left alone here may have been changed in another window, and the next press must keep it.
        kept_here = {
            question: write_answer(answer) for question, answer in self.stored.items()
        }
        self.data = {
            question: answer
            for question, answer in {**self.data, **kept_here}.items()
            if question not in contested
        }
        for number, question in enumerate(self.fields, self.first_number):
            if question not in contested:
                continue
            here, there = (
                answer_words(self.section, answer)
                for answer in (self.chosen[question], contested[question])
            )
            self.fields[question].error_messages["required"] = (
                f"Question {number}: you chose “{here}” here, but “{there}” in another window, and that one is saved. Choose the one you mean."
            )
        self.full_clean()

    def _read(self, data: Mapping[str, str]) -> bool:
        """Take answers and time from the post; False if anything in it cannot have come from our page."""
        allowed = (
            self.PLAIN
            | self.fields.keys()
            | {f"was-{question}" for question in self.fields}
        )
        if not {name for name in data if not name.startswith("time-")} <= allowed:
            return False
        times = {question: data.get(f"time-{question}", "") for question in self.fields}
        self.timings = {
            question: float(seconds)
            for question, seconds in times.items()
            if SECONDS.fullmatch(seconds)
        }
        try:
            for question in self.section.questions:
                if was := data.get(f"was-{question.id}", ""):
                    self.seen[question.id] = read_answer(was, question)
                if answer := data.get(question.id, ""):
                    self.chosen[question.id] = read_answer(answer, question)
            attempt, moment = signing.loads(data.get("shown", ""), salt="section")
            self.shown_at = datetime.fromtimestamp(moment / 1000, tz=UTC)
        except (ValueError, TypeError, signing.BadSignature):
            return False
        return bool(attempt == self.attempt.pk)

    def shown(self) -> str:
        """The signed moment of drawing, for the hidden field."""
        return signing.dumps(
            [self.attempt.pk, int(timezone.now().timestamp() * 1000)], salt="section"
        )

    def was(self) -> list[tuple[str, str]]:
        """What is stored while the page is drawn, for the hidden fields."""
        return [
            (
                f"was-{question}",
                write_answer(self.stored[question]) if question in self.stored else "",
            )
            for question in self.fields
        ]


class KeyForm(forms.Form):
    key = forms.CharField(
        label="Your key",
        help_text="20 letters and numbers, such as 7K3M9-Q2RTX-0F5HJ-8WYZ4. Capitals, spaces and dashes do not matter.",
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "key",
            }
        ),
        error_messages={"required": "Type your key first."},
    )
    replace = forms.CharField(required=False, widget=forms.HiddenInput)
    shared_computer = forms.BooleanField(
        label="This is a shared computer: forget me when the browser closes",
        required=False,
    )

    def clean_key(self) -> str:
        key = read_key(self.cleaned_data["key"])
        if key is None:
            raise forms.ValidationError(
                "A key has 20 letters and numbers. Compare yours once more; none may be missing."
            )
        return key


class DeleteForm(forms.Form):
    sure = forms.BooleanField(
        label="Yes, delete all of it for good",
        error_messages={
            "required": "Tick the box if you really want everything deleted."
        },
    )


class ClickForm(forms.Form):
    place = forms.CharField(max_length=62)

    def clean_place(self) -> str:
        place = str(self.cleaned_data["place"])
        if not dashboard.has_call(place):
            raise forms.ValidationError("No page of ours.")
        return place
