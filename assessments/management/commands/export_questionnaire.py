from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.actions.publishing import assemble
from assessments.engine import DefinitionError
from assessments.models import Questionnaire, Version


class Command(BaseCommand):
    help = "Write a questionnaire as one JSON file (docs/engine.md): the live version, another one, or a draft."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version would be in the way of ours.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--version", dest="number", type=int, metavar="NUMBER")
        source.add_argument("--draft", type=int, metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["draft"] is not None:
            draft = Questionnaire.objects.filter(pk=options["draft"]).first()
            if draft is None:
                raise CommandError(f"There is no draft {options['draft']}.")
            try:
                self.stdout.write(assemble(draft).to_json())
            except DefinitionError as error:
                raise CommandError(str(error)) from error
            return
        versions = Version.objects.order_by("-number")
        version = (versions if options["number"] is None else versions.filter(number=options["number"])).first()
        if version is None:
            raise CommandError("Nothing is published." if options["number"] is None else f"There is no version {options['number']}.")
        self.stdout.write(version.definition)
