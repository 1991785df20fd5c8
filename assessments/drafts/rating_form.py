"""The form with which a panel rates statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.actions.ratings import MAX_RATING, MIN_RATING
from assessments.answering import SKIP

ENDS = {MIN_RATING: "looks bad", MAX_RATING: "looks good"}


class RatingForm(forms.Form):
    """All statements of a panel.

    `knows_browser`: whether the browser sent the signed number that counts it once.
    """

    def __init__(
        self,
        statements: Sequence[str],
        data: Mapping[str, Any] | None = None,
        *,
        knows_browser: bool = True,
    ) -> None:
        super().__init__(data)
        self.knows_browser = knows_browser
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

    def clean(self) -> None:
        if not self.knows_browser:
            raise ValidationError(
                "Your ratings aren’t saved yet: your browser didn’t send the number "
                "that we use to count it once. Your choices are still here. Send them "
                "again. If you see this again, allow cookies for this site first."
            )

    def numbers(self) -> list[int | None]:
        """The choices of a valid page, in order; None where skipped."""
        return [
            None if value == SKIP else int(value)
            for value in self.cleaned_data.values()
        ]
