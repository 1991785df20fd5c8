"""Which days the quality pages show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django import forms

DAYS = 365  # shown unless somebody asks for others


class DaysForm(forms.Form):
    """Both days are included. What is left out is the last 365 days."""

    since = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Mapping[str, str], *, today: date) -> None:
        usual = {"since": (today - timedelta(days=DAYS - 1)).isoformat(), "until": today.isoformat()}
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})

    def clean(self) -> None:
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", "The last day must not come before the first.")
