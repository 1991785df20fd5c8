"""Staff who write and publish the article."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content.models import Page


def sign_in(user: User) -> Client:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def member_of(group: str) -> User:
    user = User.objects.create_user(
        group.lower(),
        f"{group.lower()}@example.org",
        "correct horse battery",
        is_staff=True,
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def publish(client: Client, *pages: Page) -> HttpResponse:
    """As a publisher does: look at the question, and press its button."""
    address = (
        reverse("admin:content_page_publish")
        + "?"
        + "&".join(f"page={page.pk}" for page in pages)
    )
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    return client.post(address, {"seen": seen.group(1) if seen else ""}, follow=True)
