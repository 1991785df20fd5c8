from __future__ import annotations

import gc
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.sums import roll_up

# A batch makes hundreds of thousands of objects without a cycle. Looking through them for cycles as often as Python does by itself
# takes a quarter of the time.
COLLECT_SELDOM = 200_000, 20, 100


class Command(BaseCommand):
    help = (
        "Add finished results to the sums that the quality pages show. Run it every "
        "hour; it is safe to repeat and to interrupt."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        usual = gc.get_threshold()
        gc.set_threshold(*COLLECT_SELDOM)
        try:
            done = roll_up(now=timezone.now())
        finally:
            gc.set_threshold(*usual)
        if done.seen:
            self.stdout.write(
                f"Looked at {done.seen} new results and added {done.counted} of them "
                "to the sums."
            )
