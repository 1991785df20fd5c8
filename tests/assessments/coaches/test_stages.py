"""How far a client has come is one word, the same on every page and in files."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Client as Person
from assessments.models import Coach, Invitation, Participation
from assessments.queries.people import PersonStage
from tests.support.coaching import answer, invite, join, signed_in_as
from tests.support.dom import Element, parse
from tests.support.group import invite_by_name
from tests.support.saving import save_answers

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    """One client at each stage, all invited by name; the stage is the name."""
    group = invite(coach)
    links = invite_by_name(group, len(PersonStage))
    for stage, link in zip(PersonStage, links, strict=True):
        Person.objects.filter(pk=link.client_id).update(name=stage.value)
        if stage is not PersonStage.INVITED:
            grant = come_to(group, stage)
            Participation.objects.filter(pk=grant.pk).update(client=link.client)
            assert grant.client is not None
            grant.client.delete()
    return group


def come_to(group: Invitation, stage: PersonStage) -> Participation:
    grant = join(group, stage.value)
    owner = grant.attempt.owner
    if stage is PersonStage.STARTED:
        save_answers(owner, seen={}, chosen={"T1": 1})
    elif stage is PersonStage.FINISHED:
        answer(owner, "careless")
    elif stage is not PersonStage.JOINED:
        answer(owner)
    if stage is PersonStage.HELD:
        later = timezone.now() + timedelta(days=3)
        Participation.objects.filter(pk=grant.pk).update(held_until=later)
    return grant


def page_of(browser: Client, address: str) -> Element:
    return parse(browser.get(address))


def words_beside_names(page: Element, table: str) -> dict[str, set[str]]:
    """The stages that each row of a table names, without the name itself."""
    stages = {stage.capitalize() for stage in PersonStage}
    return {
        row.texts("th a")[0]: {
            word.strip(",") for cell in row.all("td") for word in cell.text.split()
        }
        & stages
        for row in page.all(f"{table} tbody tr")
    }


def expected(*left_out: PersonStage) -> dict[str, set[str]]:
    return {
        stage.value: {stage.capitalize()}
        for stage in PersonStage
        if stage not in left_out
    }


def test_lists_name_the_same_stage(carla: Client, group: Invitation) -> None:
    people = page_of(carla, "/coach/")
    assert words_beside_names(people, "#people") == expected()
    invited = page_of(carla, f"/coach/{group.pk}/invited/")
    assert words_beside_names(invited, ".invited-list") == expected()
    table = page_of(carla, f"/coach/{group.pk}/")
    assert words_beside_names(table, "#clients") == expected(PersonStage.INVITED)
    assert table.texts("#not-started li") == ["invited"]


@pytest.mark.parametrize("stage", PersonStage)
def test_filters_and_a_persons_page_name_the_same_stage(
    carla: Client, group: Invitation, stage: PersonStage
) -> None:
    word = stage.capitalize()
    for address, table in (("/coach/", "#people"), (f"/coach/{group.pk}/", "#clients")):
        page = page_of(carla, f"{address}?status={stage}")
        if (table, stage) == ("#clients", PersonStage.INVITED):
            assert not page.has("[name=status] option[selected]")
        else:
            assert words_beside_names(page, table) == {stage.value: {word}}
            assert page.texts("[name=status] option[selected]") == [word]
    person = Person.objects.get(name=stage.value)
    (row,) = page_of(carla, f"/coach/person/{person.pk}/").all(".people-table tbody tr")
    assert row.all("td")[0].text.split()[0] == word


@pytest.mark.parametrize(
    "stage", [PersonStage.JOINED, PersonStage.STARTED, PersonStage.FINISHED]
)
def test_page_of_a_client_without_a_result_names_the_stage(
    carla: Client, group: Invitation, stage: PersonStage
) -> None:
    grant = Participation.objects.get(name=stage.value)
    lead = page_of(carla, f"/coach/client/{grant.pk}/").one(".lead").text
    assert lead.startswith(f"{grant.name} has {stage}")


def test_files_name_the_same_stage(carla: Client, group: Invitation) -> None:
    address = f"/coach/{group.pk}/export"
    file = carla.post(f"{address}.csv").content.decode("utf-8-sig")
    rows = csv.DictReader(StringIO(file, newline=""))
    assert {row["Name"]: row["Status"] for row in rows} == {
        stage.value: stage.value for stage in PersonStage
    }
    clients = json.loads(carla.post(f"{address}.json").getvalue())["clients"]
    assert {each["name"]: each["status"] for each in clients} == {
        stage.value: stage.value for stage in PersonStage
    }
