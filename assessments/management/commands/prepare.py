from __future__ import annotations

from typing import Any

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand

from assessments.actions.staff_groups import sync_groups


class Command(BaseCommand):
    help = (
        "Get the database ready: make tables and staff groups and, on a new site, load "
        "the article, the questionnaire, and the conversation guide's prompts. Then "
        "add finished results to the sums and delete what has expired. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        # Stops here where the tables are not what the models say.
        self.check(tags=[Tags.database], databases=["default"])
        call_command("createcachetable", verbosity=0)
        for change in sync_groups():
            self.stdout.write(change)
        call_command("load_article", stdout=self.stdout)
        call_command("load_questionnaire", stdout=self.stdout)
        call_command("load_prompts", stdout=self.stdout)
        # In this order: a deleted result can no longer be added to the sums.
        call_command("rollup", stdout=self.stdout)
        call_command("forget_old", stdout=self.stdout)
