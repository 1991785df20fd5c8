"""What the database itself refuses, whatever the code above it does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from assessments.models import (
    Coach,
    CountDay,
    Invitation,
    ItemDay,
    Result,
    ScaleDay,
    Version,
)
from content.models import AuditEntry
from tests.support.coaching import invite
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"form": "half"}, {"outcome": "too_few"}])
def test_result_has_a_known_form_and_an_outcome_that_is_stored(
    visitor: Taker, change: dict[str, str]
) -> None:
    visitor.take("both")
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.update(**change)
    Result.objects.update(form="short", outcome="careless")


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ItemDay, {"question": "T1"}),
        (ScaleDay, {"scale": "trade_offs"}),
        (CountDay, {"kind": "outcome", "key": "close"}),
    ],
)
def test_sums_have_a_known_form(
    questionnaire: Version, model: type[models.Model], values: dict[str, Any]
) -> None:
    numbers = {
        field.name: 0
        for field in model._meta.concrete_fields
        if isinstance(field, models.BigIntegerField) and not field.primary_key
    }
    row = {"version": questionnaire, "day": date(2026, 3, 2)} | numbers | values
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.create(form="half", **row)
    model._default_manager.create(form="full", **row)


def test_account_of_a_coach_cannot_be_deleted_with_all_that_hangs_on_it(
    coach: Coach,
) -> None:
    invite(coach)
    assert coach.user is not None
    with pytest.raises(ProtectedError):
        coach.user.delete()
    assert Invitation.objects.count() == 1


def test_audit_trail_knows_its_acts_alone() -> None:
    for act in AuditEntry.Act:
        AuditEntry.objects.create(act=act, subject="a page")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(act="dream", subject="a page")
