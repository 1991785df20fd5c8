from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from assessments.actions.staff_groups import sync_groups
from assessments.management.one_at_a_time import one_at_a_time, without_time_limits
from content import published


class Command(BaseCommand):
    help = (
        "Get the database ready: make tables and staff groups and, on a new site, load "
        "the article, the questionnaire, and the conversation guide's prompts. Safe to "
        "repeat, and to run on several machines at once: they take turns."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        make_private_file()
        with one_at_a_time(), without_time_limits():
            self.prepare()
        published.forget()
        if missing := published.current().words.missing:
            self.stdout.write("\nNot set yet:")
            for sentence in missing:
                self.stdout.write(f"  {sentence}")
            self.stdout.write("  Set them in the admin, under Site words, and publish.")

    def prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        # Stops here where the tables are not what the models say.
        self.check(tags=[Tags.database], databases=["default"])
        call_command("createcachetable", verbosity=0)
        for change in sync_groups():
            self.stdout.write(change)
        # Before the article, which publishes all words of a new site.
        call_command("load_prompts", stdout=self.stdout)
        call_command("load_article", stdout=self.stdout)
        call_command("load_questionnaire", stdout=self.stdout)


def make_private_file() -> None:
    """Make the file of a new SQLite database so that only its owner may read it.

    SQLite gives its other files, -wal and -shm, the same rights.
    """
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        path.touch(mode=0o600)
        path.chmod(0o600)
