"""What every test may lean on: fresh snapshots, a browser, and the same cast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from assessments.models import Version
from tests.support.loading import load
from tests.support.snapshots import forget_snapshots
from tools import browser as installed_browser

# Playwright's plain calls run inside an event loop, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _fresh_snapshots() -> Iterator[None]:
    """What a process holds in memory outlives the transaction of a test."""
    forget_snapshots()
    yield
    forget_snapshots()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Any
) -> dict[str, Any]:
    path = installed_browser.on_the_path() or playwright.chromium.executable_path
    if not Path(path).exists():
        missing = "no Chromium on this machine: `make test` gets one where it can"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    # Chromium's sandbox does not start for root.
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
    }


@pytest.fixture
def article(db: None) -> None:
    """The article as it comes with the software, published."""
    load("load_article")
    forget_snapshots()


@pytest.fixture
def questionnaire(article: None) -> Version:
    """The default questionnaire, published: the live version."""
    load("load_questionnaire")
    forget_snapshots()
    return Version.objects.get()


@pytest.fixture
def staff(db: None) -> User:
    """Stella: may do everything."""
    return User.objects.create_superuser(
        "stella@example.org", "stella@example.org", "a long pass phrase"
    )


@pytest.fixture
def staff_client(staff: User) -> Client:
    """Stella signed in, with the second factor that the admin asks of staff."""
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(staff)
    return client
