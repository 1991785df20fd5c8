"""Somebody asks for a coach's workspace, and a Coach manager approves her.

    ask_for_account(*, name, email, works_with) -> None     the same for everybody: nothing is given away
    approve_coach(coach, *, by) -> str                      the link to copy; AlreadyApproved, NotApprovable
    first_password_link(coach) -> str                       empty once she has a password
    new_password_link(coach, *, by) -> str                  where no mail goes out; NoNewPassword
    why_no_new_password(coach) -> str                       a sentence for the manager; empty where there may be one
    close_workspace(coach, *, by) -> None
    open_workspace(coach, *, by) -> None

A Coach manager may also add a Coach row and approve it at once; declining a request is deleting its row. The account of a coach
may be that of a member of staff, so closing a workspace leaves the account and its rights alone.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Coach, Invitation, Participation
from content.models import AuditEntry

LONGEST_ADDRESS = 150  # characters of a user name, which the address becomes
TOO_LONG = f"Use an address of no more than {LONGEST_ADDRESS} characters: it becomes the name of the account."


class NoNewPassword(Exception):
    """Why this coach gets no link to a new password, as a sentence for the manager."""


class AlreadyApproved(Exception):
    """The coach has a workspace."""


class NotApprovable(Exception):
    """Why this coach cannot be approved, as a sentence for the manager."""


def ask_for_account(*, name: str, email: str, works_with: str) -> None:
    """Leave a request for a Coach manager. Asking again with the same address changes nothing, and tells nothing."""
    Coach.objects.get_or_create(
        email=email.strip().lower(), defaults={"name": name, "works_with": works_with}
    )


@transaction.atomic
def approve_coach(coach: Coach, *, by: User) -> str:
    """Give a coach her workspace: the account with her address, or a new one without a password. Once this is committed, a
    mail tells her how to come in.

    Returns the link under which she chooses her password, for the manager to copy where no mail goes out; nothing for an
    account that has one. Raises AlreadyApproved, NotApprovable.
    """
    coach = Coach.objects.select_for_update().get(pk=coach.pk)
    if coach.approved_at:
        raise AlreadyApproved
    if len(coach.email) > LONGEST_ADDRESS:
        raise NotApprovable(TOO_LONG)
    coach.user = _account(coach)
    coach.approved_at, coach.approved_by = timezone.now(), by
    coach.save(update_fields=["user", "approved_at", "approved_by"])
    AuditEntry.objects.create(
        by=by, act=AuditEntry.Act.APPROVE, subject=f"{coach.name} as a coach"
    )
    link = first_password_link(coach)
    # No partial: Django names a robust hook that failed by its __qualname__, which a partial lacks.
    transaction.on_commit(lambda: _tell_approved(coach, link), robust=True)
    return link


def _account(coach: Coach) -> User:
    email = coach.email.lower()
    # Anybody with an account can write any address into it: only one that was confirmed says whose it is.
    known = (
        EmailAddress.objects.filter(email__iexact=email, verified=True)
        .select_related("user")
        .first()
    )
    if known is None:
        if User.objects.filter(
            Q(username__iexact=email) | Q(email__iexact=email)
        ).exists():
            raise NotApprovable(
                "An account has this address without having confirmed it. Whoever looks after accounts must settle that first."
            )
        new = User.objects.create_user(username=email, email=email)
        EmailAddress.objects.create(user=new, email=email, verified=True, primary=True)
        return new
    user: User = known.user
    if not user.is_active:
        raise NotApprovable(
            "The account with this address is closed. Open it again first."
        )
    if Coach.objects.filter(user=user).exists():
        raise NotApprovable("The account with this address has a workspace already.")
    return user


def first_password_link(coach: Coach) -> str:
    """Where a coach chooses her first password, within three days; empty once she has one. It opens the account, so it is for
    those who were approved without one, and never for staff."""
    user = coach.user
    if user is None or coach.closed_at or user.has_usable_password() or user.is_staff:
        return ""
    return _link_to_a_password(user)


@transaction.atomic
def new_password_link(coach: Coach, *, by: User) -> str:
    """Where a coach who has forgotten her password chooses another, within three days and once, on a site that sends no mail. Her
    second factor stays, and is asked for as ever. Raises NoNewPassword."""
    coach = (
        Coach.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=coach.pk)
    )
    user, why = coach.user, why_no_new_password(coach)
    if user is None or why:
        raise NoNewPassword(why)
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.APPROVE,
        subject=f"a new password for {coach.name}, a coach",
    )
    return _link_to_a_password(user)


def why_no_new_password(coach: Coach) -> str:
    """Who holds the link can open the account: so it leads to no more than a coach's rights, and never past a second factor to
    what clients have shared."""
    user = coach.user
    if settings.MAIL_GOES_OUT:
        return "This site sends mail: a coach asks for a link herself, under “Forgot your password?”."
    if user is None or not user.is_active or coach.closed_at:
        return "There is no open workspace."
    if (
        user.is_staff
        or user.is_superuser
        or user.groups.exists()
        or user.user_permissions.exists()
    ):
        return (
            "This account may do more than coach. Whoever made it can set its password."
        )
    if (
        not is_mfa_enabled(user)
        and Participation.objects.filter(invitation__coach=coach).exists()
    ):
        return "This account has clients and no second factor, so the link alone would open what they share."
    return ""


def _link_to_a_password(user: User) -> str:
    parts = {
        "uidb36": user_pk_to_url_str(user),
        "key": default_token_generator.make_token(user),
    }
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=parts)


@transaction.atomic
def close_workspace(coach: Coach, *, by: User) -> None:
    """Take a workspace away: the coach does not get in, her invitations take nobody, her links stop working, and who waited
    for a talk with her may see the result now. Closing twice keeps the first moment. What clients granted stays theirs to take back.
    """
    # Whoever joins has locked the invitation first: either she is in before this, and let go, or finds it closed.
    list(Invitation.objects.select_for_update().filter(coach=coach).order_by("pk"))
    now = timezone.now()
    approved = Coach.objects.filter(
        pk=coach.pk, approved_at__isnull=False, closed_at=None
    )
    if approved.update(closed_at=now, closed_by=by):
        Participation.objects.filter(
            invitation__coach=coach, held_until__gt=now
        ).update(held_until=now)
        AuditEntry.objects.create(
            by=by, act=AuditEntry.Act.REVOKE, subject=f"the workspace of {coach.name}"
        )


@transaction.atomic
def open_workspace(coach: Coach, *, by: User) -> None:
    """Give a closed workspace back as it was; what closing released stays released."""
    if Coach.objects.filter(pk=coach.pk, closed_at__isnull=False).update(
        closed_at=None, closed_by=None
    ):
        AuditEntry.objects.create(
            by=by, act=AuditEntry.Act.RESTORE, subject=f"the workspace of {coach.name}"
        )


def _tell_approved(coach: Coach, link: str) -> None:
    if link:
        way_in = f"Choose your password here, within three days:\n\n{link}\n\nAfter that, ask for a new link under “Forgot your password?” at"
    else:
        way_in = "Sign in with the password of your account at"
    body = (
        f"Hello {coach.name},\n\nyour workspace on Rolefit is ready. {way_in}\n\n{settings.BASE_URL}{reverse(settings.LOGIN_URL)}\n\n"
        "When you first come in, you set up a second factor: an app that shows codes, or a passkey.\n"
    )
    send_mail("Your workspace on Rolefit is ready", body, None, [coach.email])
