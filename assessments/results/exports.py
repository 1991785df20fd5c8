"""Everything about one owner as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
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
    "Ask your coach for them, or the people who run this site."
)


def everything_of(owner: Owner) -> Iterator[str]:
    """What is kept about an owner, with the questionnaires, as one JSON object.

    It comes in pieces, so that many results take no more memory than one. NOT_INCLUDED
    says what is left out.
    """
    attempts = Attempt.objects.filter(kept_attempts(), owner=owner).order_by("pk")
    results = Result.objects.filter(owner=owner, expires_at__gt=timezone.now())
    own = Q(pk__in=attempts.order_by().values("version")) | Q(
        pk__in=results.order_by().values("version")
    )
    results = results.order_by("number")
    yield f'{{"not_included": {_text(NOT_INCLUDED)},\n"attempts": ['
    yield from _separated(
        map(_attempt_as_json, _one_by_one(attempts.select_related("version")))
    )
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


def _attempt_as_json(attempt: Attempt) -> dict[str, object]:
    return {
        "version": attempt.version.sha256,
        "form": attempt.form,
        "answers": attempt.answers,
        "seconds": attempt.seconds,
        "seconds_per_question": attempt.timings,
        "by_staff": attempt.by_staff,
        "hoped_for": attempt.wish,
        "started": attempt.started_at.isoformat(),
        "changed": attempt.changed_at.isoformat(),
        "finished": attempt.finished_at.isoformat() if attempt.finished_at else None,
        "saves": attempt.saves,
        "saves_since": attempt.saves_since.isoformat() if attempt.saves_since else None,
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
        "declined": asked.declined_at.isoformat() if asked.declined_at else None,
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
        "revoked": link.revoked_at.isoformat() if link.revoked_at else None,
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
        "answered": follow_up.answered_at.isoformat()
        if follow_up.answered_at
        else None,
        "chosen": follow_up.chosen,
        "liking": follow_up.liking,
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
        "held_until": participation.held_until.isoformat()
        if participation.held_until
        else None,
        "opened_early": participation.opened_early_at.isoformat()
        if participation.opened_early_at
        else None,
        "links": grant.links,
        "steps": [
            {
                "text": step.text,
                "due": step.due_on.isoformat() if step.due_on else None,
                "done": step.done_at.isoformat() if step.done_at else None,
                "done_by_you": step.done_by_client,
            }
            for step in grant.steps
        ],
        "unshared_steps": 0
        if participation.steps_shared
        else participation.steps.count(),
        "coach_told_at": participation.coach_told_at.isoformat()
        if participation.coach_told_at
        else None,
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
        "sent": link.sent_at.isoformat() if link.sent_at else None,
        "reminders": link.reminders,
        "reminded": link.reminded_at.isoformat() if link.reminded_at else None,
        "refused_at": link.failed_at.isoformat() if link.failed_at else None,
        "no_more_email_since": link.stopped_at.isoformat() if link.stopped_at else None,
    }


def _removal_as_json(departure: Departure) -> dict[str, object]:
    return {
        "coach": departure.invitation.coach.name,
        "label": departure.invitation.label,
        "removed": departure.at.isoformat(),
    }
