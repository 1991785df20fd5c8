"""Published versions of the questionnaire."""

from __future__ import annotations

import time
from functools import lru_cache

from assessments.engine import Definition, read_definition
from assessments.engine.walk import Walk
from assessments.models import Attempt, Version
from content.models import Strength

LIVE_FOR = 5.0  # seconds that a process trusts its copy of the published version


@lru_cache(maxsize=64)
def _parsed(sha256: str) -> Definition:
    definition = definition_by_hash(sha256)
    if definition is None:
        raise Version.DoesNotExist(f"no version {sha256}")
    return read_definition(definition)


def questionnaire_of(version: Version) -> Definition:
    """The parsed definition of a version, read once per process: a version never changes."""
    return _parsed(version.sha256)


def walk_of(attempt: Attempt) -> Walk:
    """The way through the form that the attempt takes."""
    return Walk(questionnaire_of(attempt.version), attempt.form)


def definition_by_hash(sha256: str) -> str | None:
    """The frozen JSON whose SHA-256 this is."""
    return (
        Version.objects.filter(sha256=sha256)
        .values_list("definition", flat=True)
        .first()
    )


def live_definition() -> str | None:
    """The frozen JSON of the published version, None before the first publishing."""
    return (
        Version.objects.order_by("-number").values_list("definition", flat=True).first()
    )


def newest_version() -> Version | None:
    """The published version as the database has it now: for staff, who may have published it a moment ago."""
    return Version.objects.defer("definition").order_by("-number").first()


class _Live:
    """This process's copy of the published version, so that the start page costs no query when warm."""

    version: Version | None = None
    read_at = float("-inf")


def live_version() -> Version | None:
    """The published version, at most 5 seconds old; None before the first publishing."""
    if time.monotonic() - _Live.read_at > LIVE_FOR:
        _Live.version = newest_version()
        _Live.read_at = time.monotonic()
    return _Live.version


def forget_live_version() -> None:
    _Live.version, _Live.read_at = None, float("-inf")


def article_lines() -> dict[str, str]:
    """Slug to name of each line that the article lists today."""
    return dict(Strength.objects.filter(retired=False).values_list("slug", "name"))


def all_versions() -> list[Version]:
    """Every version, the newest first."""
    return list(Version.objects.defer("definition").order_by("-number"))
