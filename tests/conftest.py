"""What every test may lean on: fresh snapshots, a browser, and the same cast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect
from pytest_django import DjangoDbBlocker

from assessments.models import Version
from content import snapshot
from tests.support.browser import MAX_WAIT
from tests.support.loading import keep_only, load, load_once
from tests.support.second_factor import give_with_force_login
from tests.support.snapshots import forget_snapshots
from tools import browser as installed_browser

# Playwright's plain calls run inside an event loop, where Django would refuse the
# database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=MAX_WAIT)
give_with_force_login()
# A slow machine is no fault of the code.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database of the session, with the content that the software comes with.

    pytest-django makes none where no test of the session asks for `db`, as when the
    tests of upgrades run alone.
    """
    with django_db_blocker.unblock():
        made = []
        if not connection.introspection.table_names():
            made = setup_databases(verbosity=0, interactive=False)
        load_once()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


DATABASE = {"db", "transactional_db", "live_server"}
CONTENT = {"article": "load_article", "questionnaire": "load_questionnaire"}


@pytest.fixture(autouse=True)
def _content(request: pytest.FixtureRequest) -> None:
    """A test finds the content whose fixture it asks for, and else an empty site."""
    asked = set(request.fixturenames)
    if request.node.get_closest_marker("django_db") or asked & DATABASE:
        request.getfixturevalue("db")
        keep_only(frozenset(CONTENT[name] for name in asked & CONTENT.keys()))


@pytest.fixture(autouse=True)
def _fresh_snapshots(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process holds in memory outlives the transaction of a test.

    Within a test it does not grow old: on a busy machine a second passes anywhere.
    """
    forget_snapshots()
    monkeypatch.setattr(snapshot, "SECONDS", 3600.0)
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
def context(context: BrowserContext) -> BrowserContext:
    """The context of pytest-playwright's `page`, patient with a busy machine."""
    context.set_default_timeout(MAX_WAIT)
    return context


@pytest.fixture
def half_past() -> Iterator[time_machine.Traveller]:
    """Half an hour and a second past the hour, at which the clock stands still.

    So the hour of no limit ends within the test.
    """
    then = timezone.now().replace(minute=30, second=1, microsecond=0)
    with time_machine.travel(then, tick=False) as clock:
        yield clock


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
