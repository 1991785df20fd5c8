from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from assessments.management.backups import restore
from assessments.management.one_at_a_time import one_at_a_time
from assessments.models import Coach, Owner


class Command(BaseCommand):
    help = "Put a file of `manage.py backup` in the place of the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace a site that has accounts or answers",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time():
            if not options["replace"] and has_data():
                raise CommandError(
                    "This site has accounts or answers, and restoring would delete "
                    "them. Nothing has changed. To replace them, add --replace."
                )
            had_key = restore(options["file"])
        self.stdout.write(f"Restored {options['file']}.")
        if had_key:
            self.stdout.write("The secret key of that time is back in DATA_DIR.")
        else:
            self.stdout.write(
                "The file has no secret key. Set SECRET_KEY to the one of that time."
            )
        self.stdout.write(
            "Everyone is signed out. Anything people deleted, withdrew, or stopped "
            "after the backup is back, and accounts closed since then are open again. "
            "Redo what you know of, and ask coaches and visitors to do the same."
        )
        self.stdout.write("Restart the site, then run, in this order:")
        for command in ("prepare", "forget_old", "verify_results"):
            self.stdout.write(f"  manage.py {command}")


def has_data() -> bool:
    """Whether somebody has an account or has answered here."""
    tables = set(connection.introspection.table_names())
    return any(
        model._meta.db_table in tables and model._default_manager.exists()
        for model in (User, Owner, Coach)
    )
