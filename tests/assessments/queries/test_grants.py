"""Grants beside a row: asked for only where the row's query has found one."""

from __future__ import annotations

import pytest

from assessments.models import Attempt, Coach, Participation, Result
from assessments.queries import owners
from assessments.queries.grants import grants_beside
from tests.support.coaching import invite
from tests.support.guest import Guest
from tests.support.statements import asked
from tests.support.taker import Taker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_owner_without_a_grant_costs_no_query(visitor: Taker) -> None:
    visitor.take("clear_project")
    result = owners.own_result(visitor.key)
    assert result is not None
    assert asked(lambda: grants_beside(result)) == []
    assert grants_beside(result) == []


def test_grants_of_another_owner_are_not_found(coach: Coach, visitor: Taker) -> None:
    Guest(invite(coach)).share()
    visitor.start()
    attempt = owners.open_attempt(visitor.key)
    assert attempt is not None
    assert grants_beside(attempt) == []


def test_grant_is_found_beside_the_open_attempt_and_the_result(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    rows: list[Attempt | Result | None] = [owners.open_attempt(guest.key)]
    guest.answer_all("clear_project")
    rows.append(owners.own_result(guest.key))
    grant = Participation.objects.get()
    for row in rows:
        assert row is not None
        assert [found.participation for found in grants_beside(row)] == [grant]


def test_row_of_a_query_that_did_not_look_is_asked_for(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    attempt = Participation.objects.get().attempt
    assert len(grants_beside(attempt)) == 1
