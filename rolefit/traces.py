"""Writes to the log who signed in and who failed to, and who was refused.

A line names the account by its number and the sender by a keyed hash of the address.
So the lines of one sender and day can be put together, and nobody can read the address,
nor which email address or code was tried.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import context
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.web import client_network

logger = logging.getLogger(__name__)
SENDER_SALT = "rolefit.traces.sender"
# What the adapters of allauth call the refusals of a sign-in.
FAILURES = {
    "email_password_mismatch": "Failed sign-in",
    "incorrect_password": "Wrong password",
    "incorrect_code": "Wrong second factor",
    "rate_limited": "Locked out",
    "too_many_login_attempts": "Locked out",
}


def sender(request: HttpRequest) -> str:
    """The sender of a request: 16 hexadecimal digits that only this site can make.

    They change every day, so that nobody can link the lines of two days.
    """
    salt = f"{SENDER_SALT} {timezone.now():%Y-%m-%d}"
    made = salted_hmac(salt, client_network(request), algorithm="sha256")
    return made.hexdigest()[:16]


def trace(what: str, request: HttpRequest | None, account: Any = None) -> None:
    """Write a line. `account`: a user, the number of one, or None."""
    logger.info("%s: %s", what, account_and_sender(request, account))


def account_and_sender(request: HttpRequest | None, account: Any) -> str:
    number = getattr(account, "pk", account)
    return (
        f"account {'unknown' if number is None else number}, "
        f"sender {'unknown' if request is None else sender(request)}"
    )


def trace_failure(code: str, account: Any = None) -> None:
    """Trace a refusal of allauth, if its code is one of FAILURES."""
    request: HttpRequest | None = context.request
    if code not in FAILURES:
        return
    if account is None and request is not None:
        if request.user.is_authenticated:
            account = request.user
        else:
            # A password was right, and the second factor is asked for.
            stage = get_pending_stage(request)
            account = stage.login.user if stage else None
    trace(FAILURES[code], request, account)


@receiver(user_logged_in)
def trace_sign_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    trace("Signed in", request, user)


@receiver(user_logged_out)
def trace_sign_out(
    request: HttpRequest | None, user: User | None, **kwargs: Any
) -> None:
    trace("Signed out", request, user)
