"""Accounts are made by `make staff` and by invitation; there is no public sign-up.

Links in mail lead to BASE_URL, whatever host the request named.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailConfirmation
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from content.addresses import absolute_url


def at_our_address(url: str) -> str:
    """The same path under BASE_URL.

    A Host header may name any port of this machine, and mail must not lead there.
    """
    return absolute_url(urlsplit(url)._replace(scheme="", netloc="").geturl())


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the admin, coaches to their workspace."""
        return reverse("admin:index" if request.user.is_staff else "coach_groups")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_our_address(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return at_our_address(
            super().get_email_confirmation_url(request, emailconfirmation)
        )

    def is_safe_url(self, url: str) -> bool:
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={urlsplit(settings.BASE_URL).netloc}
        )


class PasswordLinkTokens(EmailAwarePasswordResetTokenGenerator):
    """Tokens of password links that end when the account's rights change.

    A link that a manager gave to a coach must not open the account of somebody who has
    joined the staff since, nor an account whose second factor was removed since.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        groups = sorted(user.groups.values_list("pk", flat=True))
        rights = f"{user.is_staff}{user.is_superuser}{groups}{is_mfa_enabled(user)}"
        return f"{super()._make_hash_value(user, timestamp)}|{rights}"
