"""The forms about clients: notes, next steps, onward links, two results to compare."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from assessments.coaches.group_forms import DayField
from assessments.models import Participation, Scope
from assessments.queries.people import Names
from assessments.results.share_form import ShareForm
from assessments.typed import isolated
from content.seen import SeenForm

# How far ahead the day of a next step may be.
MAX_AHEAD = timedelta(days=730)


class NotesForm(SeenForm, forms.Form):
    saves_itself = True
    changed_by = "you, in another window"

    notes = forms.CharField(
        label="Your notes",
        help_text=(
            "Only you can read them. Your client can see that you have notes, but not "
            "what they say. If your client stops sharing, we delete them."
        ),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"max_length": "Use at most 10,000 characters."},
    )


class StepForm(forms.Form):
    text = forms.CharField(
        label="A step",
        help_text=(
            "Something for this week, such as “Ask two people what they do all day.”"
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write a step first.",
            "max_length": "Use at most 200 characters.",
        },
    )
    due_on = DayField(
        label="Due date", help_text="Leave it empty if there’s no due date."
    )

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if day is not None and not today <= day <= today + MAX_AHEAD:
            raise forms.ValidationError(
                "Choose today or a later day, within two years."
            )
        return day


class OnwardForm(ShareForm):
    """A coach's share link. It offers no scope wider than the client agreed to."""

    def __init__(
        self,
        data: Any = None,
        *,
        grant: Participation,
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        widest = Scope.values.index(grant.scope)
        self.fields["label"].help_text = "You and your client see this."
        scope: Any = self.fields["scope"]
        scope.choices = Scope.choices[: widest + 1]
        scope.error_messages["invalid_choice"] = "Choose one from the list."


def _finished(grant: Participation) -> datetime:
    return timezone.localtime(grant.attempt.result.finished_at)


def _name_and_day(grant: Participation, names: Names) -> str:
    return f"{names.of(grant)}, {_finished(grant):%B %-d, %Y}"


class PairForm(forms.Form):
    """Two results of the coach's clients."""

    one = forms.TypedChoiceField(label="First result", coerce=int)
    two = forms.TypedChoiceField(label="Second result", coerce=int)

    def __init__(
        self,
        data: Any = None,
        *,
        grants: list[Participation],
        names: Names,
        initial: dict[str, int],
    ) -> None:
        super().__init__(data, initial=initial)
        words = {grant.pk: _name_and_day(grant, names) for grant in grants}
        # One person may have finished twice on one day.
        alike = Counter(words.values())
        groups: dict[str, list[tuple[int, str]]] = {}
        for grant in grants:
            text = words[grant.pk]
            if alike[text] > 1:
                text += f", {_finished(grant):%H:%M:%S}"
            groups.setdefault(isolated(grant.invitation.label), []).append(
                (grant.pk, text)
            )
        choices = [("", "Choose a result"), *groups.items()]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]
            field.error_messages["required"] = "Choose two results."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("one") is not None and cleaned["one"] == cleaned.get("two"):
            raise forms.ValidationError("Choose two different results.")
        return cleaned
