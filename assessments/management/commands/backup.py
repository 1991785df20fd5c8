from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from assessments.management.backups import back_up, key_is_a_file


class Command(BaseCommand):
    help = (
        "Write the database to a file while the site runs, and check the copy. "
        "PostgreSQL needs pg_dump and pg_restore on this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that doesn't exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        back_up(target)
        self.stdout.write(
            f"Wrote {target} ({target.stat().st_size / 1_000_000:,.1f} MB) and checked "
            "it. Only this user may read it."
        )
        self.stdout.write(
            "It has the secret key inside."
            if key_is_a_file()
            else "SECRET_KEY comes from the environment and isn't inside: keep it, too."
        )
