"""The group on one scale.

From three people up, of those who agreed, as they are now.
"""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.actions import attempts as attempt_actions
from assessments.actions import grants as grant_actions
from assessments.models import Coach, Invitation, Participation
from assessments.queries import clients
from assessments.results.group_picture import MAX_LINES, MAX_WIDE_LINES, group_picture
from tests.support.coaching import answer, invite, join, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.group import copies
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
OF_A_KIND = ["clear_project", "close", "clear_product"]


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def look(client: Client, group: Invitation) -> HttpResponse:
    response = client.get(reverse("coach_picture", args=[group.pk]))
    assert response.status_code == 200
    return response


def page_of(client: Client, group: Invitation) -> Element:
    return parse(look(client, group))


def numbers(page: Element) -> list[str]:
    """How many people the page says it rests on."""
    return re.findall(r"\d+", page.one(".opening .lead").text)


def drawings(page: Element) -> int:
    return len(page.all("figure svg.lean"))


@pytest.mark.parametrize(("people", "said"), [(0, []), (2, ["2"])])
def test_fewer_than_three_people_have_no_picture(
    carla: Client, group: Invitation, people: int, said: list[str]
) -> None:
    for example in OF_A_KIND[:people]:
        joined(group, "Ann", example)
    join(group, "Not finished")
    joined(group, "Careless", "careless")
    response = look(carla, group)
    page = parse(response)
    assert (response.context["picture"], response.context["shown"]) == (None, people)
    assert (numbers(page), drawings(page)) == (said, 0)


def test_picture_has_a_line_for_each_result_and_no_name(
    carla: Client, group: Invitation
) -> None:
    for name, example in zip(("Amara", "Boris", "Chiara"), OF_A_KIND, strict=True):
        joined(group, name, example)
    response = look(carla, group)
    page, sent = parse(response), response.content.decode()
    assert (numbers(page), drawings(page)) == (["3"], 1)
    assert len(page.all("figure svg.row")) == 3
    assert page.texts("figure tbody th[scope=row]")[0] == "53 toward project"
    assert page.texts("figure tbody td")[0] == "between 32 and 74 toward project"
    assert [name for name in ("Amara", "Boris", "Chiara") if name in sent] == []
    assert page.texts("dl.outcomes dt") == [
        "Clearly project",
        "Close call",
        "Clearly product",
    ]


def retake(first: Participation, example: str) -> None:
    """A newer result of the same person, shown to the same coach."""
    owner = first.attempt.owner
    attempt_actions.start_again(owner, version=first.attempt.version, form="full")
    grant_actions.agree_to_newer(first, result=answer(owner, example))


def test_three_results_of_one_person_have_no_picture(
    carla: Client, group: Invitation
) -> None:
    grant = joined(group, "Ann", "clear_project")
    for example in OF_A_KIND[1:]:
        retake(grant, example)
    assert len(list(clients.visible_clients(group))) == 3
    page = page_of(carla, group)
    assert (numbers(page), drawings(page)) == (["1"], 0)


def test_person_with_two_results_is_drawn_once_by_the_newer(
    carla: Client, group: Invitation
) -> None:
    first = joined(group, "Ann", "clear_project")
    retake(first, "clear_product")
    for example in OF_A_KIND[1:]:
        joined(group, "Ben", example)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert (found.n, found.outcomes, found.strength_people) == (
        3,
        (("close", 1), ("clear_product", 2)),
        3,
    )
    page = page_of(carla, group)
    assert (numbers(page), len(page.all("figure svg.row"))) == (["3"], 3)
    grant_actions.withdraw(
        Participation.objects.filter(attempt__owner=first.attempt.owner).latest("pk")
    )
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert dict(found.outcomes) == dict.fromkeys(OF_A_KIND, 1)


def test_withdrawing_shows_at_once(carla: Client, group: Invitation) -> None:
    grants = [joined(group, "Ann", example) for example in (*OF_A_KIND, "both")]
    page = page_of(carla, group)
    assert (numbers(page), drawings(page)) == (["4"], 1)
    grant_actions.withdraw(grants[0])
    page = page_of(carla, group)
    assert (numbers(page), drawings(page)) == (["3"], 1)
    grant_actions.withdraw(grants[1])
    page = page_of(carla, group)
    assert (numbers(page), drawings(page)) == (["2"], 0)


def test_strengths_are_of_those_who_agreed_to_them_and_three_at_least(
    coach: Coach,
) -> None:
    group = invite(coach, scope="strengths")
    grants = [joined(group, "Ann", "clear_project") for _ in range(3)]
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert [row.name for row in found.strengths][:2] == [
        "Planning and organization",
        "Risk management",
    ]
    planning = found.strengths[0]
    assert (
        planning.side,
        planning.n,
        planning.mean,
        planning.deviation,
        planning.lowest,
        planning.highest,
    ) == (
        "project",
        3,
        92,
        0,
        92,
        92,
    )
    assert [(dot.x, dot.r) for dot in planning.dots] == [("91.67%", "8.0")]
    Participation.objects.filter(pk=grants[0].pk).update(scope="summary")
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert (found.n, found.strengths, found.strength_people) == (3, (), 2)


def test_short_forms_lean_and_have_no_strengths(carla: Client, coach: Coach) -> None:
    group = invite(coach, form="short")
    for _ in range(3):
        joined(group, "Ann", "clear_short")
    response = look(carla, group)
    assert response.context["picture"].strengths == ()
    page = parse(response)
    assert (drawings(page), len(page.all("main table"))) == (1, 1)


def test_large_group_is_drawn_in_columns_that_add_up(
    carla: Client, group: Invitation
) -> None:
    for example in (*OF_A_KIND, "both"):
        copies(joined(group, "Ann", example), 17)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert (found.n, found.lines, len(found.columns)) == (72, (), 21)
    assert (
        sum(column.n for column in found.columns)
        == sum(sum(column.counts) for column in found.columns)
        == 72
    )
    assert [
        (column.lean_words, column.counts) for column in found.columns if column.n
    ] == [
        ("around 50 toward project", (18, 0, 0)),
        ("around the middle", (0, 36, 0)),
        ("around 50 toward product", (0, 0, 18)),
    ]
    rows = page_of(carla, group).rows("figure table")
    assert ["around the middle", "36", "36 neither"] in rows


def test_large_group_has_the_typical_band_of_each_outcome(
    carla: Client, group: Invitation
) -> None:
    for example in (*OF_A_KIND, "both"):
        copies(joined(group, "Ann", example), 17)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert [
        (each.outcome, each.n, each.lean_words, each.band_words)
        for each in found.typical
    ] == [
        (
            "clear_project",
            18,
            "53 toward project",
            "between 32 and 74 toward project",
        ),
        (
            "close",
            18,
            "exactly in the middle",
            "between 21 toward project and 21 toward product",
        ),
        (
            "both",
            18,
            "3 toward product",
            "between 18 toward project and 24 toward product",
        ),
        (
            "clear_product",
            18,
            "53 toward product",
            "between 32 and 74 toward product",
        ),
    ]
    assert (
        found.axis
        < found.under
        < found.typical[0].y
        < found.typical[-1].y
        < found.height
    )
    page = page_of(carla, group)
    assert len(page.all("figure svg.row")) == 4
    assert [
        "clearly project, 18",
        "53 toward project",
        "between 32 and 74 toward project",
    ] in page.rows("figure table")


def test_group_of_thirty_has_a_thin_band_for_each_person(
    carla: Client, group: Invitation
) -> None:
    for example in OF_A_KIND:
        copies(joined(group, "Ann", example), 9)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert (found.n, len(found.lines), found.thin, found.columns, found.typical) == (
        30,
        30,
        True,
        (),
        (),
    )
    assert found.lines[0].band_width == "21.17%"
    page = page_of(carla, group)
    assert len(page.all("figure svg.row.thin")) == 30
    ranges = [row[1] for row in page.rows("figure table")]
    assert ranges.count("between 32 and 74 toward project") == 10


@pytest.mark.parametrize(
    ("people", "lines", "thin"),
    [
        (MAX_WIDE_LINES, MAX_WIDE_LINES, False),
        (MAX_WIDE_LINES + 1, MAX_WIDE_LINES + 1, True),
        (MAX_LINES, MAX_LINES, True),
        (MAX_LINES + 1, 0, True),
    ],
)
def test_lines_become_thin_and_then_columns(
    group: Invitation, people: int, lines: int, thin: bool
) -> None:
    copies(joined(group, "Ann"), people - 1)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    assert (found.n, len(found.lines), found.thin, bool(found.columns)) == (
        people,
        lines,
        thin,
        not lines,
    )


def test_columns_fill_the_scale_from_end_to_end_without_overlap(
    group: Invitation,
) -> None:
    copies(joined(group, "Ann"), MAX_LINES)
    found = group_picture(clients.visible_clients(group))
    assert found is not None
    edges = [
        (Fraction(column.x[:-1]), Fraction(column.width[:-1]))
        for column in found.columns
    ]
    assert edges[0][0] >= 0
    assert all(
        x + width < after
        for (x, width), (after, _) in zip(edges, edges[1:], strict=False)
    )
    assert edges[-1][0] + edges[-1][1] <= 100


def test_other_coach_sees_no_picture(other_coach: Coach, group: Invitation) -> None:
    assert (
        signed_in_as(other_coach.user)
        .get(reverse("coach_picture", args=[group.pk]))
        .status_code
        == 404
    )


@pytest.mark.parametrize("more", [1, 3])
def test_picture_costs_the_same_queries_however_many_people(
    carla: Client, group: Invitation, more: int
) -> None:
    for example in [*OF_A_KIND, *["both"] * more]:
        joined(group, "Ann", example)
    page_of(carla, group)
    assert len(asked(lambda: page_of(carla, group))) == 6
