"""The forms that make share links: one for owners, and its base for coaches."""

from __future__ import annotations

import re
import unicodedata

from django import forms

from assessments.models import Scope

MAX_NAME_ON_LINK = 60
TOO_LONG = f"Use no more than {MAX_NAME_ON_LINK} characters."
# Controls, format and direction marks, unassigned and private characters, separators.
UNSEEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Characters that Unicode counts among the letters and symbols, and that show nothing.
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
# Marks that change nothing to see: joiners and variation selectors.
BLANK_MARKS = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f]")
# More accents on one letter than any language has draw over the text around it.
MAX_MARKS = 3


def visible_name(text: str) -> str:
    """A name as one line of visible characters; empty where nothing can be seen.

    A name stands on a page that others read. So it may not turn the direction of the
    text around it, and two names that look the same are the same.
    """
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    kept = "".join(
        character
        for character in spaced
        if unicodedata.category(character) not in UNSEEN_CATEGORIES
        and character not in BLANK_LETTERS
    )
    kept = _few_marks(BLANK_MARKS.sub("", kept))
    # An accent without a letter under it cannot be read.
    readable = any(unicodedata.category(character)[0] in "LNPS" for character in kept)
    return " ".join(kept.split()) if readable else ""


def _few_marks(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


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
    label = forms.CharField(
        label="Who is it for? (optional)",
        help_text="Only you see this. It helps you find the link again.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )


class NamedShareForm(ShareForm):
    """An owner's link, on which the owner may write a name."""

    name = forms.CharField(
        label="Your name (optional)",
        help_text="Everyone who opens the link sees it.",
        required=False,
        # As typed: the line below holds the name that is left of it to its length.
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "given-name", "maxlength": MAX_NAME_ON_LINK}
        ),
        error_messages={"max_length": TOO_LONG},
    )
    field_order = ("scope", "days", "name", "label")

    def clean_name(self) -> str:
        name = visible_name(self.cleaned_data["name"])
        if len(name) > MAX_NAME_ON_LINK:
            raise forms.ValidationError(TOO_LONG)
        return name
