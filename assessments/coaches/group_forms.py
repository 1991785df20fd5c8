"""The forms about groups, and the one that asks for a workspace."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from assessments.actions.coaches import MAX_EMAIL_LENGTH
from assessments.engine.outcomes import IN_SCALE_ORDER
from assessments.keys import new_code, read_code
from assessments.models import Form, Invitation, Scope
from assessments.queries.clients import Progress
from assessments.results.outcome_words import short_words
from assessments.typed import AddressField, NameField
from assessments.web import WholeNumberField

SORTS = {
    "newest": "Newest first",
    "name": "By name",
    "project": "Project first",
    "product": "Product first",
}
PROGRESS = {
    Progress.STARTED: "Started",
    Progress.FINISHED: "Finished, no result to see",
    Progress.SHARED: "Finished, result to see",
}


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class AskForm(forms.Form):
    name = NameField(
        label="Your name",
        help_text="The people you invite will see it.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Enter your name.",
            "max_length": "Use at most 80 characters.",
        },
    )
    email = AddressField(
        label="Your email address",
        max_length=MAX_EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Write the address like name@example.org.",
            "max_length": (f"Use an address of at most {MAX_EMAIL_LENGTH} characters."),
        },
    )
    works_with = forms.CharField(
        label="Who do you work with?",
        help_text=("One or two sentences, such as “Seniors at a technical college.”"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Write a sentence about who you work with.",
            "max_length": "Use at most 300 characters.",
        },
    )


# The day after the last day of all is no date.
MAX_DAY = date(2999, 12, 31)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write the date like 2027-03-31."},
            validators=[
                MaxValueValidator(MAX_DAY, "Choose a date before the year 3000.")
            ],
            **kwargs,
        )

    def strptime(self, value: str, format: str) -> date:
        if not value.isascii():  # Python reads digits of other scripts
            raise ValueError("no date")
        return super().strptime(value, format)  # type: ignore[no-any-return]


class _TermsForm(forms.Form):
    """The terms that a coach may change later."""

    label = NameField(
        label="What is it for?",
        help_text=(
            "A title such as “Spring course,” or a first name. The people you invite "
            "see it, too."
        ),
        max_length=80,
        error_messages={
            "required": (
                "Write a few words, so that you and your clients know what it’s for."
            ),
            "max_length": "Use at most 80 characters.",
        },
    )
    places = WholeNumberField(
        label="How many people may join?",
        help_text="Enter 1 for one person. Leave it empty for no limit.",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": "Enter a whole number.",
            "min_value": "Leave room for at least one person.",
            "max_value": "Enter at most 100,000, or leave it empty.",
        },
    )
    last_day = DayField(
        label="What is the last day to join?",
        help_text=(
            "Leave it empty for no last day. You can close the invitation at any time."
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
        label="Which questions should they answer?",
        choices=[
            (Form.FULL, "Full: about five minutes, and it scores each strength"),
            (Form.SHORT, "Short: two to three minutes, for a first result"),
        ],
        initial=Form.FULL,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the full or the short form.",
            "invalid_choice": "Choose the full or the short form.",
        },
    )
    scope = forms.ChoiceField(
        label="What do you want to see?",
        help_text="Ask for what you need. Clients read this before they agree.",
        choices=[
            (Scope.SUMMARY, "The summary: where they lean, and how sure that is"),
            (
                Scope.STRENGTHS,
                "With strengths: also each strength, and what they do and want",
            ),
            (
                Scope.ANSWERS,
                "With every answer: the full result, and a guide for your conversation",
            ),
        ],
        initial=Scope.ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you want to see.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    onward = forms.BooleanField(
        label="I want to make share links to their results",
        help_text="For a colleague, for example. Clients see each link and can end it.",
        required=False,
    )
    held_until = DayField(
        label="When should clients see their own result?",
        help_text=(
            "To talk first, choose a date at most 30 days from now. Clients can still "
            "open it earlier. Leave it empty to show results right away."
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

    sort = forms.ChoiceField(
        label="Sort by", choices=list(SORTS.items()), required=False
    )
    status = forms.ChoiceField(
        label="Status", choices=[("", "All clients"), *PROGRESS.items()], required=False
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[
            ("", "All"),
            *((outcome.value, short_words(outcome)) for outcome in IN_SCALE_ORDER),
        ],
        required=False,
    )
    page = WholeNumberField(
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
