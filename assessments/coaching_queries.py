"""What a coach may read of her clients. Every row is hers alone: somebody else's is None.

    coach_of(user) -> Coach | None                        approved, with an open account and an open workspace
    requests() -> list[Coach]                             who waits for a Coach manager, longest first
    invitations_of(coach) -> list[Group]                  newest first, with Status and State; two queries
    own_invitation(coach, pk) -> Invitation | None
    own_participation(coach, pk) -> ClientRow | None
    own_step(coach, pk) -> NextStep | None
    own_onward_link(coach, pk) -> ShareLink | None
    steps_of(participation) -> list[NextStep]
    onward_links_of(participation) -> list[ShareLink]     newest first, ended ones included
    status_of(invitation) -> Status
    group_page(invitation, *, sort="newest", outcome="", status="", page=1) -> GroupPage
    shown_part(invitation, *, first, most) -> list[ClientRow]   of shown(), from place `first` on
    shown(invitation) -> Iterator[ClientRow]              for picture, print and export: with a visible result alone
    people_shown(invitation) -> int                       how many people those rows belong to: one may show several results
    results_of_client(participation) -> list[ClientRow]   the same client's visible results in this group, newest first
    taken(invitation) -> int, state_of(invitation, people) -> State
    visible() -> Q, is_visible(result) -> bool            the one rule of what a coach sees

A ClientRow holds a Result only where the coach may see it, so pages need no rule of their own. How much of it she may see is
`participation.scope`, for report(). What the client reads is in joining_queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from assessments.models import (
    Coach,
    Invitation,
    NextStep,
    Participation,
    Result,
    ShareLink,
)

PAGE = 50  # clients on one page of a group's table


class State(StrEnum):
    """Whether an invitation takes somebody new, and if not, why."""

    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"
    FULL = "full"


class Progress(StrEnum):
    """How far a grant has come. FINISHED: there is a result, but none for the coach (careless, or past its date)."""

    STARTED = "started"
    FINISHED = "finished"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Status:
    """A group in numbers: people who have agreed, and so begun (the places taken); people with a result; results that the coach
    sees, of which one person may show several."""

    people: int
    finished: int
    shared: int


@dataclass(frozen=True, slots=True)
class Group:
    invitation: Invitation
    status: Status
    state: State


@dataclass(frozen=True, slots=True)
class ClientRow:
    participation: Participation
    result: Result | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class GroupPage:
    rows: list[ClientRow]
    number: int
    pages: int
    matching: int
    status: Status
    state: State


def visible() -> Q:
    """Of a Participation: its Result is there, is still kept, and is not careless. The one rule of what a coach sees."""
    return Q(attempt__result__expires_at__gt=timezone.now()) & ~Q(
        attempt__result__outcome="careless"
    )


def is_visible(result: Result) -> bool:
    """The rule of visible(), for a Result that is loaded."""
    return result.expires_at > timezone.now() and result.outcome != "careless"


def taken(invitation: Invitation) -> int:
    """Places taken: distinct owners with a grant."""
    return (
        invitation.participations.order_by().values("attempt__owner").distinct().count()
    )


def state_of(invitation: Invitation, people: int) -> State:
    """Closed by hand, with the coach's workspace or with her account; past its date; or with every place taken; in this order."""
    if invitation.closed_at or not invitation.coach.has_workspace:
        return State.CLOSED
    if invitation.expires_at and invitation.expires_at <= timezone.now():
        return State.EXPIRED
    if invitation.max_uses is not None and people >= invitation.max_uses:
        return State.FULL
    return State.OPEN


def coach_of(user: User | AnonymousUser) -> Coach | None:
    """The coach whose workspace this account opens."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Coach.objects.filter(
        user_id=user.pk, approved_at__isnull=False, closed_at=None
    ).first()


def requests() -> list[Coach]:
    return list(Coach.objects.filter(approved_at=None).order_by("asked_at", "pk"))


def _counts() -> dict[str, Count]:
    """The fields of Status, in order."""
    return {
        "people": Count("attempt__owner", distinct=True),
        "finished": Count(
            "attempt__owner", filter=Q(attempt__result__isnull=False), distinct=True
        ),
        "shared": Count("pk", filter=visible()),
    }


def invitations_of(coach: Coach) -> list[Group]:
    """All her invitations, newest first. Two queries, however many there are."""
    counted = (
        Participation.objects.filter(invitation__coach=coach)
        .order_by()
        .values_list("invitation")
        .annotate(**_counts())
    )
    statuses = {invitation: Status(*counts) for invitation, *counts in counted}
    groups = []
    for invitation in Invitation.objects.filter(coach=coach).select_related(
        "coach__user"
    ):
        status = statuses.get(invitation.pk, Status(0, 0, 0))
        groups.append(Group(invitation, status, state_of(invitation, status.people)))
    return groups


def own_invitation(coach: Coach, pk: int) -> Invitation | None:
    return (
        Invitation.objects.filter(coach=coach, pk=pk)
        .select_related("coach__user")
        .first()
    )


def own_participation(coach: Coach, pk: int) -> ClientRow | None:
    found = (
        _with_results(Participation.objects.filter(invitation__coach=coach, pk=pk))
        .select_related("invitation__coach")
        .first()
    )
    return _row(found) if found else None


def own_step(coach: Coach, pk: int) -> NextStep | None:
    return (
        NextStep.objects.filter(participation__invitation__coach=coach, pk=pk)
        .select_related("participation__attempt")
        .first()
    )


def own_onward_link(coach: Coach, pk: int) -> ShareLink | None:
    return (
        ShareLink.objects.filter(participation__invitation__coach=coach, pk=pk)
        .select_related("participation")
        .first()
    )


def steps_of(participation: Participation) -> list[NextStep]:
    return list(participation.steps.all())


def onward_links_of(participation: Participation) -> list[ShareLink]:
    """The coach's links under this grant, newest first, ended ones included."""
    links = participation.share_links.select_related(
        "result", "participation__invitation__coach__user"
    )
    return list(links.defer("result__reply", "result__answers"))


def status_of(invitation: Invitation) -> Status:
    return Status(**invitation.participations.aggregate(**_counts()))


def group_page(
    invitation: Invitation,
    *,
    sort: str = "newest",
    outcome: str = "",
    status: str = "",
    page: int = 1,
) -> GroupPage:
    """One page of a group's table, in two queries. `sort`: newest, name, project (strongest lean towards project first) or
    product; `outcome`: one of the engine's, of visible results alone; `status`: a Progress. A page that is not there is the
    nearest that is. An unknown sort or status raises KeyError: check them with a form first."""
    wanted = Q()
    if outcome:
        wanted &= visible() & Q(attempt__result__outcome=outcome)
    if status:
        wanted &= _progress(Progress(status))
    counts = invitation.participations.aggregate(
        **_counts(), matching=Count("pk", filter=wanted)
    )
    matching = counts.pop("matching")
    found = Status(**counts)
    pages = max(-(-matching // PAGE), 1)
    number = min(max(page, 1), pages)
    # The page's keys first: what would be sorted is then a key and not a whole result.
    order = _order(sort)
    on_page = invitation.participations.filter(wanted).order_by(*order)[
        (number - 1) * PAGE : number * PAGE
    ]
    rows = (
        _with_results(Participation.objects.filter(pk__in=on_page.values("pk")))
        .defer("notes")
        .order_by(*order)
    )
    return GroupPage(
        rows=[_row(each) for each in rows],
        number=number,
        pages=pages,
        matching=matching,
        status=found,
        state=state_of(invitation, found.people),
    )


def people_shown(invitation: Invitation) -> int:
    return (
        invitation.participations.filter(visible())
        .order_by()
        .values("attempt__owner")
        .distinct()
        .count()
    )


def shown_part(invitation: Invitation, *, first: int, most: int) -> list[ClientRow]:
    """As shown(). The keys first, or all results before would be read as well."""
    part = invitation.participations.filter(visible()).order_by("name", "pk")[
        first : first + most
    ]
    rows = (
        _with_results(Participation.objects.filter(pk__in=part.values("pk")))
        .defer("notes")
        .order_by("name", "pk")
    )
    return [_row(each) for each in rows]


def shown(invitation: Invitation) -> Iterator[ClientRow]:
    """Every client whose result the coach sees now, by name."""
    rows = (
        _with_results(invitation.participations.filter(visible()))
        .defer("notes")
        .order_by("name", "pk")
    )
    return (_row(each) for each in rows.iterator(chunk_size=200))


def results_of_client(participation: Participation) -> list[ClientRow]:
    """What the same person shares in the same group, newest first. Other groups are left out: under another name she is
    somebody else there."""
    same = Participation.objects.filter(
        invitation=participation.invitation_id,
        attempt__owner=participation.attempt.owner_id,
    )
    return [
        _row(each)
        for each in _with_results(same.filter(visible())).order_by(
            "-attempt__result__number"
        )
    ]


def _with_results(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    return rows.select_related("attempt__result__version").defer(
        "attempt__answers", "attempt__timings", "attempt__result__version__definition"
    )


def _row(participation: Participation) -> ClientRow:
    result: Result | None = getattr(participation.attempt, "result", None)
    if result is None:
        return ClientRow(participation, None, Progress.STARTED)
    if not is_visible(result):
        return ClientRow(participation, None, Progress.FINISHED)
    return ClientRow(participation, result, Progress.SHARED)


def _progress(progress: Progress) -> Q:
    started = Q(attempt__result=None)
    return {
        Progress.STARTED: started,
        Progress.FINISHED: ~started & ~visible(),
        Progress.SHARED: visible(),
    }[progress]


def _order(sort: str) -> tuple[str | Combinable, ...]:
    # A lean that the coach does not see must not show in the order either.
    lean = Case(When(visible(), then=F("attempt__result__lean")))
    orders: dict[str, tuple[str | Combinable, ...]] = {
        "newest": ("-consented_at", "-pk"),
        "name": ("name", "pk"),
        "project": (lean.desc(nulls_last=True), "-pk"),
        "product": (lean.asc(nulls_last=True), "-pk"),
    }
    return orders[sort]
