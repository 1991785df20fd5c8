"""Two results side by side, as far as both clients agreed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import attempts, grants
from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish
from assessments.models import Client as Person
from assessments.models import Coach, Invitation, Participation, Question, Version
from assessments.results.comparison import ResultComparison, _points_apart
from assessments.typed import isolated
from tests.support.coaching import again, answer, invite, join, joined, signed_in_as
from tests.support.dom import ISOLATES, parse
from tests.support.snapshots import forget_snapshots
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
ANN = isolated("Ann")


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def compared(
    client: Client, one: Participation, two: Participation
) -> ResultComparison:
    """What the page says of the two."""
    response = client.get(f"/coach/compare/?one={one.pk}&two={two.pk}")
    assert response.status_code == 200
    comparison: ResultComparison = response.context["comparison"]
    page = parse(response)
    shown = [name.translate(ISOLATES) for name in comparison.names]
    assert page.texts("h1 bdi") == shown
    assert len(page.all(".pair-table tbody tr")) == len(comparison.strengths or ())
    assert page.has("ol.apart") == bool(comparison.answers and comparison.answers.apart)
    return comparison


def test_two_clients_are_compared_lean_strengths_and_answers(
    carla: Client, group: Invitation
) -> None:
    comparison = compared(
        carla,
        joined(group, "Ann", "clear_project"),
        joined(group, "Bo", "clear_product"),
    )
    assert (comparison.differs, comparison.same_version) == (True, True)
    assert comparison.apart_half == 30
    assert len(comparison.strengths) == 8
    assert {pair.higher for pair in comparison.strengths} >= {"Ann", "Bo"}
    assert comparison.answers.apart


def test_leans_within_their_error_are_not_told_apart(
    carla: Client, group: Invitation
) -> None:
    comparison = compared(
        carla, joined(group, "Ann", "close"), joined(group, "Bo", "both")
    )
    assert not comparison.differs
    assert (comparison.apart, comparison.apart_half) == (3, 30)


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
        comparison = compared(carla, *pair)
        assert comparison.scope == scope
        assert bool(comparison.strengths) == strengths
        assert comparison.answers is None


def test_short_form_has_no_strengths_to_compare(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    comparison = compared(
        carla,
        joined(group, "Ann"),
        joined(invite(coach, form="short"), "Bo", "clear_short"),
    )
    assert (comparison.scope, bool(comparison.strengths)) == ("answers", False)
    assert comparison.answers.left_out == 13


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
    comparison = compared(carla, ann, joined(group, "Bo"))
    assert not comparison.same_version
    answers = comparison.answers
    assert (answers.same, answers.compared, answers.left_out) == (24, 24, 1)


def test_results_of_one_person_are_the_earlier_and_the_one_now(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    owner = ann.attempt.owner
    attempts.correct(owner.results.get(number=1))
    second = grants.agree_to_newer(ann, result=answer(owner, "close"))
    for one, two in ((ann, second), (second, ann)):
        response = carla.get(f"/coach/compare/?one={one.pk}&two={two.pk}")
        assert response.context["comparison"].names == ("Earlier", "Now")
        page = parse(response)
        assert page.one("h1 bdi").text == "Ann"
        assert page.values(".group-table tbody th a") == [
            f"/coach/client/{ann.pk}/",
            f"/coach/client/{second.pk}/",
        ]
    third = grants.agree_to_newer(ann, result=again(owner))
    page = carla.get(f"/coach/compare/?one={ann.pk}&two={second.pk}")
    assert page.context["comparison"].names == ("Earlier", "Later")
    page = carla.get(f"/coach/compare/?one={second.pk}&two={third.pk}")
    assert page.context["comparison"].names == ("Earlier", "Now")


def test_namesakes_are_told_apart_by_a_number(carla: Client, group: Invitation) -> None:
    one, two, bo = (joined(group, name) for name in ("Ann", "Ann", "Bo"))
    comparison = compared(carla, two, one)
    assert comparison.names == (f"{ANN} (2)", f"{ANN} (1)")
    offered = parse(carla.get("/coach/compare/")).texts("select[name=one] option")
    day = f"{timezone.localtime():%B %-d, %Y}"
    assert offered[1:] == [f"Bo, {day}", f"Ann (2), {day}", f"Ann (1), {day}"]
    assert [*compared(carla, one, bo).names] == [f"{ANN} (1)", "Bo"]


def test_namesakes_written_right_to_left_are_isolated_once_in_the_pickers(
    carla: Client, group: Invitation
) -> None:
    joined(group, "דנה"), joined(group, "דנה")
    page = carla.get("/coach/compare/").content.decode()
    for number in (1, 2):
        assert page.count(f">\u2068דנה\u2069 ({number}), ") == 2


def test_private_name_stands_for_the_one_that_the_client_wrote(
    carla: Client, group: Invitation
) -> None:
    one, two = joined(group, "Ann"), joined(group, "Bo")
    Person.objects.filter(pk=one.client_id).update(private_name="Ann, evenings")
    assert [*compared(carla, one, two).names] == ["Ann, evenings", "Bo"]


def test_two_results_of_one_day_are_told_by_the_time_in_the_pickers(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    grants.agree_to_newer(ann, result=again(ann.attempt.owner))
    noon = timezone.localtime().replace(hour=12)
    for number in (1, 2):
        results = ann.attempt.owner.results.filter(number=number)
        results.update(finished_at=noon.replace(second=number))
    offered = parse(carla.get("/coach/compare/")).texts("select[name=one] option")
    assert len(set(offered)) == 3


def test_grant_of_an_older_server_is_compared_by_its_own_name(
    carla: Client, group: Invitation
) -> None:
    one, two = joined(group, "Ann"), joined(group, "Bo")
    Participation.objects.update(client=None)
    assert [*compared(carla, one, two).names] == ["Ann", "Bo"]


def test_distance_is_that_of_the_numbers_shown() -> None:
    assert _points_apart(Fraction("83.6"), Fraction("42.5")) == 84 - 43
    assert _points_apart(Fraction("42.5"), Fraction("83.6")) == 41


def test_pickers_offer_visible_results_alone_and_keep_what_was_chosen(
    carla: Client, group: Invitation
) -> None:
    ann, dev = joined(group, "Ann"), joined(group, "Dev")
    joined(group, "Bo", "careless"), join(group, "Cem")
    page = parse(carla.get(f"/coach/compare/?one={ann.pk}"))
    for side in ("one", "two"):
        offered = set(page.values(f"select[name={side}] option")) - {""}
        assert offered == {str(ann.pk), str(dev.pk)}
    assert page.one("select[name=one]").value == str(ann.pk)


def test_too_few_results_to_choose_from(carla: Client, group: Invitation) -> None:
    joined(group, "Ann")
    response = carla.get("/coach/compare/")
    assert (response.status_code, response.context["listed"]) == (200, 1)
    assert not parse(response).has("main form")


def test_one_result_twice_is_refused(carla: Client, group: Invitation) -> None:
    ann, _ = joined(group, "Ann"), joined(group, "Bo")
    response = carla.get(f"/coach/compare/?one={ann.pk}&two={ann.pk}")
    assert response.status_code == 422
    assert parse(response).has(".error-summary")


def test_client_beyond_the_list_is_compared_all_the_same(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = (joined(group, name) for name in ("Ann", "Bo", "Cem"))
    monkeypatch.setattr("assessments.queries.clients.MAX_LISTED", 1)
    assert [*compared(carla, one, two).names] == ["Ann", "Bo"]


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
    assert len(asked(lambda: compared(carla, one, two))) == 8
