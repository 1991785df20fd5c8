"""The links of people whom a coach invited by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assessments import keys
from assessments.models import Coach, Invitation, Participation, PersonalLink
from assessments.queries.visible import known_to_owner

REMINDED_EVERY = timedelta(days=2)


class Step(StrEnum):
    """How far somebody invited by name has come."""

    INVITED = "invited"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """`grant`: the key of the newest grant, None for who has not started."""

    link: PersonalLink
    step: Step
    grant: int | None


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
    """Everybody invited by name, those who have not started first, in one query."""
    grants = _grants().order_by("-pk")
    rows = invitation.personal_links.select_related("client").annotate(
        grant=Subquery(grants.values("pk")[:1]),
        finished=Exists(grants.filter(attempt__finished_at__isnull=False)),
    )
    people = [InvitedPerson(link, _step(link), vars(link)["grant"]) for link in rows]
    order = list(Step)
    return sorted(
        people,
        key=lambda person: (
            order.index(person.step),
            str(person.link.client).casefold(),
            person.link.pk,
        ),
    )


def not_started(invitation: Invitation) -> list[PersonalLink]:
    """The links of people who have not started, by name, with their clients."""
    links = invitation.personal_links.filter(unused()).select_related("client")
    return sorted(links, key=lambda link: (str(link.client).casefold(), link.pk))


def unsent(invitation: Invitation, *, failed: bool) -> QuerySet[PersonalLink]:
    """Links that can be mailed and were not, or those where that failed."""
    return _mailable(invitation).filter(
        unused(), sent_at=None, failed_at__isnull=not failed
    )


def due_for_reminder(
    invitation: Invitation, *, now: datetime
) -> QuerySet[PersonalLink]:
    """Links whose people may be reminded now, those where that failed last."""
    before = now - REMINDED_EVERY
    return _open_to_reminders(invitation).filter(
        Q(reminded_at=None, sent_at__lte=before) | Q(reminded_at__lte=before)
    )


def mail_counts(invitation: Invitation, *, now: datetime) -> MailCounts:
    due = due_for_reminder(invitation, now=now).count()
    return MailCounts(
        unsent=unsent(invitation, failed=False).count(),
        failed=unsent(invitation, failed=True).count(),
        sent=invitation.personal_links.filter(sent_at__isnull=False).count(),
        due=due,
        waiting=_open_to_reminders(invitation).count() - due,
        without_address=invitation.personal_links.filter(unused(), email="").count(),
    )


def _open_to_reminders(invitation: Invitation) -> QuerySet[PersonalLink]:
    finished = _grants().filter(attempt__finished_at__isnull=False)
    return _mailable(invitation).filter(
        ~Exists(finished),
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


def _step(link: PersonalLink) -> Step:
    read = vars(link)
    if read["finished"]:
        return Step.FINISHED
    return Step.STARTED if read["grant"] else Step.INVITED
