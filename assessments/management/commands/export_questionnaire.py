from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from assessments.actions.versions import assemble
from assessments.engine import DefinitionError
from assessments.models import Questionnaire, Version


class Command(BaseCommand):
    help = (
        "Write a questionnaire as JSON (docs/engine.md): the live version, another "
        "version, or a draft."
    )

    def create_parser(
        self, prog_name: str, subcommand: str, **kwargs: Any
    ) -> CommandParser:
        # "resolve" lets our --version replace Django's.
        return super().create_parser(
            prog_name, subcommand, conflict_handler="resolve", **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--version",
            dest="number",
            type=int,
            metavar="NUMBER",
            help="write this published version instead of the live one",
        )
        source.add_argument(
            "--draft",
            type=int,
            metavar="ID",
            help="write this draft; its address in the admin has the number",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # No line end, because a version's SHA-256 is over exactly these bytes.
        try:
            definition = (
                _draft(options["draft"])
                if options["draft"] is not None
                else _version(options["number"])
            )
        except DatabaseError as error:
            raise CommandError(
                f"{error}. For a new database, run `manage.py prepare` first."
            ) from error
        self.stdout.write(definition, ending="")


def _draft(pk: int) -> str:
    draft = Questionnaire.objects.filter(pk=pk).first()
    if draft is None:
        raise CommandError(f"There is no draft {pk}.")
    try:
        return assemble(draft).to_json()
    except DefinitionError as error:
        raise CommandError(
            f"Draft {pk} isn't a complete questionnaire yet:\n{error}"
        ) from error


def _version(number: int | None) -> str:
    versions = Version.objects.order_by("-number")
    version = (versions if number is None else versions.filter(number=number)).first()
    if version is None:
        raise CommandError(
            "No questionnaire is published yet."
            if number is None
            else f"There is no version {number}."
        )
    return version.definition
