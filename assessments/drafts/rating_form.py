"""The form with which a panel rates statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms

from assessments.actions.ratings import MAX_RATING, MIN_RATING
from assessments.answering import SKIP

ENDS = {MIN_RATING: "looks bad", MAX_RATING: "looks good"}


class RatingForm(forms.Form):
    """All statements of a panel. By its `sheet`, a page sent twice counts once."""

    sheet = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, statements: Sequence[str], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        # The browser's own bubbles would hide our summary of errors.
        self.use_required_attribute = False
        numbers = [
            (
                str(number),
                f"{number}, {ENDS[number]}" if number in ENDS else str(number),
            )
            for number in range(MIN_RATING, MAX_RATING + 1)
        ]
        for place, words in enumerate(statements, 1):
            refusal = f"Sentence {place}: choose a number or “Skip this one”."
            self.fields[f"s{place}"] = forms.ChoiceField(
                label=words,
                choices=[*numbers, (SKIP, "Skip this one")],
                widget=forms.RadioSelect,
                error_messages={"required": refusal, "invalid_choice": refusal},
            )

    def numbers(self) -> list[int | None]:
        """The choices of a valid page, in order; None where skipped."""
        chosen = [value for name, value in self.cleaned_data.items() if name != "sheet"]
        return [None if value == SKIP else int(value) for value in chosen]
