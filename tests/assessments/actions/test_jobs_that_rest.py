"""Daily jobs work in small transactions and rest in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from assessments.actions import (
    limits,
    people,
    personal_links,
    result_requests,
    retention,
    slices,
)
from assessments.actions.personal_links import Person
from assessments.models import (
    Client,
    Coach,
    Invitation,
    Participation,
    PersonalLink,
    RateCount,
    ResultRequest,
)
from content.models import Page, SavedDraft
from tests.support.coaching import alone, invite, join

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REST = 3.0
YEARS = timedelta(days=1000)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every slice has one row, and takes a second."""
    slept: list[float] = []
    clock = SimpleNamespace(monotonic=count().__next__, sleep=slept.append)
    monkeypatch.setattr(slices, "time", clock)
    monkeypatch.setattr(slices, "SLICE", 1)
    return slept


def two_requests(coach: Coach) -> None:
    for _ in range(2):
        ResultRequest.objects.create(
            invitation=invite(coach, expires_at=timezone.now() + timedelta(days=1)),
            result=alone(),
            created_at=timezone.now(),
        )


def two_grants_without_clients(coach: Coach) -> None:
    for name in ("Ann", "Bo"):
        join(invite(coach), name)
    Participation.objects.update(client=None)
    Client.objects.all().delete()


def two_empty_clients(coach: Coach) -> None:
    for _ in range(2):
        Client.objects.create(
            coach=coach, name="Ann", created_at=timezone.now(), latest_at=timezone.now()
        )


def two_addresses(coach: Coach) -> None:
    group = invite(coach)
    named = [Person(name, f"{name}@example.org") for name in ("ann", "bo")]
    personal_links.invite_people(group, named)
    Invitation.objects.update(closed_at=timezone.now())


def two_links(coach: Coach) -> None:
    personal_links.invite_people(invite(coach), [Person("Ann"), Person("Bo")])


def two_drafts(coach: Coach) -> None:
    page, now = Page.objects.create(slug="a", title="A"), timezone.now()
    for _ in range(2):
        SavedDraft.objects.create(
            page=page, content="{}", begun_at=now, saved_at=now, by_itself=False
        )


def two_counts(coach: Coach) -> None:
    RateCount.objects.all().delete()
    for key in ("a", "b"):
        RateCount.objects.create(key=key, window=1, hits=1)


@pytest.mark.parametrize(
    ("given", "job", "left"),
    [
        (
            two_requests,
            lambda: result_requests.forget_requests(
                now=timezone.now() + YEARS, rest=REST
            ),
            Invitation.objects.all(),
        ),
        (
            two_grants_without_clients,
            lambda: people.adopt_grants(rest=REST),
            Participation.objects.filter(client=None),
        ),
        (
            two_empty_clients,
            lambda: people.forget_empty_clients(rest=REST),
            Client.objects.all(),
        ),
        (
            two_addresses,
            lambda: personal_links.forget_invited(now=timezone.now(), rest=REST),
            PersonalLink.objects.exclude(email=""),
        ),
        (
            two_links,
            lambda: personal_links.forget_invited(
                now=timezone.now() + YEARS, rest=REST
            ),
            PersonalLink.objects.all(),
        ),
        (
            two_drafts,
            lambda: retention.forget_drafts(
                now=timezone.now() + YEARS, kept=timedelta(days=30), rest=REST
            ),
            SavedDraft.objects.all(),
        ),
        (
            two_counts,
            lambda: limits.forget_counts(rest=REST),
            RateCount.objects.all(),
        ),
    ],
)
def test_job_rests_after_each_slice(
    coach: Coach,
    slept: list[float],
    given: Callable[[Coach], None],
    job: Callable[[], object],
    left: Any,
) -> None:
    given(coach)
    assert left.all().count() == 2
    assert job() in (2, 0, None)
    assert not left.all().exists()
    assert slept == [REST, REST]
