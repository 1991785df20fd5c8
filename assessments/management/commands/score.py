from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from assessments.defaults import default_questionnaire
from assessments.engine import (
    Definition,
    DefinitionError,
    RequestError,
    parse_request,
    read_definition,
    score,
)
from assessments.engine.strict_json import MAX_BYTES, dump
from assessments.queries import versions


class Command(BaseCommand):
    help = (
        "Score requests from standard input (docs/engine.md). Lists bad requests on "
        "standard error, and then exits with status 2."
    )
    requires_system_checks = ()

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
            "--definition",
            type=Path,
            metavar="FILE",
            help="use this definition file instead of the published version",
        )
        source.add_argument(
            "--version",
            dest="sha256",
            metavar="HASH",
            help="use the published version with this SHA-256",
        )
        parser.add_argument(
            "--lines",
            action="store_true",
            help="read one request per line, and write one reply per line",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        questionnaire = self._questionnaire(options["definition"], options["sha256"])
        requests: Iterable[bytes] = (
            _lines() if options["lines"] else [sys.stdin.buffer.read(MAX_BYTES + 1)]
        )
        refused = False
        for number, text in enumerate(requests, 1):
            try:
                request = parse_request(text)
                result = score(
                    questionnaire,
                    request.answers,
                    form=request.form,
                    seconds=request.seconds,
                )
            except RequestError as error:
                sys.stderr.write(f"line {number}: {error}\n")
                refused = True
            else:
                if not _written(dump(result.reply()).encode() + b"\n"):
                    break
        if refused:
            sys.exit(2)

    def _questionnaire(self, path: Path | None, sha256: str | None) -> Definition:
        try:
            if path is not None:
                return read_definition(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        except DefinitionError as error:
            for fault in error.faults:
                sys.stderr.write(f"{path}: {fault}\n")
            sys.exit(2)
        definition = _published(sha256)
        if definition is not None:
            return read_definition(definition)
        if sha256 is not None:
            raise CommandError(f"no version has the SHA-256 {sha256}", returncode=2)
        return default_questionnaire()


def _written(reply: bytes) -> bool:
    """Write one reply; False once the reader has gone, as after `| head`."""
    try:
        sys.stdout.buffer.write(reply)
        # The calling program may wait for this reply before its next request.
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes again at its exit, which would raise the same error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _published(sha256: str | None) -> str | None:
    """The definition with this hash, or the live one.

    None where there is no such version, also because the database has no tables.
    """
    try:
        return (
            versions.live_definition()
            if sha256 is None
            else versions.definition_by_hash(sha256)
        )
    except DatabaseError:
        return None


def _lines() -> Iterable[bytes]:
    """Standard input line by line.

    A longer line is cut one byte after MAX_BYTES, so that parse_request refuses it.
    """
    stream = sys.stdin.buffer
    while line := stream.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES and not line.endswith(b"\n"):
            while rest := stream.readline(MAX_BYTES):
                if rest.endswith(b"\n"):
                    break
        yield line.removesuffix(b"\n")
