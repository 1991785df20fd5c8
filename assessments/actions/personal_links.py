"""A coach invites people by name: each gets a link of their own into a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import lock_invitation
from assessments.actions.muting import muted
from assessments.actions.slices import in_slices, keys_in_slices
from assessments.models import Client, Invitation, Participation, PersonalLink
from assessments.queries import invitations
from assessments.queries.personal_links import grants_under, unused

# People in one list.
MAX_NAMES = 500


class Ended(Exception):
    """The invitation is closed, past its date or deleted, so nobody new is invited."""


class TooFewPlaces(Exception):
    """`free`: how many places are left."""

    def __init__(self, free: int) -> None:
        super().__init__(f"{free} left")
        self.free = free


class LinkInUse(Exception):
    """Somebody has joined with the link, so it stays."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a coach invites. `email` may be empty."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which people of a list would be invited, and which are there already."""

    new: list[Person]
    there: list[Person]


def split_list(invitation: Invitation, people: Sequence[Person]) -> Listed:
    """Tell apart whom this list would add to a group.

    Somebody is there whose address is there. Without an address to compare, the name
    decides.
    """
    addresses: set[str] = set()
    names: set[str] = set()
    names_alone: set[str] = set()
    links = invitation.personal_links.select_related("client")
    for link in links:
        own = {link.client.name.casefold(), link.client.private_name.casefold()} - {""}
        names |= own
        if link.email:
            addresses.add(link.email)
        else:
            names_alone |= own
    new: list[Person] = []
    there: list[Person] = []
    for person in people:
        name = person.name.casefold()
        is_there = (
            person.email in addresses or name in names_alone
            if person.email
            else name in names
        )
        (there if is_there else new).append(person)
        names.add(name)
        if person.email:
            addresses.add(person.email)
        else:
            names_alone.add(name)
    return Listed(new, there)


@transaction.atomic
def invite_people(invitation: Invitation, people: Sequence[Person]) -> int:
    """Make a client and a personal link for each person who is not there yet.

    So a second press of the button makes none. Returns how many were made. Who asked
    for no email from coaches gets a link without an address.
    Raises Ended, TooFewPlaces; then nobody is invited.
    """
    locked = lock_open_invitation(invitation)
    taken = invitations.places_taken(locked)
    new = split_list(locked, people).new[:MAX_NAMES]
    if locked.max_uses is not None and taken + len(new) > locked.max_uses:
        raise TooFewPlaces(max(locked.max_uses - taken, 0))
    now = timezone.now()
    clients = Client.objects.bulk_create(
        Client(coach=locked.coach, name=person.name, created_at=now, latest_at=now)
        for person in new
    )
    quiet = muted(person.email for person in new if person.email)
    PersonalLink.objects.bulk_create(
        PersonalLink(
            invitation=locked,
            client=client,
            name=person.name,
            code=keys.new_code(),
            email="" if person.email in quiet else person.email,
            stopped_at=now if person.email in quiet else None,
            created_at=now,
        )
        for client, person in zip(clients, new, strict=True)
    )
    return len(new)


@transaction.atomic
def remove_person(link: PersonalLink) -> None:
    """Take back the invitation of somebody who has not joined. Twice is as once.

    Raises LinkInUse.
    """
    lock_invitation(link.invitation_id)
    client = Client.objects.select_for_update().filter(personal_links=link.pk).first()
    if client is None:
        return
    if grants_under(link).exists():
        raise LinkInUse
    client.personal_links.filter(pk=link.pk).delete()
    if not client.participations.exists() and not client.personal_links.exists():
        client.delete()


def lock_open_invitation(invitation: Invitation) -> Invitation:
    """As lock_invitation. It may be full: people invited by name have their places.

    Raises Ended.
    """
    locked = lock_invitation(invitation.pk)
    if locked is None or invitations.state_of(locked, 0) != invitations.State.OPEN:
        raise Ended
    return locked


def forget_invited(*, now: datetime, rest: float = 0) -> int:
    """Empty addresses that are needed no more, and delete links that nobody used.

    An address goes with the end of the invitation, and once its person has finished.
    A link that nobody has used goes after FINISHED_KEPT. Returns how many addresses
    were emptied. `rest` is that of `in_slices`.
    """
    finished = Participation.objects.filter(
        invitation=OuterRef("invitation"),
        client=OuterRef("client"),
        attempt__finished_at__isnull=False,
    )
    needless = PersonalLink.objects.exclude(email="").filter(
        Exists(finished)
        | Q(invitation__closed_at__isnull=False)
        | Q(invitation__expires_at__lte=now)
        | Q(invitation__coach__closed_at__isnull=False)
    )
    emptied = sum(
        needless.filter(pk__in=keys).update(email="")
        for keys in keys_in_slices(needless, rest=rest)
    )
    old = PersonalLink.objects.filter(
        unused(), created_at__lte=now - settings.FINISHED_KEPT
    )
    waiting = iter(list(old))
    for link in in_slices(lambda: next(waiting, None), rest=rest):
        try:
            remove_person(link)
        except LinkInUse:  # just now
            continue
    return emptied
