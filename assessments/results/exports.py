"""Everything about one owner as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from assessments.models import (
    Attempt,
    Departure,
    FollowUp,
    Owner,
    Participation,
    PersonalLink,
    Result,
    ResultRequest,
    ShareLink,
    Version,
    kept_attempts,
)
from assessments.queries.departures import removals_of
from assessments.queries.grants import Grant, grants_of
from assessments.queries.share_links import own_share_links

_Row = TypeVar("_Row", bound=Model)
# They are the coach's own words, and clients agreed that the coach keeps them private.
NOT_INCLUDED = (
    "A coach’s private notes, private name and tag for you, and next steps that the "
    "coach doesn’t share. “coach_has_private_notes,” “coach_has_private_name_or_tag” "
    "and “unshared_steps” say whether there are any. "
    "Ask your coach, or the people who run this site, for them. "
    "The addresses of your share links and of your coach’s link for you: "
    "anyone who has this file could open them."
)


def everything_of(owner: Owner) -> Iterator[str]:
    """What is kept about an owner, with the questionnaires, as one JSON object.

    It comes in pieces, so that many results take no more memory than one. NOT_INCLUDED
    says what is left out.
    """
    attempts = Attempt.objects.filter(kept_attempts(), owner=owner).order_by("pk")
    of_attempts = attempts.select_related("version").annotate(
        made_from_result=F("made_from__result__number")
    )
    results = Result.objects.filter(owner=owner, expires_at__gt=timezone.now())
    own = Q(pk__in=attempts.order_by().values("version")) | Q(
        pk__in=results.order_by().values("version")
    )
    results = results.order_by("number")
    yield f'{{"not_included": {_text(NOT_INCLUDED)},\n"attempts": ['
    yield from _separated(map(_attempt_as_json, _one_by_one(of_attempts)))
    yield '],\n"results": ['
    yield from _separated(map(_result_as_json, _one_by_one(results)))
    yield '],\n"share_links": ['
    yield from _separated(map(_link_as_json, own_share_links(owner)))
    yield f'],\n"follow_up": {_text(_follow_up_as_json(owner))}'
    yield ',\n"participations": ['
    yield from _separated(map(_grant_as_json, grants_of(owner)))
    yield '],\n"requests": ['
    yield from _separated(map(_request_as_json, _requests_to(owner)))
    yield '],\n"removals": ['
    yield from _separated(map(_removal_as_json, removals_of(owner)))
    yield '],\n"questionnaires": {'
    yield from _joined(
        f"{_text(version.sha256)}: {_text(json.loads(version.definition))}"
        for version in Version.objects.filter(own).order_by("pk").iterator(chunk_size=1)
    )
    yield "}}\n"


def _one_by_one(rows: QuerySet[_Row]) -> Iterator[_Row]:
    """Rows without the questionnaires, a few at a time."""
    return rows.defer("version__definition").iterator(chunk_size=5)


def _separated(values: Iterable[object]) -> Iterator[str]:
    return _joined(map(_text, values))


def _joined(texts: Iterable[str]) -> Iterator[str]:
    before = "\n"
    for text in texts:
        yield before + text
        before = ",\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _moment(time: date | None) -> str | None:
    """A day, or a moment, in ISO 8601."""
    return time.isoformat() if time else None


def _attempt_as_json(attempt: Attempt) -> dict[str, object]:
    return {
        "version": attempt.version.sha256,
        "form": attempt.form,
        "answers": attempt.answers,
        "seconds": attempt.seconds,
        "timed_until": _moment(attempt.timed_until),
        "seconds_per_question": attempt.timings,
        "by_staff": attempt.by_staff,
        "hoped_for": attempt.wish,
        # An annotation: the number of the result whose answers it began with.
        "made_from_result": attempt.made_from_result,  # type: ignore[attr-defined]
        "started": attempt.started_at.isoformat(),
        "changed": attempt.changed_at.isoformat(),
        "finished": _moment(attempt.finished_at),
        "saves": attempt.saves,
        "saves_since": _moment(attempt.saves_since),
    }


def _result_as_json(result: Result) -> dict[str, object]:
    return {
        "number": result.number,
        "answers": result.answer_map,
        "seconds": result.seconds,
        "reply": json.loads(result.reply),
        "hoped_for": result.wish,
        "finished": result.finished_at.isoformat(),
        "kept_until": result.expires_at.isoformat(),
    }


def _requests_to(owner: Owner) -> QuerySet[ResultRequest]:
    return ResultRequest.objects.filter(result__owner=owner).select_related(
        "invitation__coach", "result"
    )


def _request_as_json(asked: ResultRequest) -> dict[str, object]:
    return {
        "coach": asked.invitation.coach.name,
        "label": asked.invitation.label,
        "result": asked.result.number,
        "scope": asked.invitation.scope,
        "asked": asked.created_at.isoformat(),
        "declined": _moment(asked.declined_at),
    }


def _link_as_json(link: ShareLink) -> dict[str, object]:
    return {
        "result": link.result.number,
        "label": link.label,
        "name": link.name,
        "scope": link.scope,
        "made_by": link.made_by,
        "made": link.created_at.isoformat(),
        "ends": link.expires_at.isoformat(),
        "revoked": _moment(link.revoked_at),
    }


def _follow_up_as_json(owner: Owner) -> dict[str, object] | None:
    follow_up = (
        FollowUp.objects.filter(owner=owner, result__expires_at__gt=timezone.now())
        .select_related("result")
        .first()
    )
    if follow_up is None:
        return None
    return {
        "result": follow_up.result.number,
        "consented": follow_up.consented_at.isoformat(),
        "answered": _moment(follow_up.answered_at),
        "chosen": follow_up.chosen,
        "liking": follow_up.liking,
        "counted": follow_up.counted,
    }


def _grant_as_json(grant: Grant) -> dict[str, object]:
    """A grant for the owner's download, without what the coach wrote privately."""
    participation = grant.participation
    client = participation.client
    return {
        "coach": participation.invitation.coach.name,
        "label": participation.invitation.label,
        "result": grant.result.number if grant.result else None,
        "scope": participation.scope,
        "onward": participation.onward,
        "since": participation.consented_at.isoformat(),
        "name": participation.name,
        "held_until": _moment(participation.held_until),
        "opened_early": _moment(participation.opened_early_at),
        "links": grant.links,
        "steps": [
            {
                "text": step.text,
                "due": _moment(step.due_on),
                "done": _moment(step.done_at),
                "done_by_you": step.done_by_client,
            }
            for step in grant.steps
        ],
        "unshared_steps": 0
        if participation.steps_shared
        else participation.steps.count(),
        "coach_told_at": _moment(participation.coach_told_at),
        "in_coachs_archive": client is not None and client.archived_at is not None,
        "coach_has_private_notes": bool(participation.notes),
        "coach_has_private_name_or_tag": client is not None
        and bool(client.private_name or client.tag),
        "personal_link": _personal_link_as_json(participation),
    }


def _personal_link_as_json(participation: Participation) -> dict[str, object] | None:
    """How the coach invited the owner by name, if it was so."""
    link = PersonalLink.objects.filter(
        invitation=participation.invitation_id, client=participation.client_id
    ).first()
    if link is None:
        return None
    return {
        "name": link.name,
        "email": link.email,
        "made": link.created_at.isoformat(),
        "sent": _moment(link.sent_at),
        "reminders": link.reminders,
        "reminded": _moment(link.reminded_at),
        "refused_at": _moment(link.failed_at),
        "no_more_email_since": _moment(link.stopped_at),
    }


def _removal_as_json(departure: Departure) -> dict[str, object]:
    return {
        "coach": departure.invitation.coach.name,
        "label": departure.invitation.label,
        "removed": departure.at.isoformat(),
        "coach_had_notes": departure.had_notes,
        "steps": departure.steps,
        "links": departure.links,
    }
