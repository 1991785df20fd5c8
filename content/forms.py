"""What staff may ask about pages and their states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from .models import Page, PageVersion, SavedDraft, WordsVersion
from .moments import moment_words

DRAFT = "draft"


def saved_draft_words(draft: SavedDraft) -> str:
    moment = moment_words(draft.saved_at)
    return f"Draft of {moment}" + (f", {draft.saved_by}" if draft.saved_by else "")


class PagesForm(forms.Form):
    """Which pages to publish."""

    page = forms.ModelMultipleChoiceField(
        Page.objects.select_related("review_request__asked_by")
    )


class ComparisonForm(forms.Form):
    """Two states of a page or the words: the number of a published one, or the draft.

    A draft that was saved before is named by its key, such as `saved-7`.
    """

    before = forms.ChoiceField(label="From")
    after = forms.ChoiceField(label="To")

    def __init__(
        self,
        *args: Any,
        versions: Iterable[PageVersion | WordsVersion],
        drafts: Iterable[SavedDraft],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [
            (DRAFT, "The saved draft"),
            *((str(version.number), f"State {version.number}") for version in versions),
            *((f"saved-{draft.pk}", saved_draft_words(draft)) for draft in drafts),
        ]
        for field in self.fields.values():
            field.choices = states  # type: ignore[attr-defined]
