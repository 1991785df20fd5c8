"""Published versions of the questionnaire."""

from __future__ import annotations

from functools import lru_cache

from assessments.engine import Definition, read_definition
from assessments.engine.walk import Walk
from assessments.models import Attempt, Version
from content import published
from content.snapshot import Snapshot


@lru_cache(maxsize=64)
def _parsed(sha256: str) -> Definition:
    definition = definition_by_hash(sha256)
    if definition is None:
        raise Version.DoesNotExist(f"no version {sha256}")
    return read_definition(definition)


def questionnaire_of(version: Version) -> Definition:
    """The parsed definition of a version.

    Parsed once per process, because a version never changes.
    """
    return questionnaire_by_hash(version.sha256)


def questionnaire_by_hash(sha256: str) -> Definition:
    """The same, found by the SHA-256 of its frozen JSON.

    Needs no database once the process has parsed it. Raises Version.DoesNotExist.
    """
    return _parsed(sha256)


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
    """The published version as the database has it now.

    For staff, who may have published it a moment ago.
    """
    return Version.objects.defer("definition").order_by("-number").first()


def _same(one: Version | None, other: Version | None) -> bool:
    """Whether every field but the definition, which has its hash, is the same."""
    return _fields(one) == _fields(other)


def _fields(version: Version | None) -> dict[str, object]:
    return {
        name: value
        for name, value in (vars(version) if version else {}).items()
        if name != "_state"
    }


# With this copy, a warm start page needs no query.
LIVE_VERSION = Snapshot(newest_version, same=_same)


def live_version() -> Version | None:
    """The published version, at most a second old; None before the first one."""
    return LIVE_VERSION.get()


def forget_live_version() -> None:
    """Read it again at the next use. Called once a new version is committed."""
    LIVE_VERSION.forget()


def article_lines() -> dict[str, str]:
    """The names of the lines that the article lists today, by slug."""
    strengths = published.load_words().strengths
    return {slug: line.name for slug, line in strengths.items() if not line.retired}


def all_versions() -> list[Version]:
    """Every version, the newest first."""
    return list(Version.objects.defer("definition").order_by("-number"))
