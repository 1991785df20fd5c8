from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.commands import check
from django.db import connection


class Command(check.Command):
    """Django's own `check`, which by default asks the database, too.

    Otherwise a plain `manage.py check` would pass on a database whose tables differ
    from the models.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["databases"] and not _is_unmade():
            options["databases"] = ["default"]
        super().handle(*args, **options)


def _is_unmade() -> bool:
    """Whether asking a database of SQLite would make its file."""
    name = connection.settings_dict["NAME"]
    return connection.vendor == "sqlite" and not Path(name).exists()
