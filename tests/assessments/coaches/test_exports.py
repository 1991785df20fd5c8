"""A group as files: what was agreed, safe in a spreadsheet, with an audit entry."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from io import StringIO
from string import ascii_letters, digits
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import keys
from assessments.actions import clients
from assessments.csv_cells import cell
from assessments.models import Client as Person
from assessments.models import (
    Coach,
    Invitation,
    NextStep,
    Participation,
    PersonalLink,
    Result,
)
from content.models import AuditEntry
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.dom import parse
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def export(client: Client, group: Invitation, kind: str, *options: str) -> HttpResponse:
    data = dict.fromkeys(options, "on")
    return client.post(reverse("coach_export", args=[group.pk, kind]), data)


def table(client: Client, group: Invitation, *options: str) -> list[dict[str, str]]:
    response = export(client, group, "csv", *options)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(
        csv.DictReader(
            StringIO(response.content.decode("utf-8-sig"), newline=""),
            delimiter=";" if "semicolons" in options else ",",
        )
    )


def data(client: Client, group: Invitation, *options: str) -> dict[str, Any]:
    response = export(client, group, "json", *options)
    assert response["Content-Type"] == "application/json"
    return json.loads(response.getvalue())


def invited(group: Invitation, name: str) -> PersonalLink:
    """Somebody with a personal link that nobody has used yet."""
    now = timezone.now()
    client = Person.objects.create(
        coach=group.coach, name=name, created_at=now, latest_at=now
    )
    return PersonalLink.objects.create(
        invitation=group, client=client, code=keys.new_code(), created_at=now
    )


def test_table_has_a_line_for_everybody_with_a_status(
    carla: Client, group: Invitation
) -> None:
    (
        joined(group, "Ann"),
        joined(group, "Bo", "close"),
        joined(group, "Careless", "careless"),
        join(group, "Open"),
        invited(group, "Zed"),
    )
    rows = table(carla, group)
    assert [(row["Name"], row["Status"], row["Outcome"]) for row in rows] == [
        ("Ann", "shared", "clear project"),
        ("Bo", "shared", "close"),
        ("Careless", "finished", ""),
        ("Open", "joined", ""),
        ("Zed", "invited", ""),
    ]
    told = [{name for name, value in row.items() if value} for row in rows]
    assert told[2] == told[3] == {"Name", "Status", "Agreed on"}
    assert told[4] == {"Name", "Status"}


def test_namesakes_have_the_numbers_of_the_workspace(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    joined(invite(coach), "Ann")
    joined(group, "Ann"), joined(group, "Bo"), invited(group, "Ann")
    names = ["Ann (2)", "Bo", "Ann (3)"]
    assert [row["Name"] for row in table(carla, group)] == names
    assert [row["name"] for row in data(carla, group)["clients"]] == names
    page = parse(carla.get(reverse("coach_group", args=[group.pk])))
    assert page.texts("#clients th[scope=row] a") == ["Bo", "Ann (2)"]
    assert page.texts("#not-started li") == ["Ann (3)"]
    page = parse(carla.get(reverse("coach_invited", args=[group.pk])))
    assert page.texts("tbody th") == ["Ann (3)"]


def test_name_with_a_number_has_no_invisible_characters_in_files(
    carla: Client, group: Invitation
) -> None:
    joined(group, "דנה"), joined(group, "דנה")
    names = ["דנה (1)", "דנה (2)"]
    assert [row["Name"] for row in table(carla, group)] == names
    assert [row["name"] for row in data(carla, group)["clients"]] == names


def test_who_has_joined_by_a_personal_link_has_one_line(
    carla: Client, group: Invitation
) -> None:
    link = invited(group, "Zed")
    grant = join(group, "Zed")
    type(grant).objects.filter(pk=grant.pk).update(client=link.client)
    assert [row["Status"] for row in table(carla, group)] == ["joined"]


def test_numbers_stand_beside_words_and_are_positive_for_product(
    carla: Client, group: Invitation
) -> None:
    joined(group, "Ann"), joined(group, "Bo", "clear_product")
    ann, bo = table(carla, group)
    words = ("Lean", "90% range from", "90% range to", "Doing", "Wanting")
    assert [(ann[name], ann[f"{name}, product +"]) for name in words] == [
        ("53 toward project", "-53"),
        ("74 toward project", "-74"),
        ("32 toward project", "-32"),
        ("56 toward project", "-56"),
        ("50 toward project", "-50"),
    ]
    assert bo["Lean, product +"] == "53"
    assert (
        ann["Fit, Project manager"],
        ann["Give or take"],
        ann["Version"],
        ann["Form"],
        ann["Strength: Planning and organization"],
    ) == ("80", "11", "1", "full", "92")


def test_questions_stand_under_their_ids(carla: Client, group: Invitation) -> None:
    joined(group, "Ann"), joined(group, "Bo", "close")
    ann, bo = table(carla, group)
    first = (
        "Question T1: A Before I start something, I list the steps it needs. B Before "
        "I start something, I picture who will use it."
    )
    assert (ann[first], ann["Question T1, product +"]) == ("Much more A", "-2")
    assert (bo[first], bo["Question T1, product +"]) == ("About the same", "0")
    assert ann["Question E1, 0 to 4"] in set("01234")
    assert len([name for name in ann if name.startswith("Question ")]) == 2 * 25


def test_numbers_are_numbers_and_texts_are_quoted(
    carla: Client, group: Invitation
) -> None:
    joined(group, "Ann")
    written = export(carla, group, "csv").content.decode("utf-8-sig")
    assert '"53 toward project",-53,' in written
    assert "'-53" not in written


def test_semicolons_are_a_choice(carla: Client, group: Invitation) -> None:
    joined(group, "Ann; Bo")
    [row] = table(carla, group, "semicolons")
    assert (row["Name"], row["Lean, product +"]) == ("Ann; Bo", "-53")


def test_notes_and_steps_are_a_choice(carla: Client, group: Invitation) -> None:
    ann = joined(group, "Ann")
    clients.set_notes(ann, notes="=SUM(A1)")
    step = clients.add_step(ann, text="Read")
    clients.add_step(ann, text="Ask two people")
    NextStep.objects.filter(pk=step.pk).update(
        due_on=date(2026, 12, 1), done_at=datetime(2026, 12, 2, 12, tzinfo=UTC)
    )
    [plain], [full] = table(carla, group), table(carla, group, "notes")
    assert set(full) - set(plain) == {"Your notes", "Next steps"}
    assert full["Your notes"] == "'=SUM(A1)"
    assert full["Next steps"] == (
        "Ask two people; Read, due 2026-12-01, done 2026-12-02"
    )
    [client] = data(carla, group, "notes")["clients"]
    assert client["notes"] == "=SUM(A1)"
    assert client["steps"] == [
        {"text": "Ask two people", "due": None, "done": None},
        {"text": "Read", "due": "2026-12-01", "done": "2026-12-02"},
    ]
    [client] = data(carla, group)["clients"]
    assert not {"notes", "steps"} & set(client)


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
        "Doing, product +",
        "Wanting",
        "Wanting, product +",
        "Skills both need",
    }
    answers = {name for name in told["Ann"] if name.startswith("Question ")}
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
            "status": "shared",
            "since": ann.consented_at.date().isoformat(),
            "result": json.loads(Client().get(f"/r/{made.token}.json").content),
        }
    ]


def test_both_files_have_the_days_of_the_coach(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    Coach.objects.filter(pk=coach.pk).update(time_zone="America/New_York")
    joined(group, "Ann")
    at = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
    Result.objects.update(finished_at=at)
    Participation.objects.update(consented_at=at)
    [row], [told] = table(carla, group), data(carla, group)["clients"]
    assert row["Agreed on"] == told["since"] == "2026-11-27"
    assert row["Finished on"] == told["result"]["finished"] == "2026-11-27"


def test_json_has_everybody_with_a_status(carla: Client, group: Invitation) -> None:
    joined(group, "Careless", "careless"), join(group, "Open"), invited(group, "Zed")
    found = data(carla, group)["clients"]
    assert [(each["name"], each["status"]) for each in found] == [
        ("Careless", "finished"),
        ("Open", "joined"),
        ("Zed", "invited"),
    ]
    assert [each for each in found if "result" in each] == []


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


@pytest.mark.parametrize(
    ("label", "plain", "written"),
    [
        ("Spring course", "spring-course", "Rolefit Spring course"),
        ("Frühling: “A/B”", "fruhling-ab", "Rolefit Frühling “A B”"),
        ("春 <..>", None, "Rolefit 春"),
        ('"; x="', "x", "Rolefit ; x="),
    ],
)
def test_file_is_named_after_the_group(
    carla: Client, coach: Coach, label: str, plain: str | None, written: str
) -> None:
    group = invite(coach, label=label)
    header = export(carla, group, "csv")["Content-Disposition"]
    start, encoded = header.split("; filename*=UTF-8''")
    assert start == f'attachment; filename="rolefit-{plain or group.pk}.csv"'
    assert unquote(encoded) == f"{written}.csv"
    assert set(encoded) <= set(ascii_letters + digits + "%-_.~")


def test_each_file_is_written_down_without_a_name(
    carla: Client, coach: Coach, group: Invitation
) -> None:
    joined(group, "Ann")
    response = export(carla, group, "csv")
    assert "no-store" in response["Cache-Control"]
    export(carla, group, "json", "notes").getvalue()
    written = (
        AuditEntry.objects.filter(act="export", by=coach.user)
        .order_by("pk")
        .values_list("subject", flat=True)
    )
    assert list(written) == [
        f"group {group.pk} as CSV, 1 results",
        f"group {group.pk} as JSON, 1 results, with notes",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_files_cost_the_same_queries_however_many_rows(
    carla: Client, group: Invitation, rows: int
) -> None:
    for number in range(rows):
        joined(group, f"Client {number}"), invited(group, f"Invited {number}")
    export(carla, group, "csv")
    assert len(asked(lambda: export(carla, group, "csv"))) == 10
    assert len(asked(lambda: export(carla, group, "json").getvalue())) == 10
