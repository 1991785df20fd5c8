from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from assessments.actions.drafts import draft_from
from assessments.actions.versions import publish
from assessments.defaults import default_questionnaire
from assessments.models import Questionnaire, Version


class Command(BaseCommand):
    help = (
        "Load and publish the default questionnaire on a site that has no version and "
        "no draft yet."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            if Version.objects.exists() or Questionnaire.objects.exists():
                return
            default = default_questionnaire()
            version = publish(
                draft_from(default, name=default.name, one_idea=True), by=None
            )
        self.stdout.write(
            f"Published the default questionnaire as version {version.number}."
        )
