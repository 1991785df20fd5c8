"""The lock on an owner, for actions that depend on several of the owner's rows."""

from __future__ import annotations

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
