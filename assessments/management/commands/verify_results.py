from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.actions.attempts import canonical
from assessments.actions.slices import REST, SLICE, in_slices
from assessments.engine import score
from assessments.models import Result
from assessments.queries import versions


class Command(BaseCommand):
    help = "Score every stored result again, and list those that come out differently."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, different, last = 0, 0, 0

        def unread() -> list[Result]:
            return next_part(last)

        # In parts: one long read would keep SQLite from emptying its log of changes.
        for part in in_slices(unread, rest=REST):
            for result in part:
                checked, last = checked + 1, result.pk
                if not verifies(result):
                    different += 1
                    self.stderr.write(
                        f"Result {result.pk} of version {result.version.number} "
                        "differs."
                    )
        if different:
            raise CommandError(
                f"{different} of {checked} results differ from what people were given."
            )
        self.stdout.write(f"Results checked: {checked}. No differences.")


def next_part(last: int) -> list[Result]:
    """The next SLICE results after the one with the id `last`."""
    results = Result.objects.select_related("version").defer("version__definition")
    return list(results.filter(pk__gt=last).order_by("pk")[:SLICE])


def verifies(result: Result) -> bool:
    """Whether the engine of today gives this result again."""
    reply = score(
        versions.questionnaire_of(result.version),
        result.answer_map,
        form=result.form,
        seconds=result.seconds,
    ).reply()
    return canonical(reply) == result.reply
