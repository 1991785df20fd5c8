"""The form for the weeks that a quality page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from assessments.engine.sums import WEEK, week_of
from assessments.queries.sums import whole_weeks

DEFAULT_WEEKS = 26


class WeeksForm(forms.Form):
    """Whole weeks; a day stands for its week. The default is the last half year.

    Two pages that differ by one day would reveal what the people of that day answered.
    """

    since = forms.DateField(
        label="From the week of", widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label="To the week of", widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, data: Mapping[str, str], *, today: date) -> None:
        defaults = {
            "since": (week_of(today) - (DEFAULT_WEEKS - 1) * WEEK).isoformat(),
            "until": today.isoformat(),
        }
        self.today = today
        super().__init__(
            defaults | {name: data[name] for name in defaults if data.get(name)}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "Choose a last week that isn’t before the first.")
        elif since and until:
            cleaned["since"], cleaned["until"] = whole_weeks(
                min(since, self.today), min(until, self.today)
            )
        return cleaned
