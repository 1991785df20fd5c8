"""Sessions of tests that sign somebody in without a page."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


def give_with_force_login() -> None:
    """Let `force_login` stand for a whole sign-in, with the second factor."""
    user_logged_in.connect(_give)


def _give(request: HttpRequest, user: User, **kwargs: Any) -> None:
    # Only the test client's own request names no method. It was long ago, so that what
    # asks for the password again does so.
    if request.method is None:
        record_authentication(request, user, "mfa", at=0)
