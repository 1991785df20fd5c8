from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.retention import forget_old, forget_timings

TIMINGS_KEPT = timedelta(days=30)  # after finishing (docs/instrument.md section 7)


class Command(BaseCommand):
    help = "Delete results past their date and attempts left unfinished, and empty old seconds per question. Run it every day."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_old(now=timezone.now(), unfinished_kept=settings.UNFINISHED_KEPT)
        if gone.attempts:
            self.stdout.write(
                f"Deleted {gone.results} results and {gone.attempts - gone.results} unfinished attempts whose time was over."
            )
        emptied = forget_timings(now=timezone.now(), kept=TIMINGS_KEPT)
        if emptied:
            self.stdout.write(
                f"Emptied the seconds per question of {emptied} finished attempts."
            )
        call_command(
            "clearsessions"
        )  # of sign-ins; asking for a passkey makes one, too
