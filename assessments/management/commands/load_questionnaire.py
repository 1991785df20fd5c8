from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from assessments.actions.drafts import draft_from, offer_default
from assessments.actions.versions import publish
from assessments.defaults import default_questionnaire
from assessments.engine import DefinitionError
from assessments.models import Questionnaire, Version


class Command(BaseCommand):
    help = (
        "Load the default questionnaire. A site without versions and drafts gets it "
        "published. Any other site gets each edition of it once, as a draft."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        default = default_questionnaire()
        if not Version.objects.exists() and not Questionnaire.objects.exists():
            version = publish(
                draft_from(default, name=default.name, one_idea=True), by=None
            )
            self.stdout.write(
                f"Published the default questionnaire as version {version.number}."
            )
            return
        try:
            draft = offer_default(default)
        except DefinitionError as error:
            self.stdout.write(
                "The new edition of the default questionnaire doesn’t fit your "
                f"article, so it wasn’t added as a draft: {error}"
            )
            return
        if draft:
            self.stdout.write(
                "Added the new edition of the default questionnaire as a draft. "
                "Compare it with the live version in the admin, and publish it there."
            )
