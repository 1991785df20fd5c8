"""Two results side by side, as far as both clients agreed."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments.actions import attempts, grants
from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish
from assessments.models import Coach, Invitation, Participation, Question, Version
from tests.support.coaching import answer, invite, join, joined, signed_in_as
from tests.support.markup import flat
from tests.support.snapshots import forget_snapshots
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def compared(client: Client, one: Participation, two: Participation) -> str:
    response = client.get(f"/coach/compare/?one={one.pk}&two={two.pk}")
    assert response.status_code == 200
    return flat(unescape(response.content.decode()))


def test_two_clients_are_compared_lean_strengths_and_answers(
    carla: Client, group: Invitation
) -> None:
    page = compared(
        carla,
        joined(group, "Ann", "clear_project"),
        joined(group, "Bo", "clear_product"),
    )
    assert "The two leans differ by more than their error." in page
    assert "give or take 30 (90 % range). That is more" in page
    assert "of 8 are too close to tell apart." in page
    assert "<b>Ann higher</b>" in page
    assert "<b>Bo higher</b>" in page
    assert "“Much more A”" in page
    assert "different versions" not in page


def test_leans_within_their_error_are_not_told_apart(
    carla: Client, group: Invitation
) -> None:
    page = compared(carla, joined(group, "Ann", "close"), joined(group, "Bo", "both"))
    assert "The two leans are too close to tell apart." in page
    assert "They lie 3 points apart, give or take 30" in page


@pytest.mark.parametrize(
    ("scope", "strengths"), [("summary", False), ("strengths", True)]
)
def test_narrower_of_the_two_scopes_holds(
    carla: Client, coach: Coach, group: Invitation, scope: str, strengths: bool
) -> None:
    ann, bo = (
        joined(group, "Ann", "clear_project"),
        joined(invite(coach, scope=scope), "Bo", "clear_product"),
    )
    for pair in ((ann, bo), (bo, ann)):
        page = compared(carla, *pair)
        assert ("Ann higher" in page) == strengths
        assert ("agreed that you see the summary alone" in page) != strengths
        assert "Both would have to agree that you see every answer." in page
        assert "Much more A" not in page


def test_short_form_has_no_strengths_to_compare(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    page = compared(
        carla,
        joined(group, "Ann"),
        joined(invite(coach, form="short"), "Bo", "clear_short"),
    )
    assert "The short form gives no score for single strengths." in page
    assert "13 questions not compared" in page


def test_two_versions_are_compared_as_far_as_they_mean_the_same(
    carla: Client, group: Invitation, questionnaire: Version
) -> None:
    ann = joined(group, "Ann")
    draft = duplicate(questionnaire)
    Question.objects.filter(section__questionnaire=draft, code="T1").update(
        statement="Before I begin, I write the steps and who does what."
    )
    publish(draft, by=None)
    forget_snapshots()
    page = compared(carla, ann, joined(group, "Bo"))
    assert "They answered different versions of the questionnaire." in page
    assert "24 of 24 answers are the same" in page
    assert "1 question not compared" in page


def test_earlier_and_later_result_of_one_client_are_told_by_their_days(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    owner = ann.attempt.owner
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        attempts.correct(owner.results.get(number=1))
        later = grants.agree_to_newer(ann, result=answer(owner, "close"))
        page = compared(signed_in_as(coach.user), ann, later)
    first, second = (
        f"Ann, {grant.attempt.result.finished_at:%-d %B %Y}" for grant in (ann, later)
    )
    assert f"<h1>{first} and {second}</h1>" in page


def test_namesakes_of_one_day_are_told_by_the_time(
    carla: Client, group: Invitation
) -> None:
    one, two = joined(group, "Ann"), joined(group, "Ann")
    page = compared(carla, one, two)
    assert f"Ann, {one.attempt.result.finished_at:%-d %B %Y, %H:%M:%S}" in page


def test_pickers_offer_visible_results_alone_and_keep_what_was_chosen(
    carla: Client, group: Invitation
) -> None:
    ann, bo, cem, dev = (
        joined(group, "Ann"),
        joined(group, "Bo", "careless"),
        join(group, "Cem"),
        joined(group, "Dev"),
    )
    page = carla.get(f"/coach/compare/?one={ann.pk}").content.decode()
    assert page.count(f'<option value="{ann.pk}" selected>') == 1
    assert page.count(f'<option value="{dev.pk}"') == 2
    assert [f'value="{grant.pk}"' in page for grant in (bo, cem)] == [False, False]


def test_too_few_results_to_choose_from(carla: Client, group: Invitation) -> None:
    joined(group, "Ann")
    assert "There must be two results" in carla.get("/coach/compare/").content.decode()


def test_one_result_twice_is_refused(carla: Client, group: Invitation) -> None:
    ann, _ = joined(group, "Ann"), joined(group, "Bo")
    response = carla.get(f"/coach/compare/?one={ann.pk}&two={ann.pk}")
    assert response.status_code == 422
    assert "Choose two different results." in response.content.decode()


def test_client_beyond_the_list_is_compared_all_the_same(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = (joined(group, name) for name in ("Ann", "Bo", "Cem"))
    monkeypatch.setattr("assessments.queries.clients.MAX_LISTED", 1)
    assert "<h1>Ann and Bo</h1>" in compared(carla, one, two)


def test_nobody_elses_and_no_hidden_result_is_compared(
    carla: Client, other_coach: Coach, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    hidden = [
        joined(invite(other_coach), "Otto's"),
        joined(group, "Bo", "careless"),
        join(group, "Cem"),
    ]
    pks: list[object] = [
        *(grant.pk for grant in hidden),
        10**6,
        "x",
        "-1",
        "²",
        "9" * 30,
    ]
    assert {
        carla.get(f"/coach/compare/?one={ann.pk}&two={pk}").status_code for pk in pks
    } == {404}
    assert {carla.get(f"/coach/compare/?two={pk}").status_code for pk in pks} == {404}
    grants.withdraw(ann)
    assert carla.get(f"/coach/compare/?one={ann.pk}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries_however_many_there_are_to_choose_from(
    carla: Client, group: Invitation, rows: int
) -> None:
    one, two = joined(group, "Ann"), joined(group, "Bo")
    for number in range(rows):
        joined(group, f"Client {number}")
    compared(carla, one, two)
    assert len(asked(lambda: compared(carla, one, two))) == 7
