from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from assessments.actions.staff_groups import sync_groups
from tests.support.editing import member_of, sign_in


@pytest.fixture
def editor(db) -> User:
    """May do everything; Ada."""
    return User.objects.create_superuser(
        "ada", "ada@example.org", "correct horse battery"
    )


@pytest.fixture
def editor_client(editor: User) -> Client:
    return sign_in(editor)


@pytest.fixture
def writer_client(db) -> Client:
    """May change pages but not publish them; Ben."""
    user = User.objects.create_user(
        "ben", "ben@example.org", "correct horse battery", is_staff=True
    )
    user.user_permissions.set(
        Permission.objects.filter(codename__in=("view_page", "change_page"))
    )
    return sign_in(user)


@pytest.fixture
def groups(db) -> None:
    """Tests whose transactions are real leave no rows behind, and so no groups."""
    sync_groups()


@pytest.fixture
def publisher_client(groups) -> Client:
    """May look at pages and publish them, not change them."""
    return sign_in(member_of("Publisher"))
