"""The form that makes a share link, for owners and for coaches."""

from __future__ import annotations

from django import forms

from assessments.models import Scope


class ShareForm(forms.Form):
    label = forms.CharField(
        label="Who is it for?",
        help_text="Only you see this. It helps you to find the link again.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Use no more than 60 characters for the label."},
    )
    scope = forms.ChoiceField(
        label="How much may they see?",
        choices=Scope,
        initial=Scope.SUMMARY,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how much they may see.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    days = forms.TypedChoiceField(
        label="How long shall it work?",
        coerce=int,
        choices=[
            (7, "7 days"),
            (30, "30 days"),
            (90, "90 days"),
            (365, "a year, if the result is kept that long"),
        ],
        initial=30,
        error_messages={
            "required": "Choose how long the link shall work.",
            "invalid_choice": "Choose one of the times listed.",
        },
    )
