"""The forms that make share links: one for owners, and its base for coaches."""

from __future__ import annotations

from django import forms

from assessments.models import Scope
from assessments.typed import NameField

MAX_NAME_ON_LINK = 60
TOO_LONG = f"Use no more than {MAX_NAME_ON_LINK} characters."


class ShareForm(forms.Form):
    scope = forms.ChoiceField(
        label="What should they see?",
        choices=Scope,
        initial=Scope.SUMMARY,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what they should see.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    days = forms.TypedChoiceField(
        label="How long should the link work?",
        coerce=int,
        choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "1 year")],
        initial=30,
        help_text="It also ends when the result is deleted.",
        error_messages={
            "required": "Choose how long the link should work.",
            "invalid_choice": "Choose one of the times listed.",
        },
    )
    label = NameField(
        label="Who is it for? (optional)",
        help_text="Only you see this. It helps you find the link again.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )


class NamedShareForm(ShareForm):
    """An owner's link, on which the owner may write a name."""

    name = NameField(
        label="Your name (optional)",
        help_text="Everyone who opens the link sees it.",
        required=False,
        max_length=MAX_NAME_ON_LINK,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": TOO_LONG},
    )
    field_order = ("scope", "days", "name", "label")
