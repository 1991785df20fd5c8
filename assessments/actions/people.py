"""The people in a coach's workspace follow what is granted and finished.

A client is written with the grant's invitation and owner locked, and a new one with
its coach, too. A coach may have joined two owners in one client, so the client is
locked as well, after them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.actions.locks import lock_in_order
from assessments.actions.slices import delete_in_slices, keys_in_slices
from assessments.models import (
    Attempt,
    Client,
    Coach,
    Invitation,
    Owner,
    Participation,
    PersonalLink,
)


class ClientGone(Exception):
    """The client has withdrawn everything, or was joined with another entry."""


class WordsChanged(Exception):
    """The coach has saved another private name or tag meanwhile, in another window."""


class SameClient(Exception):
    """An entry cannot be joined with itself, nor with one of another coach."""


def client_for(
    invitation: Invitation,
    attempt: Attempt,
    *,
    name: str,
    now: datetime,
    link: PersonalLink | None = None,
) -> Client:
    """The client to whom a new grant for this attempt belongs.

    It is the one of the owner's earlier grants to this coach, or that of the personal
    link, or a new one. It takes the name that the owner writes now, and comes back from
    the archive. The name by which the coach invited stays as the coach's own.

    An owner who wrote another name in another group may not want the coach to know that
    both are one person, so that is another client.
    """
    coach = invitation.coach
    earlier = Participation.objects.filter(
        Q(name=name) | Q(invitation=invitation),
        invitation__coach=coach,
        attempt__owner=attempt.owner_id,
    ).values("client")
    known = Client.objects.select_for_update().filter(pk__in=earlier).first()
    # As it is now: the coach may have joined two clients since the page was drawn.
    invited = Client.objects.get(personal_links=link) if link else None
    client = known or invited
    if client is None:
        return Client.objects.create(
            coach=coach, name=name, created_at=now, latest_at=now
        )
    if link and invited and known and invited != known:
        _take_invited(known, invited, link)
    if invited and not client.private_name and invited.name != name:
        client.private_name = invited.private_name or invited.name
    client.name, client.latest_at, client.archived_at = name, now, None
    client.save(update_fields=["name", "private_name", "latest_at", "archived_at"])
    return client


def lock_clients(coach: Coach, owner_id: int, link: PersonalLink) -> None:
    """Lock whom this link names and whom the owner is already, lower keys first."""
    rows = Client.objects.select_for_update().filter(
        Q(pk__in=Client.objects.filter(personal_links=link.pk).values("pk"))
        | Q(
            pk__in=Participation.objects.filter(
                invitation__coach=coach, attempt__owner=owner_id
            ).values("client")
        )
    )
    list(rows.order_by("pk"))


def _take_invited(client: Client, invited: Client, link: PersonalLink) -> None:
    """Move a link to the client whose owner uses it, and delete who was only invited.

    A client has one link in a group: the one that was used stays.
    """
    client.personal_links.filter(invitation=link.invitation_id).delete()
    invited.personal_links.filter(pk=link.pk).update(client=client)
    if not invited.participations.exists() and not invited.personal_links.exists():
        if not client.tag:
            client.tag = invited.tag
            client.save(update_fields=["tag"])
        invited.delete()


def note_finish(attempt: Attempt) -> None:
    """Put the clients whose answers these are first in their coaches' lists."""
    clients = Client.objects.filter(participations__attempt=attempt)
    if clients.update(latest_at=attempt.finished_at):
        forget_addresses_of(Participation.objects.filter(attempt=attempt))


def forget_addresses_of(grants: QuerySet[Participation]) -> None:
    """Empty the addresses to which the invitations to these finished grants went."""
    PersonalLink.objects.filter(
        Exists(
            grants.filter(
                invitation=OuterRef("invitation"), client=OuterRef("client")
            ).order_by()
        )
    ).exclude(email="").update(email="")


def set_links_aside(abandoned: QuerySet[Attempt]) -> None:
    """Keep the personal links of people whose unfinished answers are deleted next.

    The coach invited them before, so they may begin again with the same link, and the
    name that they wrote goes. A link goes with a grant that somebody withdraws.
    """
    grants = Participation.objects.filter(
        Exists(
            PersonalLink.objects.filter(
                invitation=OuterRef("invitation"), client=OuterRef("client")
            )
        ),
        attempt__in=abandoned,
    )
    for grant in list(grants.select_related("client")):
        client = grant.client
        if client is not None and client.private_name and client.name == grant.name:
            client.name = client.private_name
            client.save(update_fields=["name"])
    grants.update(client=None)


def forget_client(
    sender: Any, instance: Participation, origin: Model | QuerySet[Any], **kwargs: Any
) -> None:
    """Delete a client with the last grant and personal link (a signal receiver).

    Grants go by withdrawal, with their owner, and when they are past their time. They
    also go with their invitation, but erase_coach, which deletes invitations that have
    any, then deletes all clients of the coach at once.
    """
    chosen = origin.model if isinstance(origin, QuerySet) else type(origin)
    if chosen is Invitation or instance.client_id is None:
        return
    client = Client.objects.select_for_update().filter(pk=instance.client_id).first()
    if client is None:
        return
    left = dict(client.participations.order_by("pk").values_list("invitation", "name"))
    if instance.invitation_id not in left:
        PersonalLink.objects.filter(
            client=client, invitation=instance.invitation_id
        ).delete()
    if not left and not client.personal_links.exists():
        client.delete()
    elif left and client.name not in left.values():
        client.name = list(left.values())[-1]
        client.save(update_fields=["name"])


def forget_empty_clients(*, rest: float = 0) -> int:
    """Delete clients without a grant and a personal link; return how many.

    Servers of the release before leave such clients while a site is upgraded. `rest` is
    that of `in_slices`.
    """
    empty = Client.objects.filter(
        ~Exists(Participation.objects.filter(client=OuterRef("pk"))),
        ~Exists(PersonalLink.objects.filter(client=OuterRef("pk"))),
    )
    return delete_in_slices(empty, rest=rest)


def adopt_grants(*, rest: float = 0) -> int:
    """Give a client to each grant without one; return how many there were.

    Servers of the release before add such grants while a site is upgraded. `rest` is
    that of `in_slices`.
    """
    orphans = Participation.objects.filter(client=None)
    return sum(_adopt(pk) for keys in keys_in_slices(orphans, rest=rest) for pk in keys)


@transaction.atomic
def _adopt(pk: int) -> int:
    named = Participation.objects.filter(pk=pk)
    lock_in_order(Invitation.objects.filter(pk__in=named.values("invitation")))
    # A new client names its coach: PostgreSQL locks the coach's row for that.
    lock_in_order(Coach.objects.filter(pk__in=named.values("invitation__coach")))
    lock_in_order(Owner.objects.filter(pk__in=named.values("attempt__owner")))
    grant = (
        named.filter(client=None).select_related("invitation__coach", "attempt").first()
    )
    if grant is None:
        return 0
    at = grant.attempt.finished_at or grant.consented_at
    client = client_for(grant.invitation, grant.attempt, name=grant.name, now=at)
    grant.client = client
    grant.save(update_fields=["client"])
    return 1


@transaction.atomic
def set_private_words(client: Client, *, private_name: str, tag: str) -> None:
    """Replace the coach's own name and tag of a client.

    Raises WordsChanged where the stored ones are no longer those of `client`, and
    ClientGone.
    """
    stored = _lock_clients(client)[client.pk]
    if (stored.private_name, stored.tag) != (client.private_name, client.tag):
        raise WordsChanged
    stored.private_name, stored.tag = private_name, tag
    stored.save(update_fields=["private_name", "tag"])


@transaction.atomic
def set_archived(client: Client, *, archived: bool) -> None:
    """Put a client in the archive, or take it out again. Raises ClientGone.

    Archiving twice keeps the first moment.
    """
    stored = _lock_clients(client)[client.pk]
    if archived != bool(stored.archived_at):
        stored.archived_at = timezone.now() if archived else None
        stored.save(update_fields=["archived_at"])


@transaction.atomic
def join_entries(client: Client, other: Client) -> Client:
    """Make two entries of one person one, for good; return what is left.

    Everything of `other` goes to `client`. It keeps its own private name and tag where
    it has them, and the name that was written last. Where both have a personal link to
    one group, that of `client` stays. Raises SameClient, ClientGone.
    """
    if client.pk == other.pk or client.coach_id != other.coach_id:
        raise SameClient
    pks = (client.pk, other.pk)
    # In the order that every action keeps. So nobody joins either of them meanwhile.
    groups = Invitation.objects.filter(
        Q(participations__client__in=pks) | Q(personal_links__client__in=pks)
    )
    lock_in_order(Invitation.objects.filter(pk__in=groups.order_by().values("pk")))
    owners = Owner.objects.filter(attempts__participations__client__in=pks)
    lock_in_order(Owner.objects.filter(pk__in=owners.values("pk")))
    both = _lock_clients(client, other)
    kept, gone = both[client.pk], both[other.pk]
    if gone.latest_at > kept.latest_at:
        kept.name = gone.name
    kept.private_name = kept.private_name or gone.private_name
    kept.tag = kept.tag or gone.tag
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.latest_at = max(kept.latest_at, gone.latest_at)
    if gone.archived_at is None:
        kept.archived_at = None
    kept.save()
    gone.participations.update(client=kept)
    gone.personal_links.exclude(
        invitation__in=kept.personal_links.values("invitation")
    ).update(client=kept)
    gone.delete()
    return kept


def _lock_clients(*clients: Client) -> dict[int, Client]:
    """The clients as they are now, locked. Raises ClientGone."""
    pks = [client.pk for client in clients]
    rows = Client.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    locked = {row.pk: row for row in rows}
    if len(locked) < len(pks):
        raise ClientGone
    return locked
