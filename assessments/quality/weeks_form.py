"""Which weeks the quality pages show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from assessments.engine.sums import WEEK, week_of
from assessments.queries.sums import whole_weeks

SHOWN = 26  # weeks, unless somebody asks for others


class WeeksForm(forms.Form):
    """Whole weeks: two pages that differ by a day would tell what the people of that day answered. A day stands for its week.
    What is left out is the last half year."""

    since = forms.DateField(
        label="From the week of", widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label="To the week of", widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, data: Mapping[str, str], *, today: date) -> None:
        usual = {
            "since": (week_of(today) - (SHOWN - 1) * WEEK).isoformat(),
            "until": today.isoformat(),
        }
        self.today = today
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "The last week must not come before the first.")
        elif since and until:
            cleaned["since"], cleaned["until"] = whole_weeks(
                min(since, self.today), min(until, self.today)
            )
        return cleaned
