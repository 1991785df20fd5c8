"""The forms about groups, and the one that asks for a workspace."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from assessments.actions.coaches import MAX_EMAIL_LENGTH
from assessments.engine.outcomes import IN_SCALE_ORDER
from assessments.keys import new_code, read_code
from assessments.models import Form, Invitation, Scope
from assessments.queries.clients import Progress
from assessments.results.outcome_words import short_words

SORTS = {
    "newest": "Newest first",
    "name": "By name",
    "project": "Project end first",
    "product": "Product end first",
}
PROGRESS = {
    Progress.STARTED: "Started",
    Progress.FINISHED: "Finished, nothing to see",
    Progress.SHARED: "Result to see",
}


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class AskForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        help_text="As the people whom you invite will see it.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Tell us your name.",
            "max_length": "Use no more than 80 characters.",
        },
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=MAX_EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Tell us your e-mail address.",
            "invalid": "Write the address like name@example.org.",
            "max_length": (
                f"Use an address of no more than {MAX_EMAIL_LENGTH} characters."
            ),
        },
    )
    works_with = forms.CharField(
        label="Who do you work with?",
        help_text=(
            "One or two sentences, such as “Students in their last year at a technical "
            "college”."
        ),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Tell us in a sentence who you work with.",
            "max_length": "Use no more than 300 characters.",
        },
    )


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write the day like 2027-03-31."},
            **kwargs,
        )


class _TermsForm(forms.Form):
    """The terms that a coach may change later."""

    label = forms.CharField(
        label="What is it for?",
        help_text=(
            "Such as “Spring course” or a first name. The people whom you invite see "
            "it, too."
        ),
        max_length=80,
        error_messages={
            "required": (
                "Give it a few words, so that you and they know what it is for."
            ),
            "max_length": "Use no more than 80 characters.",
        },
    )
    places = forms.IntegerField(
        label="How many people may join?",
        help_text="1 for one person. Leave it empty for no limit.",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": "Write a whole number.",
            "min_value": "There must be room for one person at least.",
        },
    )
    last_day = DayField(
        label="Last day on which people can join",
        help_text=(
            "Leave it empty for no last day. You can close it by hand at any time."
        ),
    )

    # The action names columns, the coach filled in fields.
    FIELD_OF_COLUMN = {"max_uses": "places", "expires_at": "last_day"}

    def refuse(self, column: str, why: str) -> None:
        self.add_error(self.FIELD_OF_COLUMN.get(column, column), why)

    def changes(self) -> dict[str, Any]:
        """The cleaned data for the actions. A last day ends at the next midnight."""
        last = self.cleaned_data["last_day"]
        return {
            "label": self.cleaned_data["label"],
            "max_uses": self.cleaned_data["places"],
            "expires_at": start_of(last + timedelta(days=1)) if last else None,
        }


class InvitationForm(_TermsForm):
    form = forms.ChoiceField(
        label="Which form?",
        choices=[
            (Form.FULL, "Full: about five minutes. Scores every strength as well."),
            (Form.SHORT, "Short: two to three minutes. A first reading."),
        ],
        initial=Form.FULL,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a form.",
            "invalid_choice": "Choose one of the two.",
        },
    )
    scope = forms.ChoiceField(
        label="What would you like to see?",
        help_text="Ask for what you need. They read this before they agree.",
        choices=[
            (Scope.SUMMARY, "The summary: where they lean, how sure that is"),
            (
                Scope.STRENGTHS,
                "With strengths: each strength, doing and wanting as well",
            ),
            (
                Scope.ANSWERS,
                "With every answer: the whole result, and with it your conversation "
                "guide",
            ),
        ],
        initial=Scope.ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you would like to see.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    onward = forms.BooleanField(
        label="I would like to make share links of their results",
        help_text="For a colleague, say. They see each link and can end it.",
        required=False,
    )
    held_until = DayField(
        label="Keep their results for our talk, until",
        help_text=(
            "They see their own result from this day on, 30 days from now at most, or "
            "earlier if they choose to. Leave it empty and they see it at once."
        ),
    )

    code = forms.CharField(required=False, initial=new_code, widget=forms.HiddenInput)

    field_order = [
        "label",
        "places",
        "form",
        "scope",
        "held_until",
        "onward",
        "last_day",
    ]

    def clean_code(self) -> str:
        return read_code(self.cleaned_data["code"]) or new_code()

    def terms(self) -> dict[str, Any]:
        held_until = self.cleaned_data["held_until"]
        return self.changes() | {
            "code": self.cleaned_data["code"],
            "form": self.cleaned_data["form"],
            "scope": self.cleaned_data["scope"],
            "onward": self.cleaned_data["onward"],
            "held_until": start_of(held_until) if held_until else None,
        }


class ChangeForm(_TermsForm):
    @classmethod
    def of(cls, invitation: Invitation, data: Any = None) -> ChangeForm:
        last = (
            timezone.localtime(invitation.expires_at).date() - timedelta(days=1)
            if invitation.expires_at
            else None
        )
        return cls(
            data,
            initial={
                "label": invitation.label,
                "places": invitation.max_uses,
                "last_day": last,
            },
        )


class TableForm(forms.Form):
    """The order and the filters of a group's table. It ignores an invalid value."""

    sort = forms.ChoiceField(label="Order", choices=list(SORTS.items()), required=False)
    status = forms.ChoiceField(
        label="How far", choices=[("", "Everybody"), *PROGRESS.items()], required=False
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[
            ("", "All"),
            *((outcome.value, short_words(outcome)) for outcome in IN_SCALE_ORDER),
        ],
        required=False,
    )
    page = forms.IntegerField(
        min_value=1, max_value=1_000_000, required=False, widget=forms.HiddenInput
    )

    def options(self) -> dict[str, Any]:
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "sort": cleaned.get("sort") or "newest",
            "status": cleaned.get("status", ""),
            "outcome": cleaned.get("outcome", ""),
            "page": cleaned.get("page") or 1,
        }
