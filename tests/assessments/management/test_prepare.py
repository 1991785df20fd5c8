"""`manage.py prepare` on a site that has results already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from assessments.models import CountDay, Result, Version
from tests.support.coaching import alone

pytestmark = pytest.mark.django_db


def test_expired_result_is_added_to_the_sums_before_it_is_deleted(
    questionnaire: Version,
) -> None:
    alone()
    Result.objects.update(
        finished_at=timezone.now() - timedelta(days=400),
        expires_at=timezone.now() - timedelta(days=35),
    )
    call_command("prepare", verbosity=0)
    assert not Result.objects.exists()
    outcomes = CountDay.objects.filter(kind="outcome")
    assert outcomes.aggregate(n=Sum("n")) == {"n": 1}
