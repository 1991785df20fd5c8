"""Since when a row has waited for a daily job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.actions.attempts import start
from assessments.actions.retention import forget_old
from assessments.actions.sums import roll_up
from assessments.models import Attempt, Result, Version
from assessments.queries.overdue import LATE_AFTER, Overdue, overdue
from tests.support.taker import Taker

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOTHING = Overdue(None, None)
MINUTE = timedelta(minutes=1)


def test_results_wait_for_the_sums_until_they_are_rolled_up(visitor: Taker) -> None:
    assert overdue(now=timezone.now() + timedelta(days=1000)) == NOTHING
    visitor.take("both")
    finished = Result.objects.get().finished_at
    assert overdue(now=finished + LATE_AFTER - MINUTE) == NOTHING
    assert overdue(now=finished + LATE_AFTER) == Overdue(finished, None)
    roll_up(now=finished + LATE_AFTER)
    assert overdue(now=finished + LATE_AFTER) == NOTHING


def test_the_oldest_row_past_its_time_waits_for_its_deletion(
    visitor: Taker, questionnaire: Version
) -> None:
    visitor.take("both")
    roll_up(now=timezone.now() + timedelta(days=1))
    expires = Result.objects.get().expires_at
    assert overdue(now=expires + LATE_AFTER - MINUTE) == NOTHING
    assert overdue(now=expires + LATE_AFTER) == Overdue(None, expires)
    attempt, _ = start(version=questionnaire, form="full")
    past = attempt.changed_at + settings.UNFINISHED_KEPT
    assert overdue(now=past + LATE_AFTER - MINUTE) == NOTHING
    assert overdue(now=expires + LATE_AFTER) == Overdue(None, past)
    forget_old(now=expires + LATE_AFTER)
    assert not Attempt.objects.exists()
    assert overdue(now=expires + LATE_AFTER) == NOTHING
