"""The people in a coach's workspace follow what is granted and finished.

A client is written with the grant's invitation and owner locked. A coach may have
joined two owners in one client, so the client is locked as well, after them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.actions.slices import SLICE
from assessments.models import (
    Attempt,
    Client,
    Coach,
    Participation,
    PersonalLink,
)


def client_for(coach: Coach, attempt: Attempt, *, name: str, now: datetime) -> Client:
    """The client to whom a new grant for this attempt belongs.

    It is the one of the owner's earlier grants to this coach, or a new one. It takes
    the name that the owner writes now, and comes back from the archive.
    """
    earlier = Client.objects.filter(
        coach=coach, participations__attempt__owner=attempt.owner_id
    ).values("pk")
    client = Client.objects.select_for_update().filter(pk__in=earlier).first()
    if client is None:
        return Client.objects.create(
            coach=coach, name=name, created_at=now, latest_at=now
        )
    client.name, client.latest_at, client.archived_at = name, now, None
    client.save(update_fields=["name", "latest_at", "archived_at"])
    return client


def note_finish(attempt: Attempt) -> None:
    """Put the clients whose answers these are first in their coaches' lists."""
    Client.objects.filter(participations__attempt=attempt).update(
        latest_at=attempt.finished_at
    )


def forget_client(sender: Any, instance: Participation, **kwargs: Any) -> None:
    """Delete a client with the last grant and personal link (a signal receiver).

    Grants go by withdrawal, with their owner, and when they are past their time.
    """
    if instance.client_id is None:
        return
    client = Client.objects.select_for_update().filter(pk=instance.client_id).first()
    if client is None:
        return
    left = list(client.participations.values_list("invitation", flat=True))
    if instance.invitation_id not in left:
        PersonalLink.objects.filter(
            client=client, invitation=instance.invitation_id
        ).delete()
    if not left and not client.personal_links.exists():
        client.delete()


def adopt_grants() -> int:
    """Give a client to each grant without one; return how many there were.

    Servers of the release before add such grants while a site is upgraded.
    """
    adopted = 0
    while pks := list(
        Participation.objects.filter(client=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:SLICE]
    ):
        for pk in pks:
            adopted += _adopt(pk)
    return adopted


@transaction.atomic
def _adopt(pk: int) -> int:
    grant = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("invitation__coach", "attempt")
        .filter(pk=pk, client=None)
        .first()
    )
    if grant is None:
        return 0
    grant.client = client_for(
        grant.invitation.coach,
        grant.attempt,
        name=grant.name,
        now=grant.attempt.finished_at or grant.consented_at,
    )
    grant.save(update_fields=["client"])
    return 1
