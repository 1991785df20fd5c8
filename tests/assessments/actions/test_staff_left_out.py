"""Whoever takes the live questionnaire while signed in as staff enters no sum and no
count (docs/instrument.md section 6).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions import attempts, retention
from assessments.actions.sums import RolledUp, roll_up
from assessments.models import Attempt, ClickDay, CountDay, ItemDay, Version
from assessments.quality import dashboard
from tests.support.coaching import invite, make_coach, make_manager, signed_in_as
from tests.support.guest import Guest
from tests.support.pages import OURS
from tests.support.rollup import LATER, again, retests, sums_of
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def tester(questionnaire: Version, staff_client: Client) -> Taker:
    """Stella, signed in as staff."""
    return Taker(staff_client)


def test_attempt_of_staff_is_marked_and_a_correction_keeps_the_mark(
    tester: Taker, visitor: Taker
) -> None:
    tester.take("both")
    attempts.correct(tester.result())
    visitor.start()
    assert list(Attempt.objects.order_by("pk").values_list("by_staff", flat=True)) == [
        True,
        True,
        False,
    ]


def test_staff_who_start_again_under_a_visitors_key_are_marked(
    visitor: Taker, staff: User
) -> None:
    visitor.take("both")
    visitor.client.force_login(staff)
    visitor.client.post("/quiz/", {"form": "short", "who": "same"})
    assert visitor.attempt.by_staff


def test_coach_who_takes_it_is_a_visitor(questionnaire: Version) -> None:
    taker = Taker(signed_in_as(make_coach("Carla", by=make_manager()).user))
    taker.start()
    assert not taker.attempt.by_staff


def test_roll_up_passes_over_results_of_staff(tester: Taker, visitor: Taker) -> None:
    tester.take("close")
    later = timezone.now() + LATER
    assert roll_up(now=later) == RolledUp(seen=1, counted=0)
    assert not any(model.objects.exists() for model in (ItemDay, CountDay))
    visitor.take("both")
    assert roll_up(now=timezone.now() + LATER) == RolledUp(seen=1, counted=1)
    assert list(CountDay.objects.filter(kind="outcome").values_list("key", "n")) == [
        ("both", 1)
    ]


def test_correction_by_staff_stays_out_when_its_original_is_gone(tester: Taker) -> None:
    tester.take("both")
    attempts.finish(attempts.correct(tester.result()).owner)
    Attempt.objects.filter(made_from=None).delete()
    assert Attempt.objects.get().made_from is None
    assert roll_up(now=timezone.now() + LATER) == RolledUp(seen=1, counted=0)


def test_forgotten_attempt_of_staff_leaves_no_trace(
    tester: Taker, visitor: Taker, questionnaire: Version
) -> None:
    for taker in (tester, visitor):
        taker.start()
        taker.answer(1, answers_of("both"))
    retention.forget_old(now=timezone.now() + timedelta(days=8))
    assert not Attempt.objects.exists()
    assert ItemDay.objects.get(question="T1").reached == 1


def test_sitting_of_staff_is_neither_first_nor_second(
    tester: Taker, visitor: Taker
) -> None:
    days = timedelta(days=3)
    for taker in (tester, visitor):
        taker.take("clear_project")
        again(taker, "both", after=days)
        again(taker, "close", after=days)
    # The visitor's first was by staff, so the second is the first that counts.
    Attempt.objects.filter(result__number=1, owner=visitor.result().owner).update(
        by_staff=True
    )
    assert retests() == [("full", "25/8", 1)]


def numbers(version: Version) -> tuple[int, ...]:
    found = dashboard.numbers(version, now=timezone.now())
    outcomes = sum(people.n for _, people in found.outcomes)
    return (
        found.started.n,
        found.finished.n,
        outcomes,
        *(step.people.n for funnel in found.funnels for step in funnel.steps),
    )


@pytest.mark.parametrize("rolled_up", [False, True])
def test_front_page_of_the_admin_counts_no_staff(
    tester: Taker, visitor: Taker, questionnaire: Version, rolled_up: bool
) -> None:
    visitor.take("both")
    before = numbers(questionnaire)
    tester.take("clear_project")
    tester.client.post("/quiz/", {"form": "full", "who": "same"})
    tester.answer(1, answers_of("both"))
    assert Attempt.objects.filter(by_staff=True).count() == 2
    if rolled_up:
        roll_up(now=timezone.now() + LATER)
        assert sums_of(
            questionnaire,
            "full",
            since=timezone.now().date(),
            until=timezone.now().date(),
        ).outcomes == {"both": 1}
    assert numbers(questionnaire) == before


def test_click_of_staff_is_not_counted(tester: Taker, visitor: Taker) -> None:
    for taker in (tester, visitor):
        assert (
            taker.client.post("/call/", {"place": "result"}, headers=OURS).status_code
            == 204
        )
    assert ClickDay.objects.get().n == 1


def test_nobody_pays_a_query_for_it_who_is_not_signed_in(visitor: Taker) -> None:
    visitor.start()
    visitor.client.cookies.clear()
    with CaptureQueriesContext(connection) as asked:
        visitor.start()
    assert not [
        query
        for query in asked
        if "django_session" in query["sql"] or "auth_user" in query["sql"]
    ]


@pytest.mark.parametrize("action", ["share", "private"])
def test_staff_who_follow_an_invitation_are_marked(
    staff_client: Client, questionnaire: Version, action: str
) -> None:
    coach = make_coach("Carla", by=make_manager())
    Guest(invite(coach), staff_client).share("Stella", action=action)
    assert Attempt.objects.get().by_staff
