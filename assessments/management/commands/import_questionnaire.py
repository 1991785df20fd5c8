from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.urls import reverse

from assessments.actions.drafts import import_draft
from assessments.engine import DefinitionError
from assessments.engine.strict_json import MAX_BYTES


class Command(BaseCommand):
    help = (
        "Make a new draft from a questionnaire file (docs/engine.md). If the file has "
        "faults, the command lists them all and changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                imported = import_draft(file.read(MAX_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except DatabaseError as error:
            raise CommandError(
                f"{error}. Nothing has changed. "
                "For a new database, run `manage.py prepare` first."
            ) from error
        except DefinitionError as error:
            count = len(error.faults)
            raise CommandError(
                f"{path} has {count} fault{'s' * (count > 1)}. Nothing has changed.\n"
                f"{error}"
            ) from error
        draft = imported.draft
        address = reverse("admin:assessments_questionnaire_change", args=[draft.pk])
        self.stdout.write(f"Draft {draft.pk}, “{draft.name}”: {address}")
        if imported.renamed:
            self.stdout.write(
                "The draft uses the article's names where the file has others:"
            )
        for slug, name_in_file, name_today in imported.renamed:
            self.stdout.write(
                f"  {slug}: “{name_in_file}” in the file, “{name_today}” in the article"
            )
