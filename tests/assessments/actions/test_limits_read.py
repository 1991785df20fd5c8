"""Whether a limit is used up can be asked without counting."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.actions.limits import is_used_up, within_limit
from assessments.models import RateCount

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_limit_is_used_up_for_one_address_and_one_action() -> None:
    here: Any = {"address": "192.0.2.7", "most": 2}
    for used in (False, False, True):
        assert is_used_up("guess", **here) is used
        within_limit("guess", **here)
    assert is_used_up("guess", **here)
    assert not is_used_up("join", **here)
    assert not is_used_up("guess", address="192.0.2.8", most=2)
    assert RateCount.objects.get().hits == 3
