"""Asking visitors, months later, how it turned out: consent and answers.

docs/instrument.md section 8 (g).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments.actions.locks import lock_owner
from assessments.models import FollowUp, Owner, Result

# From finishing to the questions; five months.
ASKED_AFTER = timedelta(days=150)


class NotAsked(Exception):
    """There is nothing to agree to, or it is not time yet."""


def may_be_asked(result: Result) -> bool:
    """Whether consent may be given on this result, in the months before the questions.

    Answers that were careless, or that staff gave to try the questions out, say nothing
    about a choice. A result that goes before the questions would come cannot have them.
    """
    asked_from = result.finished_at + ASKED_AFTER
    return (
        result.is_attentive
        and not result.attempt.by_staff
        and timezone.now() < asked_from < result.expires_at
    )


def is_due(follow_up: FollowUp) -> bool:
    """Whether the two questions may be asked now."""
    return (
        follow_up.answered_at is None
        and timezone.now() >= follow_up.result.finished_at + ASKED_AFTER
    )


@transaction.atomic
def agree(result: Result) -> FollowUp:
    """Record the consent to be asked; agreeing twice changes nothing.

    An owner is asked once, about the result where they first agreed. Raises NotAsked,
    OwnerGone.
    """
    lock_owner(result.owner_id)
    if not may_be_asked(result):
        raise NotAsked
    follow_up, _ = FollowUp.objects.get_or_create(
        owner_id=result.owner_id,
        defaults={"result": result, "consented_at": timezone.now()},
    )
    return follow_up


@transaction.atomic
def take_back(owner: Owner) -> None:
    """Delete the consent and what was answered. Sums that have it stay.

    Raises OwnerGone.
    """
    lock_owner(owner.pk)
    FollowUp.objects.filter(owner=owner).delete()


@transaction.atomic
def answer(owner: Owner, *, chosen: str, liking: int | None) -> None:
    """Store the two answers; empty and None are skipped ones.

    `chosen` is a value of Choice; `liking`, 0 to 4, only goes with a kind of work. A
    second answer changes nothing. Raises NotAsked, OwnerGone.
    """
    lock_owner(owner.pk)
    follow_up = (
        FollowUp.objects.select_related("result")
        .filter(owner=owner, result__expires_at__gt=timezone.now())
        .first()
    )
    if follow_up is None:
        raise NotAsked
    if follow_up.answered_at is not None:
        return
    if not is_due(follow_up):
        raise NotAsked
    follow_up.chosen, follow_up.liking = chosen, liking
    follow_up.answered_at = timezone.now()
    follow_up.save(update_fields=["chosen", "liking", "answered_at"])
