"""The people in a coach's workspace: the list with its filters, and one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.models import (
    Attempt,
    Client,
    Coach,
    Invitation,
    Participation,
    PersonalLink,
    Result,
    abandoned,
    resumable,
)
from assessments.queries.visible import kept, visible
from assessments.typed import folded, numbered

PEOPLE_PER_PAGE = 50
# Entries that a coach may choose from, where two are one person.
MAX_FOUND = 20


class PersonStage(StrEnum):
    """How far a person has come with a personal link or a grant.

    Pages show the values as words. JOINED: agreed, and nothing is answered yet.
    FINISHED: there is a result, but the coach does not see it (careless, or past its
    date). HELD: the coach sees it, and the person does not yet.
    """

    INVITED = "invited"
    JOINED = "joined"
    STARTED = "started"
    FINISHED = "finished"
    SHARED = "shared"
    HELD = "held"

    @property
    def has_result(self) -> bool:
        """Whether there is a result that the coach sees."""
        return self in (PersonStage.SHARED, PersonStage.HELD)


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people a list shows.

    `words`: parts of the names and the tag, folded. `group`: the key of an invitation,
    0 for all. `stage`: a PersonStage, or empty.
    """

    words: tuple[str, ...] = ()
    group: int = 0
    stage: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class OpenLink:
    """The keys of a personal link and of its invitation, which is open."""

    pk: int
    invitation_id: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the list.

    `number`: from `namesakes`, 0 if nobody else has the name. `since`: the moment that
    `stage` is about. `newest`: the grant of the newest result that the coach sees, with
    the result. `link`: with which the person can begin or go on, None if finished.
    """

    client: Client
    number: int
    stage: PersonStage
    since: datetime
    groups: tuple[str, ...]
    newest: Participation | None
    link: OpenLink | None


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """An invitation with the number of people in it.

    `only`: the key of the one person of an invitation for one person, once there is
    somebody.
    """

    invitation: Invitation
    people: int
    only: int | None


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """A workspace in numbers. `people`, `unfinished` and `new` leave archived ones out.

    `unfinished`: people with a personal link that is not used, or with open answers.
    `new`: results that the coach sees and that were finished since yesterday.
    """

    groups: list[PeopleGroup]
    people: int = 0
    archived: int = 0
    unfinished: int = 0
    new: int = 0

    def matching(self, wanted: PeopleFilter) -> int | None:
        """How many people a list shows, where these numbers say so."""
        if wanted == PeopleFilter():
            return self.people
        if wanted == PeopleFilter(archived=True):
            return self.archived
        return next(
            (
                group.people
                for group in self.groups
                if wanted == PeopleFilter(group=group.invitation.pk)
            ),
            None,
        )


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, folded as what clients can be found by."""
    return tuple(folded(text).split())


def start_of_yesterday() -> datetime:
    """Midnight at the beginning of yesterday, in the current time zone."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=1)


def people_page(
    coach: Coach,
    wanted: PeopleFilter,
    counts: PeopleCounts,
    *,
    page: str | int | None = None,
) -> Page[PersonRow]:
    """One page of the list, newest first, in three queries; a search takes one more.

    A number past the last page gives the last page, and what is no number the first.
    Raises ValueError for an unknown stage: a form checks it first.
    """
    rows = _with_link(_people(coach, wanted), wanted).order_by("-latest_at", "-pk")
    paginator: Paginator[Any] = Paginator(rows, PEOPLE_PER_PAGE)
    matching = counts.matching(wanted)
    if matching is not None:
        paginator.count = matching
    found = paginator.get_page(page)
    return Page(_rows(coach, list(found), wanted), found.number, paginator)


def people_counts(coach: Coach) -> PeopleCounts:
    """The groups, newest first, and the numbers above the list, in one query."""
    yesterday = start_of_yesterday()
    everyone = Client.objects.filter(coach=coach, archived_at=None)
    archived = Client.objects.filter(coach=coach, archived_at__isnull=False)
    opened = Participation.objects.filter(
        client=OuterRef("pk"),
        attempt__in=Attempt.objects.filter(resumable()).values("pk"),
    )
    new = Participation.objects.filter(
        visible(),
        client__coach=coach,
        client__archived_at=None,
        client__latest_at__gte=yesterday,
        attempt__finished_at__gte=yesterday,
    )
    numbers = {
        "people": _count(everyone) - _count(_forgotten(everyone)),
        "archived": _count(archived) - _count(_forgotten(archived)),
        "unfinished": _count(everyone.filter(Exists(opened) | Exists(_links()))),
        "new": _count(new, "client__coach", "attempt"),
    }
    joined = _kept_grants().filter(client__archived_at=None)
    invited = _unused_links().filter(client__archived_at=None)
    rows = (
        Invitation.objects.filter(coach=coach, result_request=None)
        .annotate(
            joined=_number_in_group(joined),
            invited=_number_in_group(invited),
            only=_only(),
            **numbers,
        )
        .select_related("coach__user")
    )
    groups = list(rows)
    if not groups:
        return PeopleCounts([])
    return PeopleCounts(
        [PeopleGroup(row, row.joined + row.invited, row.only) for row in groups],
        **{name: getattr(groups[0], name) for name in numbers},
    )


def group_labels(coach: Coach) -> list[tuple[int, str]]:
    """The keys and labels of all invitations, newest first."""
    groups = Invitation.objects.filter(coach=coach, result_request=None)
    return list(groups.values_list("pk", "label"))


def only_people(coach: Coach) -> dict[int, int]:
    """The key of the person in each invitation for one person that has somebody."""
    rows = Invitation.objects.filter(coach=coach, max_uses=1).annotate(only=_only())
    found = rows.exclude(only=None).order_by().values_list("pk", "only")
    return dict(found)


def own_person(coach: Coach, pk: int) -> Client | None:
    """One of the coach's people, archived or not."""
    return _known(Client.objects.filter(coach=coach, pk=pk)).first()


def grants_of_person(client: Client) -> list[Participation]:
    """The person's grants with group, result and stage, newest first.

    `link` is the key of the personal link, None without one or where the invitation is
    closed or has ended.
    """
    return list(_newest_first(Participation.objects.filter(kept(), client=client)))


def unused_links_of(client: Client) -> list[PersonalLink]:
    """The person's personal links that nobody has used, newest first.

    `is_open`: whether the invitation is neither closed nor ended.
    """
    links = _unused_links().filter(client=client).select_related("invitation")
    opened = Case(When(_opened(), then=Value(True)), default=Value(False))
    return list(links.annotate(is_open=opened).order_by("-created_at", "-pk"))


def stage() -> Case:
    """The PersonStage of a grant, for a query of Participations."""
    is_open = Q(attempt__finished_at=None)
    is_held = Q(opened_early_at=None, held_until__gt=timezone.now())
    rules = {
        PersonStage.JOINED: is_open & Q(attempt__answers={}),
        PersonStage.STARTED: is_open,
        PersonStage.HELD: visible() & is_held,
        PersonStage.SHARED: visible(),
    }
    return Case(
        *(When(rule, then=Value(found.value)) for found, rule in rules.items()),
        default=Value(PersonStage.FINISHED.value),
    )


def with_results(grants: QuerySet[Participation]) -> QuerySet[Participation]:
    """With results and stages, and without the answers."""
    return (
        grants.select_related("attempt__result__version")
        .defer(
            "attempt__answers",
            "attempt__timings",
            "attempt__result__version__definition",
        )
        .annotate(stage=stage())
    )


def stage_of(grant: Participation) -> PersonStage:
    """The stage of a grant that comes from `with_results`."""
    return PersonStage(vars(grant)["stage"])


def open_link_of(grant: Any) -> OpenLink | None:
    """With which somebody can go on, by a grant of `grants_of_person`."""
    if grant.link is None or grant.attempt.finished_at:
        return None
    return OpenLink(grant.link, grant.invitation_id)


def neighbors(
    coach: Coach, client: Client, wanted: PeopleFilter
) -> tuple[Client | None, Client | None]:
    """The people before and after this one in the list, each with `grant`.

    `grant` is the key of the newest grant, of the group where the list has one.
    """
    grants = _grants(wanted)
    rows = _people(coach, wanted).annotate(
        grant=Subquery(grants.order_by(*NEWEST_GRANT).values("pk")[:1])
    )
    at, pk = client.latest_at, client.pk
    above = Q(latest_at__gt=at) | Q(latest_at=at, pk__gt=pk)
    below = Q(latest_at__lt=at) | Q(latest_at=at, pk__lt=pk)
    return (
        rows.filter(above).order_by("latest_at", "pk").first(),
        rows.filter(below).order_by("-latest_at", "-pk").first(),
    )


# By a client's key, None where a grant has no client yet, and a name.
NamesakeNumbers = Counter[tuple[int | None, str]]


def namesakes(coach: Coach, names: Iterable[str]) -> NamesakeNumbers:
    """A number for each person who shares one of these names with somebody else.

    1, 2, … in the order in which they came, and 0 for everybody else. All names of a
    person count: their own, the coach's private one, and those written with grants. So
    a name has the same number on every page and in files. Somebody may still write
    “Ann (2)” as a name, and looks like the second Ann then.
    """
    wanted = set(names) - {""}
    people = _known(Client.objects.filter(coach=coach)).order_by()
    grants = _kept_grants().filter(invitation__coach=coach, client__isnull=False)
    found = (
        people.filter(name__in=wanted)
        .values_list("pk", "name")
        .union(
            people.filter(private_name__in=wanted).values_list("pk", "private_name"),
            grants.filter(name__in=wanted).order_by().values_list("client", "name"),
        )
    )
    by_name: dict[str, list[int]] = {}
    for pk, name in sorted(found):
        by_name.setdefault(name, []).append(pk)
    return Counter(
        {
            (pk, name): number
            for name, keys in by_name.items()
            if len(keys) > 1
            for number, pk in enumerate(keys, 1)
        }
    )


def number_of(coach: Coach, client: int | None, name: str) -> int:
    """The number of one person from `namesakes`, by the client's key and this name."""
    return namesakes(coach, [name])[client, name]


class Names:
    """What grants are called within other text: as the coach reads it, with a number.

    No client may read it: a number says that the coach has other clients of that name.
    """

    def __init__(self, coach: Coach, grants: Iterable[Participation]) -> None:
        self._numbers = namesakes(coach, map(_name, grants))

    def of(self, grant: Participation) -> str:
        name = _name(grant)
        return numbered(name, self._numbers[grant.client_id, name])


def _name(grant: Participation) -> str:
    return str(grant.client or grant.name)


def found_beside(coach: Coach, client: Client, text: str) -> list[PersonRow]:
    """Other people whom a search finds, newest first and at most MAX_FOUND."""
    wanted = PeopleFilter(words=search_words(text))
    active, archived = (
        _with_link(
            _people(coach, replace(wanted, archived=shown)).exclude(pk=client.pk),
            wanted,
        )[:MAX_FOUND]
        for shown in (False, True)
    )
    return _rows(coach, [*active, *archived][:MAX_FOUND], wanted)


NEWEST_GRANT = ("-consented_at", "-pk")


def _past() -> QuerySet[Result]:
    return Result.objects.filter(expires_at__lte=timezone.now()).order_by()


def _abandoned() -> QuerySet[Attempt]:
    return Attempt.objects.filter(abandoned())


def _kept_grants() -> QuerySet[Participation]:
    """The grants of `kept`, found by what is left out.

    What is past its time is rare and has an index. To read the answers or the result of
    each of thousands of grants would take longer.
    """
    return Participation.objects.exclude(attempt__in=_past().values("attempt")).exclude(
        attempt__in=_abandoned().values("pk")
    )


def _forgotten(rows: QuerySet[Client]) -> QuerySet[Client]:
    """Those of whom everything is past its time, and who count as gone.

    Until the daily job deletes them. Every other client has a grant or a link.
    """
    over = Participation.objects.filter(
        Q(attempt__in=_past().values("attempt"))
        | Q(attempt__in=_abandoned().values("pk"))
    )
    return rows.filter(pk__in=over.values("client")).exclude(
        Exists(_grants()) | Exists(_links())
    )


def _unused_links() -> QuerySet[PersonalLink]:
    """As personal_links.unused: whose answers were abandoned may begin again."""
    used = Participation.objects.filter(
        client=OuterRef("client"), invitation=OuterRef("invitation")
    ).exclude(attempt__in=_abandoned().values("pk"))
    return PersonalLink.objects.filter(~Exists(used))


def _opened() -> Q:
    """Match links whose invitation is open; a full one keeps a place for each."""
    ends = Q(invitation__expires_at=None) | Q(invitation__expires_at__gt=timezone.now())
    return Q(invitation__closed_at=None) & ends


def _grants(wanted: PeopleFilter = PeopleFilter()) -> QuerySet[Participation]:
    grants = _kept_grants().filter(client=OuterRef("pk"))
    return grants.filter(invitation=wanted.group) if wanted.group else grants


def _links(wanted: PeopleFilter = PeopleFilter()) -> QuerySet[PersonalLink]:
    links = _unused_links().filter(client=OuterRef("pk"))
    return links.filter(invitation=wanted.group) if wanted.group else links


def _known(
    rows: QuerySet[Client], wanted: PeopleFilter = PeopleFilter()
) -> QuerySet[Client]:
    """Those who have something that is not past its time."""
    return rows.filter(Exists(_grants(wanted)) | Exists(_links(wanted)))


def _people(coach: Coach, wanted: PeopleFilter) -> QuerySet[Client]:
    rows = Client.objects.filter(coach=coach, archived_at__isnull=not wanted.archived)
    for word in wanted.words:
        rows = rows.filter(search_text__contains=word)
    rows = _known(rows, wanted)
    return _at_stage(rows, wanted) if wanted.stage else rows


def _at_stage(rows: QuerySet[Client], wanted: PeopleFilter) -> QuerySet[Client]:
    newest = _grants(wanted).order_by(*NEWEST_GRANT)
    rows = rows.alias(
        newest_grant=Subquery(newest.values("pk")[:1]),
        joined_at=Subquery(newest.values("consented_at")[:1]),
        invited_at=_newest_link(wanted, "created_at"),
    )
    invited = Q(invited_at__isnull=False) & (
        Q(joined_at=None) | Q(invited_at__gt=F("joined_at"))
    )
    if PersonStage(wanted.stage) is PersonStage.INVITED:
        return rows.filter(invited)
    grant = Participation.objects.alias(stage=stage()).filter(
        stage=wanted.stage, pk=OuterRef("newest_grant")
    )
    return rows.filter(~invited, Exists(grant))


def _newest_link(
    wanted: PeopleFilter, column: str, condition: Q | None = None
) -> Subquery:
    links = _links(wanted).filter(condition or Q()).order_by("-created_at", "-pk")
    return Subquery(links.values(column)[:1])


def _with_link(rows: QuerySet[Client], wanted: PeopleFilter) -> QuerySet[Client]:
    """With the moment and the group of the newest unused personal link.

    And with the keys of the newest one that is open.
    """
    return rows.annotate(
        invited_at=_newest_link(wanted, "created_at"),
        invited_to=_newest_link(wanted, "invitation__label"),
        link=_newest_link(wanted, "pk", _opened()),
        link_to=_newest_link(wanted, "invitation", _opened()),
    )


def _only() -> Case:
    """The key of the one person in the outer query's invitation, if it is for one."""
    joined, invited = (
        Subquery(
            rows.filter(invitation=OuterRef("pk")).order_by("-pk").values("client")[:1]
        )
        for rows in (_kept_grants(), _unused_links())
    )
    return Case(When(max_uses=1, then=Coalesce(joined, invited)))


def _count(rows: QuerySet[Any], coach: str = "coach", counted: str = "pk") -> Coalesce:
    """How many rows of one coach there are, as a part of another query."""
    number = rows.order_by().values(coach).annotate(n=Count(counted, distinct=True))
    return Coalesce(Subquery(number.values("n")), Value(0))


def _number_in_group(rows: QuerySet[Any]) -> Coalesce:
    """How many people there are in the outer query's invitation."""
    counted = (
        rows.filter(invitation=OuterRef("pk"))
        .order_by()
        .values("invitation")
        .annotate(n=Count("client", distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(counted), Value(0))


def _newest_first(grants: QuerySet[Participation]) -> QuerySet[Participation]:
    links = PersonalLink.objects.filter(
        _opened(), client=OuterRef("client"), invitation=OuterRef("invitation")
    )
    found = with_results(grants).select_related("invitation").defer("notes")
    return found.annotate(link=Subquery(links.order_by().values("pk"))).order_by(
        *NEWEST_GRANT
    )


def _rows(coach: Coach, clients: list[Any], wanted: PeopleFilter) -> list[PersonRow]:
    """The clients with what each has; `clients` come from `_with_link`."""
    numbers = namesakes(coach, map(str, clients))
    found = _newest_first(Participation.objects.filter(kept(), client__in=clients))
    grants: dict[int | None, list[Participation]] = {}
    for grant in found:
        grants.setdefault(grant.client_id, []).append(grant)
    return [
        _row(
            client,
            numbers[client.pk, str(client)],
            grants.get(client.pk, []),
            wanted,
        )
        for client in clients
        if client.pk in grants or client.invited_at  # or withdrawn just now
    ]


def _row(
    client: Any, number: int, grants: list[Participation], wanted: PeopleFilter
) -> PersonRow:
    labels = [grant.invitation.label for grant in grants]
    if client.invited_to:
        labels.insert(0, client.invited_to)
    # The stage is that in the group of the list; the result may come from another.
    own = [grant for grant in grants if wanted.group in (0, grant.invitation_id)]
    seen = [grant for grant in grants if stage_of(grant).has_result]
    if client.invited_at and not (own and own[0].consented_at >= client.invited_at):
        reached, since = PersonStage.INVITED, client.invited_at
        link = OpenLink(client.link, client.link_to) if client.link else None
    else:
        # Where the grant in this group has just gone, another one is shown.
        grant = (own or grants)[0]
        reached = stage_of(grant)
        since = grant.attempt.finished_at or grant.consented_at
        link = open_link_of(grant)
    return PersonRow(
        client=client,
        number=number,
        stage=reached,
        since=since,
        groups=tuple(dict.fromkeys(labels)),
        newest=max(seen, key=lambda grant: grant.attempt.result.finished_at)
        if seen
        else None,
        link=link,
    )
