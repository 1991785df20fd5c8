"""Whether a limit is used up can be asked without counting."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.actions.limits import seconds_to_wait, seconds_until_free
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


def test_count_of_an_earlier_hour_counts_nothing_until_the_daily_job_deletes_it() -> (
    None
):
    here: Any = {"by": "192.0.2.7", "most": 1}
    noon = timezone.now().replace(hour=12, minute=59)
    with time_machine.travel(noon, tick=False) as clock:
        seconds_to_wait("guess", **here)
        assert seconds_until_free("guess", **here) > 0
        call_command("forget_old", stdout=StringIO())
        assert RateCount.objects.count() == 1
        clock.shift(timedelta(minutes=2))
        assert seconds_until_free("guess", **here) == 0
        assert seconds_to_wait("guess", **here) == 0
        assert RateCount.objects.count() == 2
        call_command("forget_old", stdout=StringIO())
        assert RateCount.objects.get().window == int(time.time()) // 3600
