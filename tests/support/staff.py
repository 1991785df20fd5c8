"""Staff of the questionnaire and their way round its admin."""

from __future__ import annotations

import html

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.support.markup import flat


def signed_in(name: str, *permissions: str, staff: bool = True) -> Client:
    user = User.objects.create_user(
        name, f"{name}@example.org", "a long pass phrase", is_staff=staff
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


EDITING = ("change_questionnaire", "add_questionnaire", "view_version")


def address(name: str, *args: int | str) -> str:
    return reverse(f"admin:assessments_{name}", args=args)


def text_of(response: HttpResponse) -> str:
    return flat(html.unescape(response.content.decode()))
