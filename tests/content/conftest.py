from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client

from content import published


@pytest.fixture(autouse=True)
def _fresh_snapshot():
    """The snapshot outlives the transaction of a test."""
    published.forget()
    yield
    published.forget()


@pytest.fixture
def article(db, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_article", verbosity=0)


def sign_in(user: User) -> Client:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db) -> User:
    """May do everything; Ada."""
    return User.objects.create_superuser("ada", "ada@example.org", "correct horse battery")


@pytest.fixture
def editor_client(editor: User) -> Client:
    return sign_in(editor)


@pytest.fixture
def writer_client(db) -> Client:
    """May change pages but not publish them; Ben."""
    user = User.objects.create_user("ben", "ben@example.org", "correct horse battery", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_page", "change_page")))
    return sign_in(user)
