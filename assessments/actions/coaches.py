"""People ask for a coach's workspace; Coach managers approve, close and reopen them.

A Coach manager may also add a Coach row and approve it at once. To decline a request,
the manager deletes its row, with or without a mail. The account of a coach may belong
to a member of staff, so closing a workspace leaves the account and its rights alone.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail, send_mass_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.actions.locks import lock_in_order
from assessments.models import Coach, Invitation, Participation, PersonalLink
from assessments.queries.coaches import can_do_more
from assessments.typed import isolated
from content.addresses import absolute_url
from content.models import AuditEntry

# The address becomes the user name; Django limits user names to this length.
MAX_EMAIL_LENGTH = 150
EMAIL_TOO_LONG = (
    f"Use an address of at most {MAX_EMAIL_LENGTH} characters. "
    "It becomes the name of the account."
)


class NoNewPassword(Exception):
    """Why the manager gets no link to a new password of this coach, as a sentence."""


class AlreadyApproved(Exception):
    """The coach has a workspace."""


class NotApprovable(Exception):
    """Why this coach cannot be approved, as a sentence for the manager."""


class NotWaiting(Exception):
    """There is no request that could be declined."""


class NotMailed(Exception):
    """The mail server has refused a mail, or did not answer."""


def in_trail(coach: Coach) -> str:
    """What the audit trail calls a coach.

    By number: a name would stay there when the coach is erased.
    """
    return f"coach {coach.pk}"


def ask_for_account(*, name: str, email: str, works_with: str) -> None:
    """Leave a request for Coach managers, and tell them by mail where mail goes out.

    A second request with the same address changes nothing and returns nothing, so that
    nobody learns which addresses are known. It is mailed, too: otherwise the time that
    a mail takes would tell.
    """
    coach, is_new = Coach.objects.get_or_create(
        email=email.strip().lower(), defaults={"name": name, "works_with": works_with}
    )
    transaction.on_commit(lambda: _mail_request(coach, is_new=is_new), robust=True)


@transaction.atomic
def approve_coach(coach: Coach, *, by: User) -> str:
    """Give a coach a workspace. `mail_approval` tells the coach.

    The workspace belongs to the account that has confirmed the coach's address, or to a
    new account without a password.

    Returns the link under which the coach chooses a password; the manager copies it
    where the site sends no mail. Returns "" for an account that has a password.
    Raises AlreadyApproved, NotApprovable.
    """
    coach = Coach.objects.select_for_update().get(pk=coach.pk)
    if coach.approved_at:
        raise AlreadyApproved
    if len(coach.email) > MAX_EMAIL_LENGTH:
        raise NotApprovable(EMAIL_TOO_LONG)
    coach.user = _account(coach)
    coach.approved_at, coach.approved_by = timezone.now(), by
    coach.save(update_fields=["user", "approved_at", "approved_by"])
    AuditEntry.objects.create(
        by=by, act=AuditEntry.Act.APPROVE, subject=in_trail(coach)
    )
    return first_password_link(coach)


@transaction.atomic
def decline_request(coach: Coach, *, by: User) -> None:
    """Delete a request, and what the admin's own history says of it.

    `mail_refusal` tells its author. Raises NotWaiting.
    """
    waiting = Coach.objects.select_for_update().filter(pk=coach.pk, approved_at=None)
    if not waiting.exists():
        raise NotWaiting
    Coach.objects.filter(pk=coach.pk).delete()
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Coach), object_id=str(coach.pk)
    ).delete()
    # Without the name: nothing of the request stays.
    AuditEntry.objects.create(
        by=by, act=AuditEntry.Act.DELETE, subject="a request for a workspace"
    )


def _account(coach: Coach) -> User:
    email = coach.email.lower()
    # Anybody can write any address into an account. Only a confirmed one proves whose
    # it is.
    confirmed = (
        EmailAddress.objects.filter(email__iexact=email, verified=True)
        .select_related("user")
        .first()
    )
    if confirmed is None:
        if User.objects.filter(
            Q(username__iexact=email) | Q(email__iexact=email)
        ).exists():
            raise NotApprovable(
                "An account has this address but hasn’t confirmed it. "
                "Ask someone who manages accounts to sort that out first."
            )
        new = User.objects.create_user(username=email, email=email)
        EmailAddress.objects.create(user=new, email=email, verified=True, primary=True)
        return new
    user: User = confirmed.user
    if not user.is_active:
        raise NotApprovable(
            "The account with this address is closed. Open it again first."
        )
    if Coach.objects.filter(user=user).exists():
        raise NotApprovable("The account with this address already has a workspace.")
    return user


def first_password_link(coach: Coach) -> str:
    """The link under which a coach chooses a first password; "" once there is one.

    It is valid for three days. It opens the account, so staff never get one.
    """
    user = coach.user
    if user is None or coach.closed_at or user.has_usable_password() or user.is_staff:
        return ""
    return password_link(user)


@transaction.atomic
def new_password_link(coach: Coach, *, by: User) -> str:
    """A link for a coach who forgot the password, on a site that sends no mail.

    It is valid once, for three days. The coach's second factor stays, and the sign-in
    asks for it as before. Raises NoNewPassword.
    """
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
        subject=f"a new password for {in_trail(coach)}",
    )
    return password_link(user)


def why_no_new_password(coach: Coach) -> str:
    """Why new_password_link refuses, as a sentence for the manager; "" if it does not.

    Anybody who has the link can open the account. So the account may have no more than
    a coach's rights, and what clients shared must stay behind a second factor.
    """
    user = coach.user
    if settings.MAIL_GOES_OUT:
        return (
            "This site sends mail. Coaches ask for a link themselves, under “Forgot "
            "your password?”."
        )
    if user is None or not user.is_active or coach.closed_at:
        return "This coach has no open workspace."
    if can_do_more(user):
        return (
            "This account can do more than coach. The person who made it can set its "
            "password."
        )
    if (
        not is_mfa_enabled(user)
        and Participation.objects.filter(invitation__coach=coach).exists()
    ):
        return (
            "This account has clients but no second factor. The link alone would open "
            "what they share."
        )
    return ""


def password_link(user: User) -> str:
    parts = {
        "uidb36": user_pk_to_url_str(user),
        "key": default_token_generator.make_token(user),
    }
    return absolute_url(reverse("account_reset_password_from_key", kwargs=parts))


class SettingsChanged(Exception):
    """The coach has saved other settings meanwhile, in another window."""


@transaction.atomic
def change_settings(
    coach: Coach, *, contact: str, time_zone: str, finish_mail: str
) -> None:
    """What a coach chooses in the workspace.

    Who turns email about finished clients on hears of those who finish from now on.
    Raises SettingsChanged where the stored settings are no longer those of `coach`.
    """
    locked = Coach.objects.select_for_update().get(pk=coach.pk)
    if any(
        getattr(locked, name) != getattr(coach, name)
        for name in ("contact", "time_zone", "finish_mail")
    ):
        raise SettingsChanged
    if locked.finish_mail == Coach.FinishMail.OFF != finish_mail:
        locked.finish_mail_since = timezone.now()
    locked.contact, locked.time_zone = contact, time_zone
    locked.finish_mail = finish_mail
    locked.save(
        update_fields=["contact", "time_zone", "finish_mail", "finish_mail_since"]
    )


@transaction.atomic
def close_workspace(coach: Coach, *, by: User) -> None:
    """Close a workspace.

    The coach no longer gets in, the invitations take no more clients, and the links of
    the coach stop working. Clients whose results were held see them from now on. Grants
    stay, so that clients can still withdraw them. Closing twice keeps the first moment.
    """
    # A client who joins locks the invitation first. So the client either joined before
    # this, and the hold ends below, or meets a closed invitation.
    lock_in_order(Invitation.objects.filter(coach=coach))
    now = timezone.now()
    PersonalLink.objects.filter(invitation__coach=coach).exclude(email="").update(
        email=""
    )
    approved = Coach.objects.filter(
        pk=coach.pk, approved_at__isnull=False, closed_at=None
    )
    if approved.update(closed_at=now, closed_by=by):
        Participation.objects.filter(
            invitation__coach=coach, held_until__gt=now
        ).update(held_until=now)
        AuditEntry.objects.create(
            by=by,
            act=AuditEntry.Act.REVOKE,
            subject=f"the workspace of {in_trail(coach)}",
        )


@transaction.atomic
def open_workspace(coach: Coach, *, by: User) -> None:
    """Reopen a closed workspace. Results that closing released stay released.

    Does nothing for a coach who has been erased.
    """
    if Coach.objects.filter(
        pk=coach.pk, closed_at__isnull=False, erased_at=None
    ).update(closed_at=None, closed_by=None):
        AuditEntry.objects.create(
            by=by,
            act=AuditEntry.Act.RESTORE,
            subject=f"the workspace of {in_trail(coach)}",
        )


def _mail_request(coach: Coach, *, is_new: bool) -> None:
    managers = User.objects.with_perm(
        "assessments.change_coach",
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    addresses = list(
        managers.filter(is_staff=True)
        .exclude(email="")
        .order_by("pk")
        .values_list("email", flat=True)
    )
    if not settings.MAIL_GOES_OUT or not addresses:
        return
    page = absolute_url(reverse("admin:assessments_coach_change", args=[coach.pk]))
    if is_new:
        message = (
            f"{isolated(coach.name)} ({coach.email}) asked for a workspace. Who "
            f"they work with:\n\n{coach.works_with}\n\nApprove or decline it:"
        )
    else:
        message = (
            f"Someone asked again for a workspace, with the address {coach.email}. "
            "If that coach can’t get in, you may be able to help:"
        )
    # One mail each, so that no manager learns the addresses of the others.
    send_mass_mail(
        [
            (
                "Someone asked for a workspace on Rolefit",
                f"{message}\n\n{page}\n",
                None,
                [address],
            )
            for address in addresses
        ]
    )


def mail_approval(coach: Coach) -> None:
    """Mail an approved coach how to sign in. Raises NotMailed."""
    if link := first_password_link(coach):
        way_in = (
            f"Choose your password here within three days:\n\n{link}\n\n"
            "After three days, ask for a new link under “Forgot your password?” on the "
            "sign-in page:"
        )
    else:
        way_in = "Sign in with your account password:"
    sign_in = absolute_url(reverse(settings.LOGIN_URL))
    _send(
        coach,
        "Your workspace on Rolefit is ready",
        f"Your workspace on Rolefit is ready. {way_in}\n\n"
        f"{sign_in}\n\n"
        "At your first sign-in, you’ll set up a second factor: "
        "an app that shows codes, or a passkey.\n",
    )


def mail_refusal(coach: Coach) -> None:
    """Mail the author of a request that it was declined. Raises NotMailed."""
    _send(
        coach,
        "Your request for a workspace on Rolefit",
        "Thanks for asking for a workspace on Rolefit. We can’t give you one. "
        "We’ve deleted your request, with your name and address.\n",
    )


def _send(coach: Coach, subject: str, text: str) -> None:
    body = f"Hello {isolated(coach.name)},\n\n{text}"
    try:
        send_mail(subject, body, None, [coach.email])
    except OSError as error:  # every failure of smtplib is one
        raise NotMailed from error
