"""What staff may ask about pages and their states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from .models import Page, PageVersion

DRAFT = "draft"


class PagesForm(forms.Form):
    """Which pages to publish."""

    page = forms.ModelMultipleChoiceField(Page.objects.all())


class ComparisonForm(forms.Form):
    """Two states of one page: the number of a published one each, or the draft."""

    before = forms.ChoiceField(label="From")
    after = forms.ChoiceField(label="To")

    def __init__(
        self, *args: Any, versions: Iterable[PageVersion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [
            (DRAFT, "The saved draft"),
            *((str(version.number), f"State {version.number}") for version in versions),
        ]
        for field in self.fields.values():
            field.choices = states  # type: ignore[attr-defined]
