"""The forms about people: which to list, and what the coach calls one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms

from assessments.models import Client
from assessments.queries.people import (
    PeopleFilter,
    PersonStage,
    search_words,
)
from assessments.typed import NameField, isolated
from content.seen import SeenForm


class PeopleForm(forms.Form):
    """Which people to list. It ignores an invalid value."""

    name = NameField(
        label="Search by name or tag",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    group = forms.TypedChoiceField(
        label="Group", coerce=int, empty_value=None, required=False
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "Any"),
            *((stage.value, stage.capitalize()) for stage in PersonStage),
        ],
        required=False,
    )
    archived = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, groups: list[tuple[int, str]]) -> None:
        """`groups`: the keys and labels of all of the coach's invitations."""
        super().__init__(data)
        group: Any = self.fields["group"]
        group.choices = [
            ("", "Everyone"),
            *((pk, isolated(label)) for pk, label in groups),
        ]
        self.is_valid()

    @property
    def wanted(self) -> PeopleFilter:
        return PeopleFilter(
            words=search_words(self.cleaned_data.get("name", "")),
            group=self.cleaned_data.get("group") or 0,
            stage=self.cleaned_data.get("status", ""),
            archived=self.cleaned_data.get("archived", False),
        )

    def query(self, **changed: object) -> str:
        """What was chosen, for links; `changed` replaces a part, "" leaves it out."""
        chosen = {
            name: self.cleaned_data.get(name)
            for name in ("name", "group", "status", "archived")
        } | changed
        return urlencode(
            {
                name: "on" if value is True else value
                for name, value in chosen.items()
                if value
            }
        )


class PrivateWordsForm(SeenForm, forms.Form):
    """What the coach calls somebody. Clients never see it."""

    changed_by = "you, in another window"

    private_name = NameField(
        label="Private name",
        help_text="Shown in your workspace in place of the name your client wrote.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Use at most 60 characters."},
    )
    tag = NameField(
        label="Tag",
        help_text="One or two words to search by, such as “second round.”",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Use at most 40 characters."},
    )

    @classmethod
    def of(cls, client: Client, data: Any = None) -> PrivateWordsForm:
        initial = {"private_name": client.private_name, "tag": client.tag}
        return cls(data, initial=initial)
