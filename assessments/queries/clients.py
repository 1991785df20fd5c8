"""What a coach sees of the clients in a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.expressions import Combinable

from assessments.models import (
    Coach,
    ConversationPrompt,
    Invitation,
    NextStep,
    Participation,
    PersonalLink,
    Result,
    ShareLink,
    kept_attempts,
)
from assessments.queries.invitations import (
    State,
    Status,
    state_of,
    status_counts,
)
from assessments.queries.people import PersonStage, stage, stage_of, with_results
from assessments.queries.personal_links import not_started
from assessments.queries.visible import kept, visible
from content import published

# Clients on one page of a group's table.
CLIENTS_PER_PAGE = 50
# Results in a picker. The page of any client leads to a comparison as well.
MAX_LISTED = 300


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One grant. `result` is None unless the coach may see it."""

    participation: Participation
    result: Result | None
    stage: PersonStage


@dataclass(frozen=True, slots=True)
class GroupPage:
    clients: Page[ClientRow]
    status: Status
    state: State
    not_started: list[PersonalLink]


def own_participation(coach: Coach, pk: int) -> ClientRow | None:
    participation = (
        with_results(
            Participation.objects.filter(kept(), invitation__coach=coach, pk=pk)
        )
        .select_related("invitation__coach", "client")
        .first()
    )
    return _row(participation) if participation else None


def own_step(coach: Coach, pk: int) -> NextStep | None:
    return (
        NextStep.objects.filter(
            kept_attempts("participation__attempt"),
            participation__invitation__coach=coach,
            pk=pk,
        )
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


def group_page(
    invitation: Invitation,
    *,
    sort: str = "newest",
    outcome: str = "",
    status: str = "",
    page: str | int | None = None,
) -> GroupPage:
    """One page of a group's table, in three queries.

    `sort`: newest, name, project (strongest lean toward project first) or product.
    `outcome`: one of the engine's outcomes; only visible results match.
    `status`: a PersonStage. `page`: a number past the last page gives the last page,
    and what is no number the first.

    Raises KeyError for an unknown sort and ValueError for an unknown status: a form
    checks them first.
    """
    filters = Q()
    if outcome:
        filters &= visible() & Q(attempt__result__outcome=outcome)
    if status:
        filters &= Q(stage=PersonStage(status).value)
    grants = invitation.participations.alias(stage=stage()).filter(kept())
    counts = grants.aggregate(**status_counts(), matching=Count("pk", filter=filters))
    # The keys of the page come first, so that the database sorts keys and not results.
    order = _order(sort)
    keys = grants.filter(filters).order_by(*order).values("pk")
    paginator: Paginator[Any] = Paginator(keys, CLIENTS_PER_PAGE)
    paginator.count = counts.pop("matching")
    found = paginator.get_page(page)
    rows = (
        with_results(Participation.objects.filter(pk__in=found.object_list))
        .defer("notes")
        .order_by(*order)
    )
    waiting = not_started(invitation)
    group_status = Status(**counts, not_started=len(waiting))
    return GroupPage(
        clients=Page([_row(grant) for grant in rows], found.number, paginator),
        status=group_status,
        state=state_of(invitation, group_status.invited),
        not_started=waiting,
    )


def visible_people_count(invitation: Invitation) -> int:
    """How many people share a visible result in this group."""
    return (
        invitation.participations.filter(visible())
        .order_by()
        .values("attempt__owner")
        .distinct()
        .count()
    )


def visible_clients(invitation: Invitation) -> Iterator[ClientRow]:
    """Every client whose result the coach sees now, by name."""
    rows = (
        with_results(invitation.participations.filter(visible()))
        .defer("notes")
        .order_by("name", "pk")
    )
    return (_row(participation) for participation in rows.iterator(chunk_size=200))


def visible_clients_part(
    invitation: Invitation, *, first: int, most: int
) -> list[ClientRow]:
    """A part of visible_clients.

    Reads the keys first: otherwise the database would read all results before `first`.
    """
    part = invitation.participations.filter(visible()).order_by("name", "pk")[
        first : first + most
    ]
    rows = (
        with_results(Participation.objects.filter(pk__in=part.values("pk")))
        .defer("notes")
        .order_by("name", "pk")
    )
    return [_row(participation) for participation in rows]


def everybody(invitation: Invitation) -> Iterator[ClientRow]:
    """Every grant of a group that is still kept, by name, with its next steps."""
    rows = (
        with_results(invitation.participations.filter(kept()))
        .prefetch_related("steps")
        .order_by("name", "pk")
    )
    return (_row(participation) for participation in rows.iterator(chunk_size=200))


def grants_in_group(participation: Participation) -> QuerySet[Participation]:
    """The grants of the same client under the same invitation, this one included."""
    this = Participation.objects.filter(pk=participation.pk)
    return Participation.objects.filter(
        Q(pk=participation.pk) | Q(client__in=this.values("client")),
        invitation=participation.invitation_id,
    )


def results_of_client(participation: Participation) -> list[ClientRow]:
    """What the same person shares in the same group, newest first.

    Other groups are left out, because the person may have another name there.
    """
    same_person = Participation.objects.filter(
        invitation=participation.invitation_id,
        attempt__owner=participation.attempt.owner_id,
    )
    rows = with_results(same_person.filter(visible()))
    return [_row(row) for row in rows.order_by("-attempt__result__number")]


def conversation_prompts() -> dict[str, str]:
    """The questions that staff suggest to coaches, by kind."""
    prompts = published.published_words(ConversationPrompt)
    return {kind: prompt["text"] for kind, prompt in prompts.items()}


def comparable(coach: Coach) -> list[Participation]:
    """The newest grants whose result the coach sees, with the group of each."""
    return list(
        Participation.objects.filter(visible(), invitation__coach=coach)
        .select_related("invitation", "attempt__result", "client")
        .only(
            "name",
            "client__name",
            "client__private_name",
            "invitation__label",
            "attempt__result__finished_at",
            "attempt__result__number",
            "attempt__owner_id",
        )
        .order_by("-consented_at", "-pk")[:MAX_LISTED]
    )


def _row(participation: Participation) -> ClientRow:
    reached = stage_of(participation)
    return ClientRow(
        participation,
        participation.attempt.result if reached.has_result else None,
        reached,
    )


def _order(sort: str) -> tuple[str | Combinable, ...]:
    # The order must not reveal a lean that the coach does not see.
    lean = Case(When(visible(), then=F("attempt__result__lean")))
    orders: dict[str, tuple[str | Combinable, ...]] = {
        "newest": ("-consented_at", "-pk"),
        "name": ("name", "pk"),
        "project": (lean.desc(nulls_last=True), "-pk"),
        "product": (lean.asc(nulls_last=True), "-pk"),
    }
    return orders[sort]
