"""The lock that every write of an owner's rows takes first."""

from __future__ import annotations

from assessments.models import Owner


class OwnerGone(Exception):
    """The owner deleted everything meanwhile."""


def lock_owner(owner_id: int) -> None:
    """Keep every other write of this owner's rows waiting until the transaction ends.

    Raises OwnerGone where the owner no longer exists.
    """
    if not Owner.objects.select_for_update().filter(pk=owner_id).first():
        raise OwnerGone
