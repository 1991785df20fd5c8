"""A client joins with consent, shows a newer result, opens a held one, withdraws.

    join(invitation, *, owner, new_key, name, version, sender) -> Participation AlreadyIn, Closed, Expired, UsedUp, Gone
    attach(invitation, *, result, name) -> Participation                        NotShareable, Closed, Expired, UsedUp, Gone
    agree_to_newer(participation, *, result) -> Participation                   NotShareable, NotGranted, Closed, Gone
    open_early(result) -> None                                                  Gone
    withdraw(participation) -> Withdrawn                                        Gone

Locks are taken in the order invitation, owner. Whatever joins takes the invitation's first, so the last free place goes once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import keys
from assessments.actions.attempts import Sender, start_again
from assessments.actions.locks import lock_owner
from assessments.actions.share_links import NotShareable
from assessments.models import (
    Attempt,
    Form,
    Invitation,
    Owner,
    Participation,
    Result,
    Version,
)
from assessments.queries import invitations


class Closed(Exception):
    """The coach has closed the invitation, or her account is closed."""


class Expired(Exception):
    """The invitation is past its date."""


class UsedUp(Exception):
    """Every place is taken."""


class AlreadyIn(Exception):
    """The owner has finished her attempt for this invitation; a newer result goes by agree_to_newer."""


class NotGranted(Exception):
    """The client has withdrawn meanwhile, perhaps in another window."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What went with a grant."""

    notes: bool
    steps: int
    links: int


@transaction.atomic
def join(
    invitation: Invitation,
    *,
    owner: Owner | None,
    new_key: str,
    name: str,
    version: Version,
    sender: Sender,
) -> Participation:
    """Consent, and take the questionnaire for it: the owner's open attempt, or a new one. A short one that is open becomes
    full where the invitation says so.

    `owner`: whose cookie the browser holds; None for somebody new, who becomes the owner of `new_key`. The page that asks for
    consent carries that key (keys.new_key), so that pressing twice makes one person; hand it over in the cookie afterwards.
    `sender`: with arrival "coach"; an attempt that is open already keeps its own.
    Joining again with the attempt still open gives the same Participation. Raises AlreadyIn, Closed, Expired, UsedUp, Gone.
    """
    invitation = _lock_invitation(invitation)
    if owner is None:
        owner, _ = Owner.objects.get_or_create(key_sha256=keys.digest(new_key))
    lock_owner(owner.pk)
    given = list(_given(invitation, owner.pk))
    for participation in given:
        if participation.attempt.finished_at is None:
            return participation
    if given:
        raise AlreadyIn
    _check_place(invitation)
    attempt = start_again(owner, version=version, form=invitation.form, sender=sender)
    if invitation.form == Form.FULL and attempt.form == Form.SHORT:
        attempt.form = Form.FULL
        attempt.save(update_fields=["form"])
    return _grant(invitation, attempt, name=name, held_until=invitation.held_until)


@transaction.atomic
def attach(invitation: Invitation, *, result: Result, name: str) -> Participation:
    """Consent for a result that its owner has already. It is never held, since she has seen it. Attaching it twice gives the
    same Participation. Raises NotShareable (careless, or past its date), Closed, Expired, UsedUp, Gone."""
    invitation = _lock_invitation(invitation)
    lock_owner(result.owner_id)
    if not _given(invitation, result.owner_id).exists():
        _check_place(invitation)
    return _attach(invitation, result, name=name)


@transaction.atomic
def agree_to_newer(participation: Participation, *, result: Result) -> Participation:
    """Let the coach of an earlier grant see this result of the same owner too, at the invitation's terms and under the same
    name. Needs no free place, and no open invitation: whoever is in stays in. Raises NotShareable, NotGranted, Closed (the
    coach's account is), Gone."""
    invitation = _lock_invitation(participation.invitation)
    lock_owner(result.owner_id)
    if not _given(invitation, result.owner_id).filter(pk=participation.pk).exists():
        raise NotGranted
    return _attach(invitation, result, name=participation.name)


@transaction.atomic
def open_early(result: Result) -> None:
    """The owner opens her held result; each coach who held it sees that she did. Opening twice keeps the first moment."""
    lock_owner(result.owner_id)
    now = timezone.now()
    Participation.objects.filter(
        attempt=result.attempt_id, held_until__gt=now, opened_early_at=None
    ).update(opened_early_at=now)


@transaction.atomic
def withdraw(participation: Participation) -> Withdrawn:
    """Take a grant back: notes, steps and the coach's links go with it, and the place is free again. Doing it twice finds
    nothing the second time."""
    lock_owner(participation.attempt.owner_id)
    found = Participation.objects.filter(pk=participation.pk).first()
    if found is None:
        return Withdrawn(notes=False, steps=0, links=0)
    _, counts = found.delete()
    return Withdrawn(
        notes=bool(found.notes),
        steps=counts.get("assessments.NextStep", 0),
        links=counts.get("assessments.ShareLink", 0),
    )


def _lock_invitation(invitation: Invitation) -> Invitation:
    """The invitation as it is now, until this transaction ends. Raises Closed where it has gone with its coach."""
    # Not of her user: PostgreSQL locks no outer join, and a coach may have none. Her own row is locked so that whoever has
    # waited for the lock reads what closing the workspace has just written.
    rows = Invitation.objects.select_for_update(of=("self", "coach")).select_related(
        "coach__user"
    )
    locked = rows.filter(pk=invitation.pk).first()
    if locked is None:
        raise Closed
    return locked


def _check_place(invitation: Invitation) -> None:
    match invitations.state_of(invitation, invitations.places_taken(invitation)):
        case invitations.State.CLOSED:
            raise Closed
        case invitations.State.EXPIRED:
            raise Expired
        case invitations.State.FULL:
            raise UsedUp


def _given(invitation: Invitation, owner_id: int) -> QuerySet[Participation]:
    return invitation.participations.filter(attempt__owner=owner_id).select_related(
        "attempt"
    )


def _attach(invitation: Invitation, result: Result, *, name: str) -> Participation:
    if not result.is_visible:
        raise NotShareable
    known = invitation.participations.filter(attempt=result.attempt_id).first()
    if known is None and not invitation.coach.has_workspace:
        raise Closed
    return known or _grant(invitation, result.attempt, name=name, held_until=None)


def _grant(
    invitation: Invitation, attempt: Attempt, *, name: str, held_until: datetime | None
) -> Participation:
    """The terms are copied: what a client agreed to stays as it was."""
    return Participation.objects.create(
        invitation=invitation,
        attempt=attempt,
        name=name,
        scope=invitation.scope,
        onward=invitation.onward,
        held_until=held_until,
        consented_at=timezone.now(),
    )
