from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.actions.attempts import canonical
from assessments.engine import score
from assessments.models import Result
from assessments.queries import versions


class Command(BaseCommand):
    help = "Score every stored result again, and list those that come out differently."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, different = 0, 0
        for result in (
            Result.objects.select_related("version")
            .defer("version__definition")
            .order_by("pk")
            .iterator(chunk_size=500)
        ):
            reply = score(
                versions.questionnaire_of(result.version),
                result.answer_map,
                form=result.form,
                seconds=result.seconds,
            ).reply()
            checked += 1
            if canonical(reply) != result.reply:
                different += 1
                self.stderr.write(
                    f"Result {result.pk} of version {result.version.number} differs."
                )
        if different:
            raise CommandError(
                f"{different} of {checked} results differ from what people were given."
            )
        self.stdout.write(f"Results checked: {checked}. No differences.")
