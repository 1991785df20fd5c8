"""Every read of more than one row, and every rule of who may see what."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.utils import timezone

from assessments import joining_queries, keys
from assessments.engine import Questionnaire, Section
from assessments.engine.sums import Sums
from assessments.models import Attempt, Owner, Result, ShareLink, Version
from assessments.quality_queries import sums_by_form
from content.models import PageVersion, Strength

LIVE_FOR = 5.0  # seconds that a process trusts its copy of the published version


@lru_cache(maxsize=64)
def _parsed(sha256: str) -> Questionnaire:
    definition = definition_by_hash(sha256)
    if definition is None:
        raise Version.DoesNotExist(f"no version {sha256}")
    return Questionnaire.from_json(definition)


def questionnaire_of(version: Version) -> Questionnaire:
    """The parsed definition of a version, read once per process: a version never changes."""
    return _parsed(version.sha256)


def sections_of(attempt: Attempt) -> tuple[Section, ...]:
    """The sections of the form that the attempt takes, in order."""
    return questionnaire_of(attempt.version).sections_of(attempt.form)


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


def owner_by_key(key: str) -> Owner | None:
    """Whoever holds this key."""
    return Owner.objects.filter(key_sha256=keys.digest(key)).first()


def open_attempt(key: str) -> Attempt | None:
    """The attempt that the holder of the key has not finished yet."""
    return (
        Attempt.objects.select_related("owner", "version")
        .defer("version__definition")
        .filter(owner__key_sha256=keys.digest(key), finished_at=None)
        .first()
    )


def own_result(key: str, number: int | None = None) -> Result | None:
    """The holder's result of that number, or the newest; only while it is kept."""
    results = (
        Result.objects.select_related("owner", "version", "attempt")
        .defer("version__definition")
        .filter(owner__key_sha256=keys.digest(key), expires_at__gt=timezone.now())
    )
    return (
        results.order_by("-number").first()
        if number is None
        else results.filter(number=number).first()
    )


def own_results(owner: Owner) -> list[Result]:
    """All results an owner still has, newest first."""
    return list(
        Result.objects.filter(owner=owner, expires_at__gt=timezone.now())
        .select_related("version")
        .defer("version__definition")
        .order_by("-number")
    )


def own_share_links(owner: Owner) -> list[ShareLink]:
    """Every link to an owner's results, newest first, ended ones included; `made_by` tells a coach's from her own."""
    links = ShareLink.objects.filter(result__owner=owner)
    return list(
        links.select_related("result", "participation__invitation__coach__user")
    )


def own_share_link(key: str, pk: int) -> ShareLink | None:
    """One link, if it is to a result of the key's holder; a coach's link is hers to end as well."""
    return ShareLink.objects.filter(
        pk=pk, result__owner__key_sha256=keys.digest(key)
    ).first()


def everything_of(owner: Owner) -> dict[str, object]:
    """All that is stored about an owner, as plain JSON values, with the questions that the answers are to."""
    attempts = (
        Attempt.objects.filter(owner=owner).select_related("version").order_by("pk")
    )
    results = (
        Result.objects.filter(owner=owner).select_related("version").order_by("number")
    )
    used = {row.version for row in attempts} | {row.version for row in results}
    return {
        "attempts": [
            {
                "version": attempt.version.sha256,
                "form": attempt.form,
                "answers": attempt.answers,
                "seconds": attempt.seconds,
                "seconds_per_question": attempt.timings,
                "device": attempt.device,
                "language": attempt.language,
                "arrival": attempt.arrival,
                "started": attempt.started_at.isoformat(),
                "changed": attempt.changed_at.isoformat(),
                "finished": attempt.finished_at.isoformat()
                if attempt.finished_at
                else None,
            }
            for attempt in attempts
        ],
        "results": [
            {
                "number": result.number,
                "answers": json.loads(result.answers),
                "seconds": result.seconds,
                "reply": json.loads(result.reply),
                "finished": result.finished_at.isoformat(),
                "kept_until": result.expires_at.isoformat(),
            }
            for result in results
        ],
        "share_links": [
            {
                "result": link.result.number,
                "label": link.label,
                "scope": link.scope,
                "made_by": link.made_by,
                "made": link.created_at.isoformat(),
                "ends": link.expires_at.isoformat(),
                "revoked": link.revoked_at.isoformat() if link.revoked_at else None,
            }
            for link in own_share_links(owner)
        ],
        "participations": [
            grant.as_json() for grant in joining_queries.grants_of(owner)
        ],
        "questionnaires": {
            version.sha256: json.loads(version.definition) for version in used
        },
    }


def shared(token: str) -> ShareLink | None:
    """The usable link with this token. Unknown, expired and revoked are one and the same None."""
    if not keys.is_token(token):  # PostgreSQL would stumble over some characters
        return None
    return (
        ShareLink.objects.usable()
        .exclude(result__outcome="careless")
        .select_related("result__version")
        .defer("result__version__definition")
        .filter(token=token)
        .first()
    )


def stored_answers() -> Iterator[tuple[str, str, int | None, str]]:
    """Form, answers, seconds and outcome of every result that is kept, with nothing of whose it is."""
    rows = Result.objects.filter(expires_at__gt=timezone.now()).values_list(
        "form", "answers", "seconds", "outcome"
    )
    return rows.iterator(chunk_size=2000)


def stored_answers_count() -> int:
    """How many there are of them."""
    return Result.objects.filter(expires_at__gt=timezone.now()).count()


def lines_of_the_article() -> dict[str, str]:
    """Slug to name of each line that the article lists today."""
    return dict(Strength.objects.filter(retired=False).values_list("slug", "name"))


def sums_of(version: Version, form: str, *, since: date, until: date) -> Sums:
    """What has been rolled up of one version and form in the weeks from that of `since` to that of `until`."""
    only = version.pk, form
    return sums_by_form(since=since, until=until, only=only).get(only, Sums())


def has_call(place: str) -> bool:
    """Whether the call to action stands there: on a result, the first page or a published page, named by its path."""
    if place in ("result", "/"):
        return True
    slug = place.strip("/")
    return place == f"/{slug}/" and PageVersion.objects.filter(page__slug=slug).exists()
