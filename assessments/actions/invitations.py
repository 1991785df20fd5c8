"""A coach makes, changes, closes and releases invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.models import Coach, Invitation
from assessments.queries import invitations

MOST_HELD = timedelta(days=30)


class Refused(Exception):
    """Which field of an invitation cannot be so, and why, as a sentence for the coach."""

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
    """For one person (`max_uses=1`) or a group (None: no limit). Form, scope, onward and `held_until` never change afterwards.
    Results are held for 30 days at most. Raises Refused.

    `code`: the page that asks carries it (keys.new_code), so that pressing twice makes one invitation. Where another has it, it
    is a new one."""
    now = timezone.now()
    if held_until is not None and not now < held_until <= now + MOST_HELD:
        raise Refused(
            "held_until",
            f"Results can be held until a day to come, {MOST_HELD.days} days from now at the latest.",
        )
    _check_changeable(expires_at, max_uses, least=1, now=now)
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
    made, _ = Invitation.objects.get_or_create(
        code=code, defaults=terms | {"created_at": now}
    )
    if any(
        getattr(made, name) != value for name, value in terms.items()
    ):  # the page was gone back to, for another group
        made = Invitation.objects.create(code=keys.new_code(), created_at=now, **terms)
    return made


@transaction.atomic
def change_invitation(
    invitation: Invitation,
    *,
    label: str,
    expires_at: datetime | None,
    max_uses: int | None,
) -> None:
    """What nobody has agreed to. A date that is past may stay as it is. Raises Refused."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    changed = None if expires_at == locked.expires_at else expires_at
    _check_changeable(
        changed,
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
            "Choose a day to come. To take nobody from now on, close the invitation.",
        )
    if max_uses is not None and max_uses < least:
        many = (
            f"{least} people are in already."
            if least > 1
            else "There must be room for one person at least."
        )
        raise Refused("max_uses", many)


def close(invitation: Invitation) -> None:
    """Take nobody new. Closing twice keeps the first moment."""
    Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(
        closed_at=timezone.now()
    )


def reopen(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(closed_at=None)


@transaction.atomic
def release(invitation: Invitation) -> None:
    """Let every client see her held result from now on, and those who join later at once. There is no way back."""
    now = timezone.now()
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.held_until is not None and locked.held_until > now:
        locked.held_until = now
        locked.save(update_fields=["held_until"])
    locked.participations.filter(held_until__gt=now).update(held_until=now)
