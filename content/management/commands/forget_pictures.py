from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from content.actions import UNUSED_KEPT, forget_pictures


class Command(BaseCommand):
    help = (
        f"Delete uploaded pictures that have been on no page for {UNUSED_KEPT.days} "
        "days. forget_old runs it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if deleted := forget_pictures(now=timezone.now()):
            self.stdout.write(f"Deleted {deleted} unused pictures.")
