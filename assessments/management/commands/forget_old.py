from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.taking import forget_old


class Command(BaseCommand):
    help = "Delete results past their date and attempts left unfinished. Run it every day."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_old(now=timezone.now(), unfinished_kept=settings.UNFINISHED_KEPT)
        if gone.attempts:
            self.stdout.write(f"Deleted {gone.results} results and {gone.attempts - gone.results} unfinished attempts whose time was over.")
