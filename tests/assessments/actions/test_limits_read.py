"""Whether a limit is used up can be asked without counting."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.actions.limits import seconds_to_wait, seconds_until_free
from assessments.models import RateCount

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_limit_is_used_up_for_one_address_and_one_action() -> None:
    here: Any = {"by": "192.0.2.7", "most": 2}
    for used in (False, False, True):
        assert (seconds_until_free("guess", **here) > 0) is used
        seconds_to_wait("guess", **here)
    assert seconds_until_free("guess", **here) > 0
    assert not seconds_until_free("join", **here) > 0
    assert not seconds_until_free("guess", by="192.0.2.8", most=2) > 0
    assert RateCount.objects.get().hits == 3
