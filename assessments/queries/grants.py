"""What clients granted to coaches, as the owner may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from assessments import keys
from assessments.engine.outcomes import Outcome
from assessments.models import NextStep, Owner, Participation, Result
from assessments.queries.visible import is_visible


@dataclass(frozen=True, slots=True)
class Grant:
    """As the owner may know it: `result` may be one that the coach does not see (`shown`); `links` are the coach's that still
    work; `steps` are there only where she shares them."""

    participation: Participation
    result: Result | None
    shown: bool
    links: int
    steps: list[NextStep]


@dataclass(frozen=True, slots=True)
class Hold:
    until: datetime
    coaches: tuple[str, ...]


def grants_of(owner: Owner) -> list[Grant]:
    """One query, and a second one where a coach has shared next steps."""
    now = timezone.now()
    working = Q(
        share_links__revoked_at=None,
        share_links__expires_at__gt=now,
        invitation__coach__closed_at=None,
        invitation__coach__user__is_active=True,
    )
    rows = list(
        Participation.objects.filter(attempt__owner=owner)
        .select_related("invitation__coach__user", "attempt__result")
        .defer(
            "attempt__answers",
            "attempt__timings",
            "attempt__result__reply",
            "attempt__result__answers",
        )
        .annotate(links=Count("share_links", filter=working))
        .order_by(
            "-consented_at", "-pk"
        )  # Django drops a model's own order where it groups
    )
    steps: dict[int, list[NextStep]] = {row.pk: [] for row in rows if row.steps_shared}
    for step in NextStep.objects.filter(participation__in=steps) if steps else ():
        steps[step.participation_id].append(step)
    grants = []
    for row in rows:
        result: Result | None = getattr(row.attempt, "result", None)
        shown_now = result is not None and is_visible(result)
        grants.append(Grant(row, result, shown_now, row.links, steps.get(row.pk, [])))
    return grants


def coaches_of(grants: Iterable[Grant]) -> list[str]:
    return list(
        dict.fromkeys(grant.participation.invitation.coach.name for grant in grants)
    )


def own_grant(key: str, pk: int) -> Participation | None:
    """One grant, if the holder of the key gave it."""
    return (
        Participation.objects.filter(pk=pk, attempt__owner__key_sha256=keys.digest(key))
        .select_related("invitation__coach", "attempt__owner")
        .first()
    )


def hold_on(result: Result, grants: Iterable[Grant] | None = None) -> Hold | None:
    """Until when, and for the talk with whom, the owner's own pages leave this result out. A careless one is never held:
    no coach sees it, so there is nothing to talk about."""
    if result.outcome == Outcome.CARELESS:
        return None
    found = grants_of(result.owner) if grants is None else grants
    return hold_by(
        grant for grant in found if grant.participation.attempt_id == result.attempt_id
    )


def hold_by(grants: Iterable[Grant]) -> Hold | None:
    """Of the grants of one attempt: until when they hold its result, or will."""
    now = timezone.now()
    holding = [
        (grant.participation.held_until, grant.participation.invitation.coach.name)
        for grant in grants
        if grant.participation.opened_early_at is None
        and grant.participation.held_until is not None
        and grant.participation.held_until > now
    ]
    if not holding:
        return None
    return Hold(
        max(until for until, _ in holding),
        tuple(dict.fromkeys(name for _, name in holding)),
    )


def not_yet_seen_by(result: Result, grants: Iterable[Grant]) -> list[Grant]:
    """The newest grant of each invitation whose coach may see earlier results alone, and not this one: who might be let see it
    too. `shown` tells whether she sees that earlier one; it may be careless."""
    if not is_visible(result):
        return []
    given = list(grants)
    seeing = {
        grant.participation.invitation.coach_id
        for grant in given
        if grant.participation.attempt_id == result.attempt_id
    }
    newest: dict[int, Grant] = {}
    for grant in given:
        coach = grant.participation.invitation.coach
        if coach.pk in seeing or not coach.has_workspace:
            continue  # she sees it by another invitation, or nothing at all
        place = grant.participation.invitation_id
        known = newest.get(place)
        if known is None or _number(grant) > _number(known):
            newest[place] = grant
    return [grant for grant in newest.values() if _number(grant) < result.number]


def _number(grant: Grant) -> float:
    """An attempt that is still open will be the owner's next result."""
    return grant.result.number if grant.result else float("inf")
