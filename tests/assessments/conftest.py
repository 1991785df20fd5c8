from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.actions import sums
from assessments.actions.drafts import duplicate
from assessments.drafts import rehearsal
from assessments.models import Coach, Questionnaire, Version
from tests.support.coaching import make_coach, make_manager
from tests.support.loading import load
from tests.support.staff import EDITING, signed_in
from tests.support.taker import Taker


@pytest.fixture
def visitor(questionnaire: Version) -> Taker:
    return Taker()


@pytest.fixture
def stranger(questionnaire: Version) -> Taker:
    return Taker()


@pytest.fixture
def draft(questionnaire: Version) -> Questionnaire:
    """As the live version, but for its name."""
    draft = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Autumn")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def editor(draft: Questionnaire) -> Client:
    return signed_in("edith", *EDITING)


@pytest.fixture
def publisher(draft: Questionnaire) -> Client:
    return signed_in(
        "paula", "view_questionnaire", "view_version", "publish_questionnaire"
    )


@pytest.fixture
def manager(questionnaire: Version) -> User:
    """Mara approves coaches."""
    return make_manager()


@pytest.fixture
def coach(manager: User) -> Coach:
    return make_coach("Carla", by=manager)


@pytest.fixture
def other_coach(manager: User) -> Coach:
    return make_coach("Otto", by=manager)


@pytest.fixture
def few_people(monkeypatch: pytest.MonkeyPatch) -> int:
    """Rehearse with two slices: a page says the same of them as of twenty."""
    monkeypatch.setattr(rehearsal, "PEOPLE", 2 * rehearsal.SLICE)
    return rehearsal.PEOPLE


@pytest.fixture
def settled(questionnaire: Version) -> datetime:
    """A time at which everything that `fill` makes has settled."""
    return timezone.now()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "SLICE", 70)


@pytest.fixture
def live(transactional_db: None) -> Version:
    """The live version in a database that other connections see."""
    load("load_article")
    load("load_questionnaire")
    return Version.objects.get()


@pytest.fixture
def live_coach(live: Version) -> Coach:
    """Carla, in a database that other connections see."""
    load("load_prompts")
    return make_coach("Carla", by=User.objects.create_user("mara"))


@pytest.fixture
def as_a_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    yield
    connection.close()
