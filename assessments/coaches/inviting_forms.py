"""The forms with which a coach invites people by name and writes to them."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.actions.invitation_mail import (
    LINK,
    mail_words,
    unknown_placeholders,
)
from assessments.actions.personal_links import MAX_NAMES, Person
from assessments.coaches.name_list import (
    MAX_LIST,
    Line,
    NotText,
    TooLong,
    decoded,
    read_list,
)
from assessments.models import Invitation
from assessments.typed import NameField
from content.seen import SeenForm

TOO_MANY_PEOPLE = f"Invite at most {MAX_NAMES} people at a time. Split the list in two."


class NamesForm(forms.Form):
    """A list of people, typed or as a file. Its size is checked before it is read."""

    names = forms.CharField(
        label="Who do you want to invite?",
        help_text=(
            "One person per line. Add an email address if you like: "
            "Ada Lovelace <ada@example.org>. You can also paste columns from a "
            "spreadsheet."
        ),
        required=False,
        strip=False,
        max_length=MAX_LIST,
        widget=forms.Textarea(
            attrs={
                "rows": 10,
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
        error_messages={"max_length": TOO_MANY_PEOPLE},
    )
    file = forms.FileField(
        label="Or choose a file",
        help_text="A text or CSV file, such as a spreadsheet saved as CSV.",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["names"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        text = cleaned["names"]
        if file := cleaned["file"]:
            if file.size > MAX_LIST:
                raise _wrong("file", TOO_MANY_PEOPLE)
            try:
                text = decoded(file.read())
            except NotText:
                raise _wrong(
                    "file",
                    "This file isn’t text. Save the spreadsheet as CSV, or paste it.",
                ) from None
        try:
            self.lines: list[Line] = read_list(text)
        except TooLong:
            raise _wrong("file" if file else "names", TOO_MANY_PEOPLE) from None
        if not self.lines:
            raise _wrong("names", "Type or paste a name, or choose a file.")
        return cleaned

    @property
    def people(self) -> list[Person]:
        return [line.person for line in self.lines if line.person]

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.person is None]


def _wrong(field: str, why: str) -> forms.ValidationError:
    return forms.ValidationError({field: why})


class MailForm(SeenForm):
    subject = NameField(
        label="Subject",
        max_length=120,
        error_messages={
            "required": "Write a subject.",
            "max_length": "Use at most 120 characters.",
        },
    )
    text = forms.CharField(
        label="Text",
        help_text=(
            "Write {name} where the name goes, and {link} where the personal link goes."
        ),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={
            "required": "Write a message.",
            "max_length": "Use at most 5,000 characters.",
        },
    )
    changed_by = "you, in another window"

    @classmethod
    def of(cls, invitation: Invitation, data: Any = None) -> MailForm:
        subject, text = mail_words(invitation)
        return cls(data, initial={"subject": subject, "text": text})

    def clean_subject(self) -> str:
        return self._known("subject")

    def clean_text(self) -> str:
        text = self._known("text").replace("\r\n", "\n")
        if LINK not in text:
            raise forms.ValidationError(
                "Put {link} where the personal link goes. Without it, people can’t "
                "join."
            )
        return text

    def _known(self, field: str) -> str:
        text: str = self.cleaned_data[field]
        if unknown := unknown_placeholders(text):
            raise forms.ValidationError(
                f"Remove {unknown[0]}. You can use only {{name}} and {{link}}."
            )
        return text
