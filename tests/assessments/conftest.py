from __future__ import annotations

import pytest

from assessments.models import Version

from .taker import Taker


@pytest.fixture
def visitor(questionnaire: Version) -> Taker:
    return Taker()


@pytest.fixture
def stranger(questionnaire: Version) -> Taker:
    return Taker()
