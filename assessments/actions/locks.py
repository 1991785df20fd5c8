"""Locks on rows, for actions that depend on several of them.

Every action takes them in the same order, so that no two wait for each other:
invitations, the coach, owners, clients. Within one kind, lower keys come first.

A row that is added locks the rows that it names on PostgreSQL, too: a new client or
invitation its coach, a new grant its invitation. So an action that has locked an owner
and then adds such a row has locked what the row names before the owner.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from assessments import keys
from assessments.models import Invitation, Owner
from assessments.queries.prepared import Given, Prepared

_LOCKED = Prepared(lambda: Owner.objects.select_for_update().filter(pk=Given("owner")))
_LOCKED_BY_KEY = Prepared(
    lambda: Owner.objects.select_for_update().filter(key_sha256=Given("digest"))
)


def lock_invitation(pk: int) -> Invitation | None:
    """The invitation as it is now, with its coach, locked until the transaction ends.

    None where it was deleted with its coach.
    """
    # The coach's row is locked too, so that an action which waited for the lock reads
    # what close_workspace has just written. The user's row is not: a coach may have no
    # user, and PostgreSQL refuses to lock the nullable side of an outer join.
    rows = Invitation.objects.select_for_update(of=("self", "coach")).select_related(
        "coach__user"
    )
    return rows.filter(pk=pk).first()


class OwnerGone(Exception):
    """The owner has deleted everything."""


def lock_owner(owner_id: int) -> None:
    """Make other actions that lock this owner wait until the transaction ends.

    Raises OwnerGone where the owner no longer exists.
    """
    if not _LOCKED.rows(owner=owner_id):
        raise OwnerGone


def lock_owner_of(key: str) -> Owner:
    """The same for the owner with this key. Raises OwnerGone."""
    owner = _LOCKED_BY_KEY.first(digest=keys.digest(key))
    if owner is None:
        raise OwnerGone
    return owner


def lock_in_order(rows: QuerySet[Any]) -> int:
    """Lock all of these rows, lower keys first; return how many there are."""
    return len(rows.select_for_update(of=("self",)).order_by("pk"))
