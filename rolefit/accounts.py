"""How accounts come about: by `make staff` and by invitation, never by a public sign-up page. Links lead to the site's own address,
whatever a request calls it."""

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


def at_our_address(url: str) -> str:
    """The same page where visitors find the site. A Host header may name any port of ours, and mail must not lead there."""
    return settings.BASE_URL + urlsplit(url)._replace(scheme="", netloc="").geturl()


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
    """A link to a new password is good only while the account may do what it could when the link was made: one that was handed to
    a coach must not open a member of staff, nor pass by a second factor that has gone since."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        groups = sorted(user.groups.values_list("pk", flat=True))
        return f"{super()._make_hash_value(user, timestamp)}|{user.is_staff}{user.is_superuser}{groups}{is_mfa_enabled(user)}"
