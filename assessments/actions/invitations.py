"""A coach makes, changes, closes and releases invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Invitation, PersonalLink
from assessments.queries import invitations

# The longest time for which a coach may hold results.
MAX_HOLD = timedelta(days=30)


class TermsChanged(Exception):
    """The coach has saved other terms meanwhile, in another window."""


class Refused(Exception):
    """Which field of an invitation is wrong, and why, as a sentence for the coach."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


def make_invitation(
    coach: Coach,
    *,
    code: str,
    label: str,
    form: str,
    scope: str,
    onward: bool,
    held_until: datetime | None,
    expires_at: datetime | None,
    max_uses: int | None,
) -> Invitation:
    """An invitation for one person (`max_uses=1`) or for a group (None: no limit).

    `code`: the page with the form carries it (keys.new_code), so that a double click
    makes one invitation. If another invitation or a personal link has the code, this
    one gets a new code: two would share an address.
    Raises Refused, also where results would be held for longer than MAX_HOLD.
    """
    now = timezone.now()
    if held_until is not None and not now < held_until <= now + MAX_HOLD:
        raise Refused(
            "held_until",
            f"Choose a time in the future, at most {MAX_HOLD.days} days from now.",
        )
    _check_changeable(expires_at, max_uses, least=1, now=now)
    if PersonalLink.objects.filter(code=code).exists():
        code = keys.new_code()
    terms = {
        "coach": coach,
        "label": label,
        "form": form,
        "scope": scope,
        "onward": onward,
        "held_until": held_until,
        "expires_at": expires_at,
        "max_uses": max_uses,
    }
    invitation, _ = Invitation.objects.get_or_create(
        code=code, defaults=terms | {"created_at": now}
    )
    # The coach went back to the page and filled it in for another group.
    if any(getattr(invitation, name) != value for name, value in terms.items()):
        return Invitation.objects.create(code=keys.new_code(), created_at=now, **terms)
    return invitation


@transaction.atomic
def change_invitation(
    invitation: Invitation,
    *,
    label: str,
    expires_at: datetime | None,
    max_uses: int | None,
) -> None:
    """Change the label, the end and the number of places; no consent names these.

    An end in the past is refused, unless it was there before. Raises Refused, and
    TermsChanged where these terms are no longer those of `invitation`.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if any(
        getattr(locked, name) != getattr(invitation, name)
        for name in ("label", "expires_at", "max_uses")
    ):
        raise TermsChanged
    new_end = None if expires_at == locked.expires_at else expires_at
    _check_changeable(
        new_end,
        max_uses,
        least=max(invitations.places_taken(locked), 1),
        now=timezone.now(),
    )
    locked.label, locked.expires_at, locked.max_uses = label, expires_at, max_uses
    locked.save(update_fields=["label", "expires_at", "max_uses"])


def _check_changeable(
    expires_at: datetime | None, max_uses: int | None, *, least: int, now: datetime
) -> None:
    if expires_at is not None and expires_at <= now:
        raise Refused(
            "expires_at",
            "Choose a date in the future. To stop people from joining now, close the "
            "invitation.",
        )
    if max_uses is not None and max_uses < least:
        why = (
            f"{least} places are taken. Enter {least} or more."
            if least > 1
            else "Leave room for at least one person."
        )
        raise Refused("max_uses", why)


@transaction.atomic
def close(invitation: Invitation) -> None:
    """Accept no more clients. Closing twice keeps the first moment.

    The addresses of people invited by name go: nobody is written to any more.
    """
    Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(
        closed_at=timezone.now()
    )
    invitation.personal_links.exclude(email="").update(email="")


def reopen(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(closed_at=None)


@transaction.atomic
def release(invitation: Invitation) -> None:
    """End the hold for good, for clients who have joined and for those who will.

    A client who has opened the result early keeps the grant as it is: it was held then.
    """
    now = timezone.now()
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.held_until is not None and locked.held_until > now:
        locked.held_until = now
        locked.save(update_fields=["held_until"])
    locked.participations.filter(held_until__gt=now, opened_early_at=None).update(
        held_until=now
    )
