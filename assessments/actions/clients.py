"""A coach keeps notes, next steps and onward links for one client."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import OwnerGone, lock_owner
from assessments.actions.share_links import (
    MAX_USABLE_LINKS,
    NotShareable,
    TooManyLinks,
)
from assessments.models import NextStep, Participation, Scope, ShareLink
from content.models import AuditEntry

# Next steps of one client.
MAX_STEPS = 30


class TooManySteps(Exception):
    """The client already has MAX_STEPS next steps."""


class NotesChanged(Exception):
    """The coach has saved other notes meanwhile, in another window."""


class NotOnward(Exception):
    """The client has not agreed to links by the coach."""


class TooWide(Exception):
    """The link would show more than the client agreed to."""


def _lock_grant(participation: Participation) -> Participation:
    """The grant as it is now, locked until this transaction ends.

    Raises OwnerGone where the client withdrew it or deleted everything.
    """
    lock_owner(participation.attempt.owner_id)
    grant = (
        Participation.objects.filter(pk=participation.pk)
        .select_related("attempt__result")
        .first()
    )
    if grant is None:
        raise OwnerGone
    return grant


@transaction.atomic
def set_notes(participation: Participation, *, notes: str) -> None:
    """Replace the notes.

    Raises NotesChanged where the stored notes are no longer those of `participation`,
    and OwnerGone.
    """
    grant = _lock_grant(participation)
    if grant.notes != participation.notes:
        raise NotesChanged
    grant.notes = notes
    grant.save(update_fields=["notes"])


@transaction.atomic
def add_step(
    participation: Participation, *, text: str, due_on: date | None = None
) -> NextStep:
    """Add a step, or return the open one with the same text and day.

    Raises TooManySteps, OwnerGone.
    """
    grant = _lock_grant(participation)
    same = grant.steps.filter(text=text, due_on=due_on, done_at=None).first()
    if same is not None:
        return same
    if grant.steps.count() >= MAX_STEPS:
        raise TooManySteps
    return NextStep.objects.create(participation=grant, text=text, due_on=due_on)


@transaction.atomic
def toggle_step(step: NextStep, *, done: bool, by_client: bool = False) -> None:
    """Mark a step as done or not done. Marking it done twice keeps the first moment.

    With `by_client`, raises OwnerGone where the coach shares the steps no longer.
    """
    grant = _lock_grant(step.participation)
    if by_client and not grant.steps_shared:
        raise OwnerGone
    NextStep.objects.filter(pk=step.pk, done_at__isnull=done).update(
        done_at=timezone.now() if done else None, done_by_client=done and by_client
    )


@transaction.atomic
def remove_step(step: NextStep) -> None:
    _lock_grant(step.participation)
    NextStep.objects.filter(pk=step.pk).delete()


@transaction.atomic
def share_steps(participation: Participation, *, shared: bool) -> None:
    """Show the next steps on the client's result page, or stop showing them."""
    grant = _lock_grant(participation)
    grant.steps_shared = shared
    grant.save(update_fields=["steps_shared"])


@transaction.atomic
def make_onward_link(
    participation: Participation, *, scope: str, label: str, days: int
) -> ShareLink:
    """A link to the client's result that ends after `days` days, or with the grant.

    The client sees the link and can end it. Raises NotOnward, TooWide, NotShareable
    (also where there is no result yet), TooManyLinks, OwnerGone.
    """
    grant = _lock_grant(participation)
    if not grant.onward:
        raise NotOnward
    if Scope.values.index(scope) > Scope.values.index(grant.scope):
        raise TooWide
    result = getattr(grant.attempt, "result", None)
    if result is None or not result.is_visible:
        raise NotShareable
    if (
        ShareLink.objects.usable().filter(participation=grant).count()
        >= MAX_USABLE_LINKS
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


@transaction.atomic
def revoke_onward_link(link: ShareLink, *, by: User) -> None:
    """End a link at once; ending it twice keeps the first moment."""
    # The audit trail gets no label, because a label may be a client's name.
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    ):
        AuditEntry.objects.create(
            by=by,
            act=AuditEntry.Act.REVOKE,
            subject=f"a coach's share link, number {link.pk}",
        )
