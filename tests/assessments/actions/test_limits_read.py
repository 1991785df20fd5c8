"""Whether a limit is used up can be asked without counting."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.actions.limits import (
    forget_counts,
    seconds_to_wait,
    seconds_until_free,
)
from assessments.models import RateCount

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_limit_is_used_up_for_one_address_and_one_action(half_past: object) -> None:
    here: Any = {"by": "192.0.2.7", "most": 2}
    for used in (False, False, True):
        assert (seconds_until_free("guess", **here) > 0) is used
        seconds_to_wait("guess", **here)
    assert seconds_until_free("guess", **here) > 0
    assert not seconds_until_free("join", **here) > 0
    assert not seconds_until_free("guess", by="192.0.2.8", most=2) > 0
    assert RateCount.objects.get().hits == 3


def test_counts_of_earlier_hours_go_with_the_next_count_and_with_the_daily_job() -> (
    None
):
    noon = timezone.now().replace(hour=12, minute=59)
    with time_machine.travel(noon, tick=False) as clock:
        seconds_to_wait("guess", by="192.0.2.7", most=2)
        forget_counts()
        assert RateCount.objects.count() == 1
        clock.shift(timedelta(minutes=2))
        seconds_to_wait("guess", by="192.0.2.8", most=2)
        assert RateCount.objects.get().window == clock_hour()
        clock.shift(timedelta(hours=1))
        call_command("forget_old", stdout=StringIO())
        assert not RateCount.objects.exists()


def clock_hour() -> int:
    return int(timezone.now().timestamp()) // 3600
