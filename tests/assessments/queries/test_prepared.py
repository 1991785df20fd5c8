"""A prepared query gives what the plain one gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from assessments.models import Attempt, Coach, Owner, Participation, Result, Version
from assessments.queries.prepared import Given, Prepared, update_row
from tests.support.coaching import alone, invite, joined
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]

KEPT = Prepared(
    lambda: (
        Result.objects.select_related("owner", "version", "attempt")
        .defer("version__definition")
        .filter(expires_at__gt=Given("now"), form="full", owner=Given("owner"))
        .order_by("-number")
    )
)


def test_rows_are_those_of_the_plain_query(questionnaire: Version) -> None:
    kept, other = alone("both"), alone("close")
    now = timezone.now()
    [row] = KEPT.rows(owner=kept.owner_id, now=now)
    [plain] = (
        Result.objects.select_related("owner", "version", "attempt")
        .defer("version__definition")
        .filter(owner=kept.owner_id)
    )
    for one, same in (
        (row, plain),
        (row.owner, plain.owner),
        (row.version, plain.version),
        (row.attempt, plain.attempt),
    ):
        one_facts, same_facts = dict(vars(one)), dict(vars(same))
        del one_facts["_state"], same_facts["_state"]
        assert one_facts == same_facts
        assert (one._state.adding, one._state.db) == (False, same._state.db)
    assert row.version.get_deferred_fields() == {"definition"}
    assert [found.pk for found in KEPT.rows(owner=other.owner_id, now=now)] == [
        other.pk
    ]
    assert KEPT.rows(owner=kept.owner_id, now=now + timedelta(days=900)) == []
    assert KEPT.first(owner=0, now=now) is None


def test_one_use_is_one_query_and_nothing_is_remembered(
    questionnaire: Version,
) -> None:
    result = alone("both")
    given: dict[str, object] = {"owner": result.owner_id, "now": timezone.now()}
    KEPT.rows(**given)
    assert len(asked(lambda: KEPT.rows(**given))) == 1
    Result.objects.update(number=7)
    found = KEPT.first(**given)
    assert found is not None
    assert found.number == 7


def test_annotations_and_missing_relations_come_along(coach: Coach) -> None:
    grant = joined(invite(coach), "both")
    counted = Prepared(
        lambda: (
            Participation.objects.filter(pk=Given("pk"))
            .select_related("attempt__result")
            .annotate(links=Count("share_links"))
        )
    )
    [row] = counted.rows(pk=grant.pk)
    assert (vars(row)["links"], row.attempt.result.number) == (0, 1)
    Result.objects.all().delete()
    [row] = counted.rows(pk=grant.pk)
    assert not hasattr(row.attempt, "result")


def test_a_value_is_never_read_as_sql(questionnaire: Version) -> None:
    alone("both")
    owner_with = Prepared(lambda: Owner.objects.filter(key_sha256=Given("digest")))
    assert owner_with.rows(digest="' OR '1'='1") == []
    assert owner_with.rows(digest="%s") == []
    assert Attempt.objects.count() == 1


def test_an_update_writes_the_named_fields_and_no_other(
    questionnaire: Version,
) -> None:
    attempt, other = alone("both").attempt, alone("close").attempt
    now = timezone.now()
    attempt.answers, attempt.timed_until, attempt.form = {"T1": None}, now, "short"
    update_row(attempt, ["answers", "timed_until"])
    found = Attempt.objects.get(pk=attempt.pk)
    assert (found.answers, found.timed_until, found.form) == ({"T1": None}, now, "full")
    assert Attempt.objects.get(pk=other.pk).answers == other.answers
