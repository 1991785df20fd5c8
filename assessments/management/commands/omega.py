from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from assessments.engine.omega import omega, product_sums
from assessments.engine.scales import form_scales
from assessments.engine.statistics import MIN_FOR_ERROR_VARIANCE
from assessments.models import Form
from assessments.queries.answers import attentive_answers
from assessments.queries.versions import all_versions, questionnaire_of


class Command(BaseCommand):
    help = "Say how reliable the sum of the trade-offs is under one common factor (omega), by version and form. Reads every result: run it once a month."

    def handle(self, *args: Any, **options: Any) -> None:
        for version in all_versions():
            for form in Form:
                scale = form_scales(questionnaire_of(version), form).trade_offs
                found = product_sums(
                    scale, map(json.loads, attentive_answers(version, form))
                )
                if found.n >= MIN_FOR_ERROR_VARIANCE:
                    value = omega(found)
                    told = (
                        "cannot be told: no single factor fits"
                        if value is None
                        else f"{value:.3f}"
                    )
                    self.stdout.write(
                        f"Version {version.number}, {form.label.lower()}: omega {told}, from {found.n:,} people."
                    )
