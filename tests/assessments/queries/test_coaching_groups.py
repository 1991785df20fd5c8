"""A coach's groups: counts, table, order, filters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import attempts as attempt_actions
from assessments.actions import grants
from assessments.models import Attempt, Coach, Invitation, Owner, Participation
from assessments.queries import clients
from assessments.queries import invitations as invitation_queries
from assessments.queries.clients import group_page
from assessments.queries.invitations import Status
from assessments.queries.people import PersonStage
from tests.support.coaching import answer, invite, join, joined

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def group(coach: Coach) -> Invitation:
    """Ann for project, Ben for product, Cy careless, Dora on the way, Eve in the
    middle.
    """
    invitation = invite(coach)
    joined(invitation, "Ann", "clear_project")
    joined(invitation, "Ben", "clear_product")
    joined(invitation, "Cy", "careless")
    join(invitation, "Dora")
    joined(invitation, "Eve", "close")
    return invitation


def names(invitation: Invitation, **asked: Any) -> str:
    return " ".join(
        row.participation.name for row in group_page(invitation, **asked).clients
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "Eve Dora Cy Ben Ann"),
        ({"sort": "name"}, "Ann Ben Cy Dora Eve"),
        ({"sort": "project"}, "Ann Eve Ben Dora Cy"),
        ({"sort": "product"}, "Ben Eve Ann Dora Cy"),
        ({"status": "joined"}, "Dora"),
        ({"status": "started"}, ""),
        ({"status": "held"}, ""),
        ({"status": "invited"}, ""),
        ({"status": "finished"}, "Cy"),
        ({"status": "shared"}, "Eve Ben Ann"),
        ({"outcome": "clear_product"}, "Ben"),
        ({"outcome": "careless"}, ""),
        ({"outcome": "close", "status": "shared", "sort": "name"}, "Eve"),
        ({"outcome": "close", "status": "joined"}, ""),
    ],
)
def test_table_is_sorted_and_filtered(
    group: Invitation, asked: dict[str, str], expected: str
) -> None:
    page = group_page(group, **asked)
    assert names(group, **asked) == expected
    assert page.clients.paginator.count == len(expected.split())
    assert page.status == Status(people=5, finished=4, shared=3)


def test_row_holds_a_result_only_where_the_coach_may_see_it(group: Invitation) -> None:
    rows = {
        row.participation.name: (row.stage, row.result is not None)
        for row in group_page(group).clients
    }
    assert rows == {
        "Ann": (PersonStage.SHARED, True),
        "Ben": (PersonStage.SHARED, True),
        "Cy": (PersonStage.FINISHED, False),
        "Dora": (PersonStage.JOINED, False),
        "Eve": (PersonStage.SHARED, True),
    }
    assert [row.participation.name for row in clients.visible_clients(group)] == [
        "Ann",
        "Ben",
        "Eve",
    ]


def test_result_past_its_date_counts_as_gone(
    group: Invitation,
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert invitation_queries.status_of(group) == Status(
            people=0, finished=0, shared=0
        )
        assert names(group, status="finished", sort="name") == ""
        assert names(group, sort="project") == ""


def test_unknown_sort_and_status_are_refused(group: Invitation) -> None:
    with pytest.raises(KeyError):
        group_page(group, sort="notes")
    with pytest.raises(ValueError, match="waiting"):
        group_page(group, status="waiting")


def test_person_with_two_results_takes_one_place(group: Invitation) -> None:
    ann = Participation.objects.get(name="Ann")
    attempt_actions.start_again(
        ann.attempt.owner, version=ann.attempt.version, form="full"
    )
    grants.agree_to_newer(ann, result=answer(ann.attempt.owner, "both"))
    assert invitation_queries.status_of(group) == Status(people=5, finished=4, shared=4)
    assert invitation_queries.places_taken(group) == 5


def test_withdrawing_shows_at_once(group: Invitation) -> None:
    grants.withdraw(Participation.objects.get(name="Ann"))
    assert invitation_queries.status_of(group) == Status(people=4, finished=3, shared=2)
    assert names(group, sort="name") == "Ben Cy Dora Eve"


def copies(participation: Participation, count: int) -> None:
    """As many clients more as the participation's, each with an owner and an unfinished
    attempt.
    """
    owners = Owner.objects.bulk_create(
        Owner(key_sha256=f"{number:064}") for number in range(count)
    )
    attempt, now = participation.attempt, timezone.now()
    attempts = Attempt.objects.bulk_create(
        Attempt(
            owner=owner,
            version=attempt.version,
            form="full",
            started_at=now,
            changed_at=now,
        )
        for owner in owners
    )
    Participation.objects.bulk_create(
        Participation(
            invitation=participation.invitation,
            attempt=each,
            name=f"{number:04}",
            scope="summary",
            consented_at=now - timedelta(days=1),
        )
        for number, each in enumerate(attempts)
    )


def test_pages_hold_fifty_and_one_that_is_not_there_is_the_nearest(
    coach: Coach,
) -> None:
    invitation = invite(coach)
    copies(join(invitation, "Ann"), 119)
    pages = [
        group_page(invitation, sort="name", page=page).clients
        for page in (None, "x", 1, "2", 3, 4)
    ]
    assert [page.paginator.count for page in pages] == [120] * 6
    assert [page.paginator.num_pages for page in pages] == [3] * 6
    assert [(page.number, len(page), page[0].participation.name) for page in pages] == [
        (1, 50, "0000"),
        (1, 50, "0000"),
        (1, 50, "0000"),
        (2, 50, "0050"),
        (3, 20, "0100"),
        (3, 20, "0100"),
    ]


def test_empty_group_is_one_empty_page(coach: Coach) -> None:
    page = group_page(invite(coach))
    assert (len(page.clients), page.clients.number, page.status) == (
        0,
        1,
        Status(0, 0, 0),
    )
    paginator = page.clients.paginator
    assert (paginator.num_pages, paginator.count) == (1, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_reads_ask_the_same_for_one_row_and_for_three(
    coach: Coach, rows: int, django_assert_num_queries: Any
) -> None:
    invitations = [invite(coach) for _ in range(rows)]
    for number in range(rows):
        joined(invitations[0], f"Client {number}")
    with django_assert_num_queries(3):
        groups = invitation_queries.invitations_of(coach)
        assert [group.invitation for group in groups] == invitations[::-1]
        assert [group.status.shared for group in groups] == [0] * (rows - 1) + [rows]
    found = invitation_queries.own_invitation(coach, invitations[0].pk)
    assert found is not None
    with django_assert_num_queries(3):
        page = group_page(found)
        assert [
            (row.result.reply != "", row.result.version.sha256 != "")
            for row in page.clients
            if row.result
        ] == [(True, True)] * rows
    with django_assert_num_queries(1):
        assert [
            row.result.reply != ""
            for row in clients.visible_clients(found)
            if row.result
        ] == [True] * rows
