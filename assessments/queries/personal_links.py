"""The links of people whom a coach invited by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from assessments import keys
from assessments.models import Coach, Invitation, Participation, PersonalLink
from assessments.queries.people import PersonStage, stage
from assessments.queries.visible import kept, known_to_owner
from assessments.typed import folded

REMINDED_EVERY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """`grant`: the key of the newest grant, None for someone who has not joined.

    `stage`: that of this grant. `finished`: whether there is a result, of this grant
    or an earlier one. `joined_as`: as in `joined_by_code`.
    """

    link: PersonalLink
    grant: int | None
    stage: PersonStage
    finished: bool
    joined_as: int | None


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How many people of a group can be written to, and how that went.

    `unsent` have an address and no email yet, without those that `failed`. `due` can
    get a reminder now, and `waiting` later.
    """

    unsent: int
    failed: int
    sent: int
    due: int
    waiting: int
    without_address: int


def link_by_code(text: str) -> PersonalLink | None:
    """The personal link with this code, in whatever spacing and case it was typed."""
    code = keys.read_code(text)
    return (
        PersonalLink.objects.filter(code=code)
        .select_related("invitation__coach__user", "client")
        .first()
        if code
        else None
    )


def own_link(coach: Coach, pk: int) -> PersonalLink | None:
    return (
        PersonalLink.objects.filter(invitation__coach=coach, pk=pk)
        .select_related("invitation__coach__user", "client")
        .first()
    )


def grants_under(link: PersonalLink) -> QuerySet[Participation]:
    """The grants for which a link was used. Abandoned answers count as gone."""
    return Participation.objects.filter(
        known_to_owner(), invitation=link.invitation_id, client=link.client_id
    )


def is_used_by_another(link: PersonalLink, owner_id: int | None) -> bool:
    """Whether somebody else than this owner has joined with the link."""
    return grants_under(link).exclude(attempt__owner=owner_id).exists()


def unused() -> Q:
    """Match the links whose person has not started. Each of them keeps a place."""
    return Q(~Exists(_grants()))


def unused_counts(invitations: Iterable[int]) -> dict[int, int]:
    """How many unused links each of these invitations has; those without are absent."""
    counted = (
        PersonalLink.objects.filter(unused(), invitation__in=list(invitations))
        .order_by()
        .values_list("invitation")
        .annotate(Count("pk"))
    )
    return dict(counted)


def invited_people(invitation: Invitation) -> list[InvitedPerson]:
    """Everybody invited by name, those who have not started first."""
    grants = _grants().order_by("-pk")
    rows = invitation.personal_links.select_related("client").annotate(
        grant=Subquery(grants.values("pk")[:1]),
        stage=Subquery(grants.annotate(stage=stage()).values("stage")[:1]),
        finished=Exists(grants.filter(attempt__finished_at__isnull=False)),
    )
    joined = joined_by_code(invitation)
    people = [
        InvitedPerson(
            link,
            vars(link)["grant"],
            PersonStage(vars(link)["stage"] or PersonStage.INVITED),
            vars(link)["finished"],
            joined.get(link.pk),
        )
        for link in rows
    ]
    return sorted(
        people,
        key=lambda person: (
            person.finished,
            person.grant is not None,
            str(person.link.client).casefold(),
            person.link.pk,
        ),
    )


def not_started(invitation: Invitation) -> list[PersonalLink]:
    """The links of people who have not started, by name, with their clients."""
    links = invitation.personal_links.filter(unused()).select_related("client")
    return sorted(links, key=lambda link: (str(link.client).casefold(), link.pk))


def joined_by_code(invitation: Invitation) -> dict[int, int]:
    """Which people with unused links seem to have joined with the group's own code.

    Maps the key of the link to that of the client who joined, in one query. A link and
    a client match if all of this is true:

    - It's the only link of the group with its name, and nobody uses it.
    - Of those who have no link of the group, and of whom something is kept, only this
      client wrote that name.
    - The client joined after the link was made.
    - Both clients have the same private name, or none.

    A client who matches several links matches none of them. Only the coach, who reads
    both names anyway, is told. The two entries stay apart until the coach merges them.
    """
    own = invitation.personal_links
    links = own.annotate(used=Exists(_grants()), link=F("pk"), at=F("created_at"))
    grants = (
        Participation.objects.filter(
            kept(), invitation=invitation, client__isnull=False
        )
        .exclude(client__in=own.values("client"))
        .annotate(used=Value(True), link=Value(0), at=F("consented_at"))
    )
    columns = ("link", "client", "at", "used", "name", "client__private_name")
    rows = links.order_by().values_list(*columns)
    rows = rows.union(grants.order_by().values_list(*columns), all=True)
    invited: dict[str, list[tuple[int, datetime, bool, str]]] = {}
    joined: dict[str, dict[int, tuple[datetime, str]]] = {}
    # So the first grant of a client is what stays.
    for link, client, at, used, name, private_name in rows.order_by("-at"):
        if link:
            invited.setdefault(folded(name), []).append((link, at, used, private_name))
        else:
            joined.setdefault(folded(name), {})[client] = (at, private_name)
    matches = {
        link: client
        for name, [(link, made_at, used, private_name), *others] in invited.items()
        for client, (joined_at, other_name) in joined.get(name, {}).items()
        if not used and not others and len(joined[name]) == 1
        if joined_at > made_at and folded(private_name) == folded(other_name)
    }
    times = Counter(matches.values())
    return {link: client for link, client in matches.items() if times[client] == 1}


def unsent(invitation: Invitation, *, failed: bool) -> QuerySet[PersonalLink]:
    """Links that can be mailed and were not, or those where that failed."""
    return _mailable(invitation).filter(
        unused(), sent_at=None, failed_at__isnull=not failed
    )


def due_for_reminder(
    invitation: Invitation, *, now: datetime
) -> QuerySet[PersonalLink]:
    """Links whose people may be reminded now."""
    return _open_to_reminders(invitation).filter(_due(now))


def mail_counts(
    invitation: Invitation, *, now: datetime, joined: Collection[int] | None = None
) -> MailCounts:
    """`joined`: the links that `joined_by_code` gives, where the caller has them."""
    reminded = _open_to_reminders(invitation, joined)
    due = reminded.filter(_due(now)).count()
    return MailCounts(
        unsent=unsent(invitation, failed=False).count(),
        failed=unsent(invitation, failed=True).count(),
        sent=invitation.personal_links.filter(sent_at__isnull=False).count(),
        due=due,
        waiting=reminded.count() - due,
        without_address=invitation.personal_links.filter(unused(), email="").count(),
    )


def _due(now: datetime) -> Q:
    before = now - REMINDED_EVERY
    return Q(reminded_at=None, sent_at__lte=before) | Q(reminded_at__lte=before)


def _open_to_reminders(
    invitation: Invitation, joined: Collection[int] | None = None
) -> QuerySet[PersonalLink]:
    """Links of people who have neither finished nor joined with the group's code."""
    if joined is None:
        joined = joined_by_code(invitation)
    finished = _grants().filter(attempt__finished_at__isnull=False)
    return _mailable(invitation).filter(
        ~Exists(finished),
        ~Q(pk__in=list(joined)),
        sent_at__isnull=False,
        reminders__lt=PersonalLink.MAX_REMINDERS,
    )


def _mailable(invitation: Invitation) -> QuerySet[PersonalLink]:
    return invitation.personal_links.filter(stopped_at=None).exclude(email="")


def _grants() -> QuerySet[Participation]:
    """Those of the person of a link, in a query of links."""
    return Participation.objects.filter(
        known_to_owner(), invitation=OuterRef("invitation"), client=OuterRef("client")
    )
