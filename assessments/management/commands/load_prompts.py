from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from assessments.actions.prompts import load_prompts


class Command(BaseCommand):
    help = "Load the conversation guide's prompts on a site that has none yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if made := load_prompts():
            self.stdout.write(f"Loaded {made} prompts for the conversation guide.")
