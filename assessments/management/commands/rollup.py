from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.slices import REST
from assessments.actions.sums import roll_up


class Command(BaseCommand):
    help = (
        "Add finished results to the sums on the quality pages. Run it every hour. It "
        "is safe to repeat and to interrupt."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = roll_up(now=timezone.now(), rest=REST)
        if done.seen:
            self.stdout.write(
                f"Looked at {done.seen} new results and added {done.counted} of them "
                "to the sums."
            )
