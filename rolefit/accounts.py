"""How accounts come about: by `make staff` and by invitation, never by a public sign-up page."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the admin, coaches to their workspace."""
        return reverse("admin:index" if request.user.is_staff else "coach_groups")
