"""A coach invites, follows her clients' results, and shares them onward.

    make_invitation(coach, *, code, label, form, scope, onward, held_until, expires_at, max_uses) -> Invitation  Refused
    change_invitation(invitation, *, label, expires_at, max_uses) -> None       Refused
    close(invitation), reopen(invitation), release(invitation) -> None
    set_notes(participation, *, notes) -> None                                  Gone
    add_step(participation, *, text) -> NextStep                                TooManySteps, Gone
    tick_step(step, *, done) -> None, remove_step(step) -> None                 Gone
    share_steps(participation, *, shared) -> None                               Gone
    make_onward_link(participation, *, scope, label, days) -> ShareLink         NotOnward, TooWide, NotShareable, TooManyLinks, Gone
    revoke_onward_link(link, *, by) -> None
    record_export(invitation, *, by, kind, results) -> None

`by` is the acting account. Rows come from coaching_queries.own_…, which has asked whose they are. Gone: the client has withdrawn,
or deleted everything. Refused names the field and says why: form.add_error(refused.field, refused.why).
How a coach gets her workspace is in actions.accounts, what clients do in actions.joining.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from assessments import coaching_queries, keys
from assessments.actions.sharing import MOST_USABLE_LINKS, NotShareable, TooManyLinks
from assessments.actions.taking import Gone, lock
from assessments.models import (
    Coach,
    Invitation,
    NextStep,
    Owner,
    Participation,
    Scope,
    ShareLink,
)
from content.models import AuditEntry

MOST_HELD = timedelta(days=30)
MOST_STEPS = 30  # of one client: a checklist and not a diary


class Refused(Exception):
    """Which field of an invitation cannot be so, and why, as a sentence for the coach."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


class TooManySteps(Exception):
    """The client has as many next steps as one may have."""


class NotOnward(Exception):
    """The client has not agreed to links by the coach."""


class TooWide(Exception):
    """A link may show no more than the client agreed to."""


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
        least=max(coaching_queries.taken(locked), 1),
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


# One client


def _lock_grant(participation: Participation) -> Participation:
    """The grant as it is now, until this transaction ends. Raises Gone."""
    lock(Owner(pk=participation.attempt.owner_id))  # not loaded: she may have gone
    found = (
        Participation.objects.filter(pk=participation.pk)
        .select_related("attempt__result")
        .first()
    )
    if found is None:
        raise Gone
    return found


@transaction.atomic
def set_notes(participation: Participation, *, notes: str) -> None:
    grant = _lock_grant(participation)
    grant.notes = notes
    grant.save(update_fields=["notes"])


@transaction.atomic
def add_step(participation: Participation, *, text: str) -> NextStep:
    grant = _lock_grant(participation)
    if grant.steps.count() >= MOST_STEPS:
        raise TooManySteps
    return NextStep.objects.create(participation=grant, text=text)


@transaction.atomic
def tick_step(step: NextStep, *, done: bool) -> None:
    """Ticking twice keeps the first moment."""
    _lock_grant(step.participation)
    NextStep.objects.filter(pk=step.pk, done_at__isnull=done).update(
        done_at=timezone.now() if done else None
    )


@transaction.atomic
def remove_step(step: NextStep) -> None:
    _lock_grant(step.participation)
    NextStep.objects.filter(pk=step.pk).delete()


@transaction.atomic
def share_steps(participation: Participation, *, shared: bool) -> None:
    """Show the next steps to the client on her result, or stop showing them."""
    grant = _lock_grant(participation)
    grant.steps_shared = shared
    grant.save(update_fields=["steps_shared"])


@transaction.atomic
def make_onward_link(
    participation: Participation, *, scope: str, label: str, days: int
) -> ShareLink:
    """A link to the client's result that ends after `days` days, or with the grant. The client sees it and can end it.
    Raises NotOnward, TooWide, NotShareable (no result, careless, or past its date), TooManyLinks, Gone."""
    grant = _lock_grant(participation)
    if not grant.onward:
        raise NotOnward
    if Scope.values.index(scope) > Scope.values.index(grant.scope):
        raise TooWide
    result = getattr(grant.attempt, "result", None)
    if result is None or not coaching_queries.is_visible(result):
        raise NotShareable
    if (
        ShareLink.objects.usable().filter(participation=grant).count()
        >= MOST_USABLE_LINKS
    ):
        raise TooManyLinks
    now = timezone.now()
    return ShareLink.objects.create(
        result=result,
        participation=grant,
        token=keys.new_token(),
        scope=scope,
        label=label,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


# What the audit trail keeps names no client: a label may be one.


@transaction.atomic
def revoke_onward_link(link: ShareLink, *, by: User) -> None:
    """End a link at once; ending it twice keeps the first moment."""
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    ):
        AuditEntry.objects.create(
            by=by,
            act=AuditEntry.Act.REVOKE,
            subject=f"a coach's share link, number {link.pk}",
        )


def record_export(invitation: Invitation, *, by: User, kind: str, results: int) -> None:
    """Write down that a group left the house: `kind` in words (CSV, JSON), `results` how many were in it."""
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.EXPORT,
        subject=f"group {invitation.pk} as {kind}, {results} results",
    )
