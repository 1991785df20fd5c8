"""The forms about groups, and the one that asks for a workspace."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from assessments.actions.coaches import MAX_EMAIL_LENGTH
from assessments.engine.outcomes import IN_SCALE_ORDER
from assessments.keys import new_code
from assessments.models import Form, Invitation, Scope
from assessments.queries.people import PersonStage
from assessments.results.outcome_words import short_words
from assessments.typed import AddressField, NameField
from assessments.web import WholeNumberField
from assessments.zones import SkippedHour, at_hour, end_of, zone_words
from content.seen import SeenForm

SORTS = {
    "newest": "Newest first",
    "name": "By name",
    "project": "Project first",
    "product": "Product first",
}
# Who is invited by name, and has not joined, is no client in the table yet.
STAGES = [
    (stage.value, stage.capitalize())
    for stage in PersonStage
    if stage is not PersonStage.INVITED
]


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
MIN_DAY, MAX_DAY = date(2000, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write the date like 2027-03-31."},
            validators=[
                MinValueValidator(MIN_DAY, "Choose a date in the future."),
                MaxValueValidator(MAX_DAY, "Choose a date before the year 3000."),
            ],
            **kwargs,
        )

    def strptime(self, value: str, format: str) -> date:
        if not value.isascii():  # Python reads digits of other scripts
            raise ValueError("no date")
        return super().strptime(value, format)  # type: ignore[no-any-return]


class HourField(forms.TimeField):
    """A time of day that browsers offer with a clock; typed as 14:30 or 2:30 pm."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"],
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"invalid": "Write the time like 2:30 pm or 14:30."},
            **kwargs,
        )

    def strptime(self, value: str, format: str) -> time:
        if not value.isascii():
            raise ValueError("no time")
        return super().strptime(value.replace(".", ""), format)  # type: ignore[no-any-return]


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
            "People can join until the end of that day. Leave it empty for no last "
            "day. You can close the invitation at any time."
        ),
    )

    # The action names columns, the coach filled in fields.
    FIELD_OF_COLUMN = {"max_uses": "places", "expires_at": "last_day"}

    def refuse(self, column: str, why: str) -> None:
        self.add_error(self.FIELD_OF_COLUMN.get(column, column), why)

    def changes(self) -> dict[str, Any]:
        """The cleaned data for the actions. A last day ends at the next midnight."""
        last, zone = self.cleaned_data["last_day"], timezone.get_current_timezone()
        return {
            "label": self.cleaned_data["label"],
            "max_uses": self.cleaned_data["places"],
            "expires_at": end_of(last, zone) if last else None,
        }


CODE_SALT = "code of a new invitation"


def signed_code(code: str) -> str:
    """A join code as the form of a new invitation carries it."""
    return Signer(salt=CODE_SALT).sign(code)


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
            "To talk first, choose the day of your conversation, at most 30 days "
            "from now. Clients can still open or download their result earlier, and "
            "you’ll see if they do. Leave this empty to show results right away."
        ),
    )
    held_hour = HourField(label="At what time that day?")

    code = forms.CharField(
        required=False,
        initial=lambda: signed_code(new_code()),
        widget=forms.HiddenInput,
    )

    field_order = [
        "label",
        "places",
        "form",
        "scope",
        "held_until",
        "held_hour",
        "onward",
        "last_day",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_hour"].help_text = format_html(
            "When your conversation ends, such as 2:30 pm. Your time zone is set to "
            '{}. <a href="{}">Change it in your settings</a>',
            zone_words(timezone.get_current_timezone()),
            reverse("coach_settings"),
        )

    def clean(self) -> dict[str, Any]:
        """Make one moment of day and hour: `held_until`, None for no hold."""
        cleaned = super().clean() or {}
        day, hour = cleaned.get("held_until"), cleaned.get("held_hour")
        if day and hour:
            try:
                cleaned["held_until"] = at_hour(
                    day, hour, timezone.get_current_timezone()
                )
            except SkippedHour:
                self.add_error(
                    "held_hour",
                    "Clocks skip that time on that day. Choose a time an hour later.",
                )
        elif day and "held_hour" not in self.errors:
            self.add_error("held_hour", "Choose a time for that day, such as 2:30 pm.")
        elif hour and "held_until" not in self.errors:
            self.add_error(
                "held_until", "Choose a day for that time, or leave both empty."
            )
        return cleaned

    def clean_code(self) -> str:
        """Only a code that this site has made: nobody chooses or tries codes here."""
        try:
            return Signer(salt=CODE_SALT).unsign(self.cleaned_data["code"])
        except BadSignature:
            return new_code()

    def terms(self) -> dict[str, Any]:
        return self.changes() | {
            "code": self.cleaned_data["code"],
            "form": self.cleaned_data["form"],
            "scope": self.cleaned_data["scope"],
            "onward": self.cleaned_data["onward"],
            "held_until": self.cleaned_data["held_until"],
        }


class ChangeForm(SeenForm, _TermsForm):
    changed_by = "you, in another window"

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        self.invitation = invitation
        super().__init__(
            data,
            initial={
                "label": invitation.label,
                "places": invitation.max_uses,
                "last_day": invitation.last_day,
            },
        )

    def changes(self) -> dict[str, Any]:
        """Who leaves the last day alone keeps its end to the minute.

        It may have been set in another time zone.
        """
        changes, kept = super().changes(), self.invitation
        if self.cleaned_data["last_day"] == kept.last_day:
            changes["expires_at"] = kept.expires_at
        return changes


class TableForm(forms.Form):
    """The order and the filters of a group's table. It ignores an invalid value."""

    sort = forms.ChoiceField(
        label="Sort by", choices=list(SORTS.items()), required=False
    )
    status = forms.ChoiceField(
        label="Status", choices=[("", "All clients"), *STAGES], required=False
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[
            ("", "All"),
            *((outcome.value, short_words(outcome)) for outcome in IN_SCALE_ORDER),
        ],
        required=False,
    )

    def options(self) -> dict[str, Any]:
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "sort": cleaned.get("sort") or "newest",
            "status": cleaned.get("status", ""),
            "outcome": cleaned.get("outcome", ""),
        }
