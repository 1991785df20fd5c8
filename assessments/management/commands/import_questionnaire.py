from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.actions.publishing import UnknownLines, draft_from
from assessments.engine import DefinitionError, Questionnaire


class Command(BaseCommand):
    help = "Make a new draft from a questionnaire file (docs/engine.md). A faulty file changes nothing; every fault is listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            source = Questionnaire.from_json(path.read_bytes())
            draft = draft_from(source, name=source.name, one_idea=False)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except DefinitionError as error:
            raise CommandError(f"Nothing was changed. The file has faults:\n{error}") from error
        except UnknownLines as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"Draft {draft.pk}, “{draft.name}”, made. Tick “one idea only” on its statements before publishing.")
