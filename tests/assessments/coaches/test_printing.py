"""Results on paper: whose, how much of them, and nothing written for others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions import clients, grants
from assessments.models import Coach, Invitation, Participation
from tests.support.coaching import again, invite, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def paper(client: Client, group: Invitation, query: str = "") -> Element:
    response = client.get(reverse("coach_print", args=[group.pk]) + query)
    assert response.status_code == 200
    return parse(response)


def names(page: Element) -> list[str]:
    """On the first page of each client."""
    return [article.all(".runner b")[0].text for article in page.all(".sheets article")]


def test_each_visible_result_has_one_page_by_name_behind_a_list(
    carla: Client, group: Invitation
) -> None:
    for name, example in (
        ("Cem", "close"),
        ("Ann", "clear_project"),
        ("Bo", "careless"),
    ):
        joined(group, name, example)
    page = paper(carla, group)
    assert names(page) == ["Ann", "Cem"]
    assert len(page.all(".sheet-one")) == 3
    assert [row[:2] for row in page.rows(".roll table")[1:]] == [
        ["1", "Ann"],
        ["2", "Cem"],
    ]


def test_list_of_many_takes_more_pages(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.coaches.printing.NAMES_PER_PAGE", 2)
    for name in ("Ann", "Bo", "Cem"):
        joined(group, name)
    lists = paper(carla, group).all(".roll table")
    assert [len(each.all("tbody tr")) for each in lists] == [2, 1]


@pytest.mark.parametrize(
    ("scope", "pages"), [("summary", 2), ("strengths", 2), ("answers", 5)]
)
def test_whole_result_numbers_its_pages_and_keeps_to_what_was_agreed(
    carla: Client, coach: Coach, scope: str, pages: int
) -> None:
    group = invite(coach, scope=scope)
    joined(group, "Ann")
    page = paper(carla, group, "?what=whole")
    heads = page.texts("article .page")
    assert [head.partition("page ")[2] for head in heads] == [
        f"{number} of {pages}" for number in range(1, pages + 1)
    ]
    assert page.texts(".sheets article .runner b") == ["Ann"] * pages
    assert page.has(".sheets .pulls") == (scope != "summary")
    assert page.has(".sheets article .reasons") == (scope == "answers")
    assert page.has(".sheets article table") == (scope == "answers")


def test_only_those_chosen_are_printed(carla: Client, group: Invitation) -> None:
    ann, _, cem = [joined(group, name) for name in ("Ann", "Bo", "Cem")]
    page = paper(carla, group, f"?client={cem.pk}&client={ann.pk}&what=summary")
    assert names(page) == ["Ann", "Cem"]
    assert [len(each.all("tbody tr")) for each in page.all(".roll table")] == [2]
    assert page.values("[name=client]") == [
        str(grant.pk) for grant in Participation.objects.order_by("name")
    ]
    assert page.values("[name=client][checked]") == [str(ann.pk), str(cem.pk)]
    assert page.values("[name=what][checked]") == ["summary"]


def test_someone_chosen_who_has_left_is_not_everybody(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    joined(group, "Bo")
    grants.withdraw(ann)
    assert names(paper(carla, group, f"?client={ann.pk}")) == []


def test_client_of_another_coach_is_not_printed(
    carla: Client, other_coach: Coach, group: Invitation
) -> None:
    joined(group, "Bo")
    theirs = joined(invite(other_coach), "Ann")
    assert names(paper(carla, group, f"?client={theirs.pk}")) == []


def test_sheet_names_the_coach_with_contact_and_nothing_of_the_coachs_own(
    carla: Client, coach: Coach
) -> None:
    Coach.objects.filter(pk=coach.pk).update(contact="carla.example, 555 0100")
    group = invite(coach, onward=True)
    ann = joined(group, "Ann")
    clients.set_notes(ann, notes="Secret thought")
    clients.add_step(ann, text="Secret step")
    made = clients.make_onward_link(ann, scope="summary", label="Secret label", days=7)
    ann.client.private_name = "Secret name"
    ann.client.save()
    for query in ("", "?what=whole"):
        sheets = paper(carla, group, query).one(".sheets")
        (foot,) = sheets.texts(".foot")
        assert foot.startswith(f"{coach.name}, carla.example, 555 0100.")
        private = ("Secret", made.token, group.code)
        assert [each for each in private if each in sheets.text] == []


def test_ids_on_paper_stand_once_each(carla: Client, group: Invitation) -> None:
    for name in ("Ann", "Bo"):
        joined(group, name)
    page = paper(carla, group, "?what=whole")
    ids = [element.attributes["id"] for element in page.all("[id]")]
    assert len(page.all("article [id]")) > 10
    assert len(ids) == len(set(ids))


def listed(page: Element) -> list[str]:
    """On the list in front, which the coach keeps."""
    return [row[1] for row in page.rows(".roll table")[1:]]


def test_namesakes_have_their_numbers_on_what_the_coach_keeps(
    carla: Client, coach: Coach, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(invite(coach), "Ann")
    _, _, third = (joined(group, name) for name in ("Ann", "Bo", "Ann"))
    page = paper(carla, group)
    assert listed(page) == ["Ann (2)", "Ann (3)", "Bo"]
    assert page.texts(".names label") == listed(page)
    chosen = page.values("[name=client]")[1]
    assert listed(paper(carla, group, f"?client={chosen}")) == ["Ann (3)"]
    alone = parse(carla.get(reverse("coach_client_print", args=[third.pk])))
    assert "Ann (3)" in alone.one("h1").text
    monkeypatch.setattr("assessments.coaches.printing.MAX_RESULTS_PER_PRINT", 1)
    assert listed(paper(carla, group, "?part=2")) == ["Ann (3)"]


@pytest.mark.parametrize("query", ["", "?what=whole"])
def test_no_client_reads_on_paper_that_there_are_namesakes(
    carla: Client, coach: Coach, group: Invitation, query: str
) -> None:
    joined(invite(coach), "Ann")
    ann = joined(group, "Ann")
    alone = reverse("coach_client_print", args=[ann.pk])
    for page in (paper(carla, group, query), parse(carla.get(alone + query))):
        assert names(page) == ["Ann"]
        assert "(2)" not in page.one(".sheets article").text
        # A browser prints the title on every page.
        assert "(2)" not in page.all("title")[0].text


def test_two_results_of_one_person_are_no_namesakes(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    grants.agree_to_newer(ann, result=again(ann.attempt.owner))
    assert names(paper(carla, group)) == ["Ann", "Ann"]


def test_large_group_comes_in_parts(
    carla: Client, group: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.coaches.printing.MAX_RESULTS_PER_PRINT", 2)
    for name in ("Ann", "Bo", "Cem"):
        joined(group, name)
    parts = [
        paper(carla, group, query)
        for query in ("", "?part=1", "?part=2", "?part=9", "?part=0")
    ]
    assert [names(part) for part in parts] == [
        ["Ann", "Bo"],
        ["Ann", "Bo"],
        ["Cem"],
        ["Cem"],
        ["Ann", "Bo"],
    ]
    assert parts[2].values(".pager a") == ["?part=1", "?part=2"]
    assert parts[2].values(".pager a[aria-current=page]") == ["?part=2"]
    assert parts[2].values("[name=part]") == ["2"]
    address = reverse("coach_print", args=[group.pk])
    assert carla.get(f"{address}?part=x").status_code == 404


def test_nothing_to_print_is_said(carla: Client, group: Invitation) -> None:
    grant = joined(group, "Ann")
    grants.withdraw(grant)
    page = paper(carla, group)
    assert not page.has(".sheet-one")
    assert page.values("main .actions a") == [reverse("coach_group", args=[group.pk])]
    assert carla.get(reverse("coach_client_print", args=[grant.pk])).status_code == 404


def test_one_client_on_paper_comes_without_a_list(
    carla: Client, group: Invitation
) -> None:
    ann = joined(group, "Ann")
    joined(group, "Bo")
    address = reverse("coach_client_print", args=[ann.pk])
    page = parse(carla.get(address))
    assert (names(page), len(page.all(".sheet-one"))) == (["Ann"], 1)
    assert "Bo" not in page.one(".sheets").text
    assert len(parse(carla.get(f"{address}?what=whole")).all(".sheet-one")) == 5


def test_other_coach_prints_nothing(other_coach: Coach, group: Invitation) -> None:
    grant, otto = joined(group, "Ann"), signed_in_as(other_coach.user)
    assert otto.get(reverse("coach_print", args=[group.pk])).status_code == 404
    assert otto.get(reverse("coach_client_print", args=[grant.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_paper_costs_the_same_queries_however_many_rows(
    carla: Client, group: Invitation, rows: int
) -> None:
    for number in range(rows):
        joined(group, f"Client {number}")
    paper(carla, group)
    assert len(asked(lambda: paper(carla, group))) == 9
    assert len(asked(lambda: paper(carla, group, "?what=whole"))) == 9
