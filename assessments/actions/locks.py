"""Locks on rows, for actions that depend on several of them.

Every action takes them in the same order, so that no two wait for each other:
invitations, the coach, owners, clients. Within one kind, lower keys come first.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from assessments import keys
from assessments.models import Owner
from assessments.queries.prepared import Given, Prepared

_LOCKED = Prepared(lambda: Owner.objects.select_for_update().filter(pk=Given("owner")))
_LOCKED_BY_KEY = Prepared(
    lambda: Owner.objects.select_for_update().filter(key_sha256=Given("digest"))
)


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
