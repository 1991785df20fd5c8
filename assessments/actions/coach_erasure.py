"""A coach's account and everything that says who the coach is are emptied."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from assessments.actions.account_sessions import end_sessions
from assessments.actions.coaches import in_trail
from assessments.actions.locks import lock_in_order
from assessments.models import Coach, Invitation, Owner
from assessments.queries.coaches import can_do_more
from content.models import AuditEntry


class NotErasable(Exception):
    """Why this coach cannot be erased, as a sentence."""


def why_not_erasable(coach: Coach) -> str:
    """Why erase_coach refuses, as a sentence; "" if it does not."""
    user = coach.user
    if user is None:
        return "This is a request. Delete it instead."
    if coach.erased_at:
        return "This coach has been erased already."
    if can_do_more(user):
        return (
            "This account can do more than coach. Someone who manages accounts has to "
            "take those rights away first."
        )
    return ""


@transaction.atomic
def erase_coach(coach: Coach, *, by: User) -> None:
    """Close a coach's account, and empty name, address and everything to sign in with.

    Invitations and grants are deleted, as if each client had withdrawn; clients keep
    their results. The emptied rows stay, so that the audit trail still has the number
    of who did what. This cannot be undone. Raises NotErasable, also if the coach is
    just making an invitation.
    """
    # In the order that every action keeps. Until the coach is locked, a new invitation
    # may come that isn't locked.
    invitations = Invitation.objects.filter(coach=coach)
    locked = lock_in_order(invitations)
    coach = (
        Coach.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=coach.pk)
    )
    user, why = coach.user, why_not_erasable(coach)
    if user is None or why:
        raise NotErasable(why)
    if invitations.count() > locked:
        raise NotErasable("This coach just made an invitation. Try again.")
    clients = Owner.objects.filter(attempts__participations__invitation__coach=coach)
    lock_in_order(Owner.objects.filter(pk__in=clients.values("pk")))
    lock_in_order(coach.clients.all())
    invitations.delete()
    coach.clients.all().delete()
    _rename_in_the_history(coach, user)
    coach.name, coach.works_with, coach.contact = "", "", ""
    coach.time_zone, coach.finish_mail = "", Coach.FinishMail.OFF
    coach.email = _no_address(f"coach-{coach.pk}")
    coach.finish_mail_since = None
    coach.erased_at = timezone.now()
    if coach.closed_at is None:
        coach.closed_at, coach.closed_by = coach.erased_at, by
    coach.save()
    _empty(user)
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.CLOSE,
        subject=f"the account of {in_trail(coach)}, and erased it",
    )


def _no_address(name: str) -> str:
    """An address that no mail can reach (RFC 2606), because each must be another."""
    return f"{name}@erased.invalid"


def _empty(user: User) -> None:
    """Leave nothing but the number of an account, and close it."""
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    UserSession.objects.filter(user=user).delete()
    user.username = _no_address(f"account-{user.pk}")
    user.email = user.first_name = user.last_name = ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()


def _rename_in_the_history(coach: Coach, user: User) -> None:
    """Put the number where the admin's own history has the name."""
    addresses = EmailAddress.objects.filter(user=user).values_list("pk", flat=True)
    rows: list[tuple[type[Model], list[int]]] = [
        (Coach, [coach.pk]),
        (User, [user.pk]),
        (EmailAddress, list(addresses)),
    ]
    history = Q()
    for model, keys in rows:
        history |= Q(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[str(key) for key in keys],
        )
    LogEntry.objects.filter(history).update(object_repr=f"{in_trail(coach)}, erased")
