from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assessments.actions.drafting import duplicate
from assessments.models import Coach, Questionnaire, Version

from .coaching import make_coach, make_manager
from .staff import EDITING, signed_in
from .taker import Taker


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
    return signed_in("paula", "view_questionnaire", "view_version", "publish_questionnaire")


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
