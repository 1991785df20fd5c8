"""A client joins with consent, shows a newer result, opens a held one, withdraws.

A coach can end a grant, too. Locks are taken in the order given in `locks.py`. An
action that takes a place locks the invitation, so that only one client gets the last
free place. An action that ends a grant locks it, because the departure names the
invitation.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import keys
from assessments.actions.attempts import start_again
from assessments.actions.departures import note_departure
from assessments.actions.locks import lock_invitation, lock_owner
from assessments.actions.people import (
    client_for,
    forget_addresses_of,
    lock_clients,
)
from assessments.actions.retention import still_open
from assessments.actions.share_links import NotShareable
from assessments.models import (
    Attempt,
    Form,
    Invitation,
    Owner,
    Participation,
    PersonalLink,
    Result,
    Version,
)
from assessments.queries import invitations
from assessments.queries.clients import grants_in_group
from assessments.queries.departures import Withdrawn, goes_with
from assessments.queries.personal_links import is_used_by_another
from assessments.queries.visible import known_to_owner

# A slow phone may take this long between the first press and the second. While nothing
# is answered, the form may be sent again for longer: the answer may have been lost.
DOUBLE_PRESS = timedelta(seconds=10)
SENT_AGAIN = timedelta(minutes=10)


class Closed(Exception):
    """The coach closed the invitation, or has no workspace any more."""


class Expired(Exception):
    """The invitation is past its date."""


class UsedUp(Exception):
    """Every place is taken."""


class LinkUsed(Exception):
    """Another owner has joined with this personal link."""


class AlreadyIn(Exception):
    """The owner finished an attempt for this invitation already.

    A newer result is shared by agree_to_newer.
    """


class FormUsed(Exception):
    """The form made an owner a while ago, so this is no double press.

    Somebody else may have seen the form, and would get this owner's key.
    """


class NotGranted(Exception):
    """The client has withdrawn the grant, perhaps in another window."""


@transaction.atomic
def join(
    invitation: Invitation,
    *,
    owner: Owner | None,
    new_key: str,
    name: str,
    version: Version,
    by_staff: bool = False,
    wish: str = "",
    link: PersonalLink | None = None,
) -> Participation:
    """Record the consent, and use the owner's open attempt or start a new one.

    An open short attempt becomes a full one if the invitation asks for the full form.

    `owner`: the owner whose key the browser's cookie holds. None for a new person, who
    becomes the owner of `new_key`. The server makes that key from the form that asks
    for consent (keys.key_made_from), so that a double click makes one owner; the
    caller then sets the cookie. `by_staff`: whether staff are trying it out; `wish`: a
    value of Wish, or empty. An open attempt keeps its own of both. `link`: the personal
    link that led here; it keeps a place for one person.

    Joining again while the attempt is open returns the same Participation.
    Raises AlreadyIn, Closed, Expired, FormUsed, LinkUsed, UsedUp, OwnerGone,
    TooManyResults.
    """
    invitation = _locked(invitation.pk)
    if owner is None:
        owner, made = Owner.objects.get_or_create(key_sha256=keys.digest(new_key))
        if not made and not _is_double_press(owner):
            raise FormUsed
    lock_owner(owner.pk)
    # An attempt past its time goes here, and with it its grant. Grants of results past
    # their time are still there, and count as gone.
    still_open(owner)
    grants = list(_grants_by(owner.pk, invitation).filter(known_to_owner()))
    for participation in grants:
        if participation.attempt.finished_at is None:
            return participation
    if grants:
        raise AlreadyIn
    _check_place(invitation, owner.pk, link)
    attempt = start_again(
        owner, version=version, form=invitation.form, by_staff=by_staff, wish=wish
    )
    if invitation.form == Form.FULL and attempt.form == Form.SHORT:
        attempt.form = Form.FULL
        attempt.save(update_fields=["form"])
    # Nobody agrees to a hold that is over: the page of the invitation shows none.
    held_until = invitation.held_until if invitation.is_holding else None
    return _grant(invitation, attempt, name=name, held_until=held_until, link=link)


@transaction.atomic
def attach(
    invitation: Invitation,
    *,
    result: Result,
    name: str,
    link: PersonalLink | None = None,
) -> Participation:
    """Record the consent to share a result that its owner has already.

    The owner has seen it, so it is never held. Attaching it again returns the same
    Participation. `link` as in join. Raises NotShareable, Closed, Expired, LinkUsed,
    UsedUp, OwnerGone.
    """
    invitation = _locked(invitation.pk)
    lock_owner(result.owner_id)
    if _grants_by(result.owner_id, invitation).filter(known_to_owner()).exists():
        link = None
    else:
        _check_place(invitation, result.owner_id, link)
    return _attach(invitation, result, name=name, link=link)


@transaction.atomic
def agree_to_newer(participation: Participation, *, result: Result) -> Participation:
    """Let the coach of an earlier grant see this newer result of the same owner too.

    The terms of the invitation and the client's name stay the same. The client keeps
    the place, so the invitation may be closed, expired or full. Raises NotShareable,
    NotGranted, Closed (the coach has no workspace any more), OwnerGone.
    """
    invitation = _locked(participation.invitation_id)
    lock_owner(result.owner_id)
    earlier = _grants_by(result.owner_id, invitation).filter(pk=participation.pk)
    if not earlier.exists():
        raise NotGranted
    return _attach(invitation, result, name=participation.name)


@transaction.atomic
def attach_as_asked(
    invitation: Invitation, *, result: Result, name: str
) -> tuple[Participation, bool]:
    """The grant that a coach asked for, and whether it is new.

    The place of a ResultRequest is its owner's alone, so the invitation is closed.
    Raises NotShareable, Closed (the coach has no workspace any more), OwnerGone.
    """
    invitation = _locked(invitation.pk)
    lock_owner(result.owner_id)
    there = invitation.participations.filter(attempt=result.attempt_id).first()
    return there or _attach(invitation, result, name=name), there is None


@transaction.atomic
def open_early(result: Result) -> None:
    """Open a held result before the talk; the coaches who hold it see that.

    Opening twice keeps the first moment. Raises OwnerGone.
    """
    lock_owner(result.owner_id)
    now = timezone.now()
    Participation.objects.filter(
        attempt=result.attempt_id, held_until__gt=now, opened_early_at=None
    ).update(opened_early_at=now)


@transaction.atomic
def release_client(participation: Participation) -> None:
    """The coach lets one client see the held result now.

    A client who has opened it early, or whose hold is over, keeps the grant as it is.
    Raises OwnerGone.
    """
    lock_owner(participation.attempt.owner_id)
    now = timezone.now()
    Participation.objects.filter(
        pk=participation.pk, held_until__gt=now, opened_early_at=None
    ).update(held_until=now)


@transaction.atomic
def withdraw(participation: Participation) -> Withdrawn:
    """Delete a grant with its notes, steps and links; its place is free again.

    The coach is left a departure that names nobody. Withdrawing a second time deletes
    nothing. Raises OwnerGone.
    """
    lock_invitation(participation.invitation_id)
    lock_owner(participation.attempt.owner_id)
    return _end(Participation.objects.filter(pk=participation.pk))


@transaction.atomic
def remove_client(participation: Participation) -> None:
    """The coach takes this client out of the group; the client can read that.

    Ends every grant of the client under this invitation, as the client's own withdrawal
    does. Removing a client who has left already does nothing.
    """
    lock_invitation(participation.invitation_id)
    grants = grants_in_group(participation)
    # A coach may have joined two owners in one client.
    owners = Owner.objects.filter(pk__in=grants.values("attempt__owner"))
    for owner in list(owners.select_for_update().order_by("pk")):
        _end(
            Participation.objects.filter(
                invitation=participation.invitation_id, attempt__owner=owner
            ),
            removed=owner,
        )


def _end(grants: QuerySet[Participation], *, removed: Owner | None = None) -> Withdrawn:
    """Delete grants of one person under one invitation.

    Notes the departure with the last of them.
    `removed`: whom the coach removed, or None where the client has withdrawn.
    """
    first = grants.values("invitation", "attempt__owner").first()
    ended = goes_with(grants)
    if first is not None and not (
        Participation.objects.filter(**first)
        .exclude(pk__in=grants.values("pk"))
        .exists()
    ):
        note_departure(first["invitation"], grants, removed=removed)
    grants.delete()
    return ended


def _is_double_press(owner: Owner) -> bool:
    """Whether the owner has one attempt, begun moments ago, or still empty."""
    begun = list(owner.attempts.values_list("started_at", "answers"))
    return len(begun) == 1 and all(
        timezone.now() - at < (DOUBLE_PRESS if answers else SENT_AGAIN)
        for at, answers in begun
    )


def _locked(pk: int) -> Invitation:
    """As lock_invitation. Raises Closed where it was deleted with its coach."""
    locked = lock_invitation(pk)
    if locked is None:
        raise Closed
    return locked


def _check_place(
    invitation: Invitation, owner_id: int, link: PersonalLink | None
) -> None:
    """Raise Closed, Expired or UsedUp. A personal link has a place of its own.

    Raises LinkUsed, and Closed where the link has just been removed.
    """
    if link is not None:
        lock_clients(invitation.coach, owner_id, link)
        if not PersonalLink.objects.filter(pk=link.pk).exists():
            raise Closed
        if is_used_by_another(link, owner_id):
            raise LinkUsed
    match invitations.state_of(invitation, invitations.places_taken(invitation)):
        case invitations.State.CLOSED:
            raise Closed
        case invitations.State.EXPIRED:
            raise Expired
        case invitations.State.FULL if link is None:
            raise UsedUp


def _grants_by(owner_id: int, invitation: Invitation) -> QuerySet[Participation]:
    return invitation.participations.filter(attempt__owner=owner_id).select_related(
        "attempt"
    )


def _attach(
    invitation: Invitation,
    result: Result,
    *,
    name: str,
    link: PersonalLink | None = None,
) -> Participation:
    if not result.is_visible:
        raise NotShareable
    participation = invitation.participations.filter(attempt=result.attempt_id).first()
    if participation is None and not invitation.coach.has_workspace:
        raise Closed
    if participation is None:
        participation = _grant(
            invitation, result.attempt, name=name, held_until=None, link=link
        )
        forget_addresses_of(Participation.objects.filter(pk=participation.pk))
    return participation


def _grant(
    invitation: Invitation,
    attempt: Attempt,
    *,
    name: str,
    held_until: datetime | None,
    link: PersonalLink | None = None,
) -> Participation:
    """Copy the invitation's terms: what a client agreed to stays as it was."""
    now = timezone.now()
    return Participation.objects.create(
        invitation=invitation,
        attempt=attempt,
        client=client_for(invitation, attempt, name=name, now=now, link=link),
        name=name,
        scope=invitation.scope,
        onward=invitation.onward,
        held_until=held_until,
        consented_at=now,
    )
