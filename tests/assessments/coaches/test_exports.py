"""A group on paper and as files.

What was agreed, safe in a spreadsheet, written down in the audit trail.
"""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.actions import clients
from assessments.csv_cells import cell
from assessments.models import Coach, Invitation
from content.models import AuditEntry
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def export(client: Client, group: Invitation, kind: str) -> HttpResponse:
    return client.post(reverse("coach_export", args=[group.pk, kind]))


def table(client: Client, group: Invitation) -> list[dict[str, str]]:
    response = export(client, group, "csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(
        csv.DictReader(StringIO(response.content.decode("utf-8-sig"), newline=""))
    )


def data(client: Client, group: Invitation) -> dict[str, object]:
    response = export(client, group, "json")
    assert response["Content-Type"] == "application/json"
    return json.loads(response.getvalue())


def test_table_has_a_line_for_each_client_whose_result_is_to_be_seen(
    carla: Client, group: Invitation
) -> None:
    (
        joined(group, "Ann"),
        joined(group, "Bo", "close"),
        joined(group, "Careless", "careless"),
        join(group, "Open"),
    )
    ann, bo = table(carla, group)
    assert (ann["Name"], ann["Outcome"], ann["Lean"], ann["90 % range from"]) == (
        "Ann",
        "clear project",
        "53 toward project",
        "74 toward project",
    )
    assert (
        ann["Fit, Project manager"],
        ann["Give or take"],
        ann["Version"],
        ann["Form"],
    ) == ("80", "11", "1", "full")
    assert ann["Strength: Planning and organization"] == "92"
    first = (
        "Answer: A Before I start something, I list the steps it needs. B Before I"
        " start something, I picture who will use it."
    )
    assert (ann[first], bo[first]) == ("Much more A", "About the same")
    assert len([name for name in ann if name.startswith("Answer: ")]) == 25


def test_table_leaves_empty_what_was_not_agreed(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    joined(group, "Ann")
    summary = joined(invite(coach, scope="summary"), "Bo")
    strengths = joined(invite(coach, scope="strengths"), "Cem")
    for grant in (summary, strengths):
        type(grant).objects.filter(pk=grant.pk).update(invitation=group)
    ann, bo, cem = table(carla, group)
    told = {
        row["Name"]: {name for name, value in row.items() if value}
        for row in (ann, bo, cem)
    }
    of_strengths = {name for name in told["Ann"] if name.startswith("Strength: ")} | {
        "Doing",
        "Wanting",
        "Skills both need",
    }
    answers = {name for name in told["Ann"] if name.startswith("Answer: ")}
    assert told["Bo"] == told["Ann"] - of_strengths - answers
    assert told["Cem"] == told["Ann"] - answers


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1", "'=1", '"=1'],
)
def test_name_is_never_a_formula(carla: Client, group: Invitation, name: str) -> None:
    grant = joined(group, "Ann")
    type(grant).objects.filter(pk=grant.pk).update(name=name)
    [row] = table(carla, group)
    assert row["Name"] in (name, f"'{name}")
    assert row["Name"].lstrip()[0] not in "=+-@＝＋－＠"


@pytest.mark.slow
@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert cell(text).lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
    assert cell(text).removeprefix("'") in (text, text.removeprefix("'"))


def test_json_holds_what_a_link_of_that_scope_would(
    carla: Client, coach: Coach
) -> None:
    group = invite(coach, scope="summary", onward=True, label="Spring “course”")
    ann = joined(group, "Änn")
    made = clients.make_onward_link(ann, scope="summary", label="", days=7)
    found = data(carla, group)
    assert found["group"] == "Spring “course”"
    assert found["clients"] == [
        {
            "name": "Änn",
            "since": ann.consented_at.date().isoformat(),
            "result": json.loads(Client().get(f"/r/{made.token}.json").content),
        }
    ]


def test_empty_group_is_an_empty_file(carla: Client, group: Invitation) -> None:
    assert table(carla, group) == []
    assert data(carla, group)["clients"] == []


def test_files_hold_no_notes_steps_codes_or_tokens(carla: Client, coach: Coach) -> None:
    group = invite(coach, onward=True)
    ann = joined(group, "Ann")
    clients.set_notes(ann, notes="Secret thought")
    clients.add_step(ann, text="Secret step")
    made = clients.make_onward_link(ann, scope="summary", label="Secret label", days=7)
    for kind in ("csv", "json"):
        text = export(carla, group, kind).getvalue().decode()
        assert [
            each for each in ("Secret", group.code, made.token) if each in text
        ] == []


def test_files_are_for_the_coach_alone_and_by_post_alone(
    carla: Client, other_coach: Coach, group: Invitation
) -> None:
    joined(group, "Ann")
    for kind in ("csv", "json"):
        assert export(signed_in_as(other_coach.user), group, kind).status_code == 404
        assert (
            carla.get(reverse("coach_export", args=[group.pk, kind])).status_code == 405
        )
        assert (
            Client().post(reverse("coach_export", args=[group.pk, kind])).status_code
            == 404
        )
    assert export(carla, group, "xlsx").status_code == 404
    assert not AuditEntry.objects.filter(act="export").exists()


def test_each_file_is_written_down_without_a_name(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    joined(group, "Ann")
    response = export(carla, group, "csv")
    assert (
        response["Content-Disposition"]
        == f'attachment; filename="rolefit-group-{group.pk}.csv"'
    )
    assert "no-store" in response["Cache-Control"]
    export(carla, group, "json").getvalue()
    written = (
        AuditEntry.objects.filter(act="export", by=coach.user)
        .order_by("pk")
        .values_list("subject", flat=True)
    )
    assert list(written) == [
        f"group {group.pk} as CSV, 1 results",
        f"group {group.pk} as JSON, 1 results",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_paper_and_files_cost_the_same_queries_however_many_rows(
    carla: Client, group: Invitation, rows: int
) -> None:
    for number in range(rows):
        joined(group, f"Client {number}")
    address = reverse("coach_print", args=[group.pk])
    carla.get(address)
    assert len(asked(lambda: carla.get(address))) == 7
    assert len(asked(lambda: export(carla, group, "csv"))) == 7
    assert len(asked(lambda: export(carla, group, "json").getvalue())) == 7
