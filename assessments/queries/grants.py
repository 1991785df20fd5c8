"""What clients granted to coaches, as the owner may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from assessments import keys
from assessments.models import (
    Attempt,
    NextStep,
    Owner,
    Participation,
    Result,
    kept_attempts,
    usable_links,
)
from assessments.queries.owners import HAS_GRANTS, own_results
from assessments.queries.prepared import Given, Prepared


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant, with what the owner may know of it.

    `shown`: whether the coach sees `result`. `links`: how many of the coach's links
    still open. `steps`: empty unless the coach shares them.
    """

    participation: Participation
    result: Result | None
    shown: bool
    links: int
    steps: list[NextStep]


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when a result is held, and the names of the coaches who hold it.

    `zone`: where the coach is whose hold ends last.
    """

    until: datetime
    coaches: tuple[str, ...]
    zone: ZoneInfo


# With the annotation `links`.
_PARTICIPATIONS: Prepared[Any] = Prepared(
    lambda: (
        Participation.objects.filter(attempt__owner=Given("owner"))
        .select_related("invitation__coach__user", "attempt__result", "client")
        .defer(
            "attempt__answers",
            "attempt__timings",
            "attempt__result__reply",
            "attempt__result__answers",
        )
        .annotate(
            links=Count(
                "share_links", filter=usable_links("share_links", now=Given("now"))
            )
        )
        # Django ignores a model's own ordering in a query that groups.
        .order_by("-consented_at", "-pk")
    )
)


def grants_of(owner: Owner) -> list[Grant]:
    """All grants of an owner, newest first, without those of abandoned answers.

    One query, and a second one where a coach shares next steps.
    """
    now = timezone.now()
    rows = [
        row
        for row in _PARTICIPATIONS.rows(owner=owner.pk, now=now)
        if row.attempt.finished_at or row.attempt.is_resumable
    ]
    showing = {
        row.pk: row for row in rows if row.steps_shared and _ends_after(now, row)
    }
    steps: dict[int, list[NextStep]] = {pk: [] for pk in showing}
    for step in NextStep.objects.filter(participation__in=steps) if steps else ():
        step.participation = showing[step.participation_id]  # with its coach
        steps[step.participation_id].append(step)
    grants = []
    for row in rows:
        result: Result | None = getattr(row.attempt, "result", None)
        shown = result is not None and result.is_visible
        grants.append(Grant(row, result, shown, row.links, steps.get(row.pk, [])))
    return grants


def grants_beside(row: Attempt | Result) -> list[Grant]:
    """`grants_of` the owner of this row, without a query where there is none.

    The query that has read the row may have said so, at the same moment.
    """
    return grants_of(row.owner) if getattr(row, HAS_GRANTS, True) else []


def _ends_after(now: datetime, row: Participation) -> bool:
    result: Result | None = getattr(row.attempt, "result", None)
    return result is None or result.expires_at > now


def coaches_of(grants: Iterable[Grant]) -> list[str]:
    """The names of the coaches, without repetition."""
    return list(
        dict.fromkeys(grant.participation.invitation.coach.name for grant in grants)
    )


def own_grant(key: str, pk: int) -> Participation | None:
    """One grant, if it was given by the owner with this key."""
    return (
        Participation.objects.filter(pk=pk, attempt__owner__key_sha256=keys.digest(key))
        .select_related("invitation__coach", "attempt__owner")
        .first()
    )


def own_shared_step(key: str, pk: int) -> NextStep | None:
    """One step that a coach shows to the owner with this key, while its grant lasts."""
    return (
        NextStep.objects.filter(
            kept_attempts("participation__attempt"),
            participation__attempt__owner__key_sha256=keys.digest(key),
            participation__steps_shared=True,
            pk=pk,
        )
        .select_related("participation__attempt")
        .first()
    )


def hold_on_result(
    result: Result, grants: Iterable[Grant] | None = None
) -> Hold | None:
    """The hold because of which the owner's own pages leave this result out, if any.

    `grants` are those of the owner; without them they are read. A careless result is
    never held: no coach sees it, so there is nothing to talk about.
    """
    if not result.is_attentive:
        return None
    if grants is None:
        grants = grants_of(result.owner)
    return hold_of_grants(
        grant for grant in grants if grant.participation.attempt_id == result.attempt_id
    )


def hold_of_grants(grants: Iterable[Grant]) -> Hold | None:
    """The hold that the grants of one attempt put on its result, present or future."""
    held = [grant.participation for grant in grants if grant.participation.is_held]
    ends = [(row.held_until, row) for row in held if row.held_until]
    if not ends:
        return None
    until, last = max(ends, key=lambda end: end[0])
    names = dict.fromkeys(row.invitation.coach.name for row in held)
    return Hold(until, tuple(names), last.invitation.coach.zone)


def held_results(owner: Owner) -> list[tuple[Result, Hold]]:
    """The owner's results that are held now, each with its hold."""
    grants = grants_of(owner)
    held = [(result, hold_on_result(result, grants)) for result in own_results(owner)]
    return [(result, hold) for result, hold in held if hold]


def not_yet_seen_by(result: Result, grants: Iterable[Grant]) -> list[Grant]:
    """Grants to coaches who see earlier results and not yet this one.

    The newest grant of each such invitation. Its `shown` says whether the coach sees
    that earlier result, which may be careless.
    """
    if not result.is_visible:
        return []
    grants = list(grants)
    seeing = {
        grant.participation.invitation.coach_id
        for grant in grants
        if grant.participation.attempt_id == result.attempt_id
    }
    newest: dict[int, Grant] = {}
    for grant in grants:
        coach = grant.participation.invitation.coach
        # The coach sees the result by another invitation, or sees nothing at all.
        if coach.pk in seeing or not coach.has_workspace:
            continue
        invitation_id = grant.participation.invitation_id
        newest_so_far = newest.get(invitation_id)
        if newest_so_far is None or _number(grant) > _number(newest_so_far):
            newest[invitation_id] = grant
    return [grant for grant in newest.values() if _number(grant) < result.number]


def _number(grant: Grant) -> float:
    """The number of the grant's result; an open attempt becomes the newest one."""
    return grant.result.number if grant.result else float("inf")
