"""Accounts are made by `make staff` and by invitation; there is no public sign-up.

Links in mail lead to BASE_URL, whatever host the request named.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailConfirmation
from allauth.account.utils import filter_users_by_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from assessments.web import client_address
from content import published
from content.addresses import absolute_url

from .lock_outs import with_waiting_time
from .traces import trace_failure


def at_our_address(url: str) -> str:
    """The same path under BASE_URL.

    A Host header may name any port of this machine, and mail must not lead there.
    """
    return absolute_url(urlsplit(url)._replace(scheme="", netloc="").geturl())


class InvitedOnly(DefaultAccountAdapter):
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": (
            "This account is closed. If you think that’s a mistake, ask the people who "
            "run this site."
        ),
        "cannot_remove_primary_email": (
            "You can’t remove your main address. Make another one the main address "
            "first."
        ),
        "duplicate_email": "Your account has this address already.",
        "email_password_mismatch": (
            "The email address or the password is wrong. Check both and try again."
        ),
        "email_taken": "Another account uses this address. Choose a different one.",
        "enter_current_password": "That isn’t your current password. Try again.",
        "incorrect_password": "That isn’t your password. Try again.",
        "max_email_addresses": ("You can have %d addresses at most. Remove one first."),
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
        "too_many_login_attempts": (
            "Too many failed tries. Wait five minutes, then try again."
        ),
        "unverified_primary_email": "Confirm that address first.",
    }

    # The address that somebody tries to sign in with. Each request has its own adapter.
    _tried = ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._tried = str(credentials.get("email", ""))
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refusal:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise with_waiting_time(refusal, key) from None

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        found = filter_users_by_email(self._tried) if self._tried else []
        trace_failure(code, found[0] if found else None)
        return super().validation_error(code, *args)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not after a sign-in of the last minutes: it asked for no less.

        allauth counts only what was asked for after the sign-in.
        """
        given = get_authentication_records(self.request, self.request.user)
        just_given = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if given and given[-1]["at"] > just_given:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our own limits read too."""
        address = client_address(request)
        return str(address) if address else str(super().get_client_ip(request))

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        """The account, whichever of its addresses was typed, and in whatever spelling.

        allauth's key has the address and the Host header in it, and so each of them
        would be a new limit.
        """
        typed = str(credentials.get("email", credentials.get("username", ""))).lower()
        numbers = [user.pk for user in filter_users_by_email(typed)]
        return f"account {min(numbers)}" if numbers else typed

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the admin, coaches to their workspace."""
        return reverse("admin:index" if request.user.is_staff else "coach_people")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_our_address(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return at_our_address(
            super().get_email_confirmation_url(request, emailconfirmation)
        )

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        # allauth renders subjects without the request, so without the site's words.
        words = {"site": published.current().words}
        super().send_mail(template_prefix, email, context | words)

    def is_safe_url(self, url: str) -> bool:
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={urlsplit(settings.BASE_URL).netloc}
        )


class SecondFactors(DefaultMFAAdapter):
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": (
            "You can’t add an address while you have a second factor. Remove the "
            "second factor, add and confirm the address, then set it up again."
        ),
        "cannot_generate_recovery_codes": (
            "Set up a second factor first. Then you can make recovery codes."
        ),
        "incorrect_code": (
            "That code or key isn’t right. An app’s code changes every 30 seconds: use "
            "the one it shows now."
        ),
        "unverified_email": (
            "Confirm all of your email addresses first, or remove those you don’t "
            "use. Then set up the second factor."
        ),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        trace_failure(code)
        return super().validation_error(code, *args)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Key {count + 1}"


class PasswordLinkTokens(EmailAwarePasswordResetTokenGenerator):
    """Tokens of password links that end when the account's rights change.

    A link that a manager gave to a coach must not open the account of somebody who has
    joined the staff since, nor an account whose second factor was removed since.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        groups = sorted(user.groups.values_list("pk", flat=True))
        rights = f"{user.is_staff}{user.is_superuser}{groups}{is_mfa_enabled(user)}"
        return f"{super()._make_hash_value(user, timestamp)}|{rights}"
