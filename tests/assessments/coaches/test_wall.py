"""A group on the wall of a room: the way in, counts and a picture, and no name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions import grants, invitations
from assessments.models import Coach, Invitation
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
OF_A_KIND = ["clear_project", "close", "clear_product"]


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


def look(client: Client, group: Invitation, part: str = "") -> HttpResponse:
    response = client.get(f"/coach/{group.pk}/wall/{part}")
    assert response.status_code == 200
    return response


def turning(page: Element) -> list[str]:
    """Where the keys of a presenter lead."""
    return page.values("#views [data-turn]")


def test_wall_has_code_address_and_counts_and_no_name(
    carla: Client, group: Invitation
) -> None:
    joined(group, "Amara"), join(group, "Boris")
    response = look(carla, group)
    page = parse(response)
    assert page.texts("p.code") == [f"{group.code[:5]}-{group.code[5:]}"]
    assert page.texts("p.typed") == ["localhost:8000/join"]
    assert page.has("svg.qr")
    assert page.texts("#counts dd") == ["2", "1"]
    sent = response.content.decode()
    assert [name for name in ("Amara", "Boris") if name in sent] == []


def test_group_leads_to_the_wall_first(carla: Client, group: Invitation) -> None:
    page = parse(carla.get(f"/coach/{group.pk}/"))
    assert page.values("#ways a.button") == [f"/coach/{group.pk}/wall/"]


@pytest.mark.parametrize("part", ["", "picture/"])
def test_script_gets_parts_that_stand_on_the_page(
    carla: Client, group: Invitation, part: str
) -> None:
    for example in OF_A_KIND:
        joined(group, "Ann", example)
    page = parse(look(carla, group, part))
    (address,) = [one.attributes["data-live"] for one in page.all("[data-live]")]
    assert address == f"/coach/{group.pk}/wall/{part}status/"
    fresh = parse(look(carla, group, f"{part}status/"))
    parts = [one.attributes["id"] for one in fresh.all("[id]")]
    assert parts
    for each in parts:
        assert fresh.one(f"#{each}").text == page.one(f"#{each}").text
    assert page.has("[data-ended]")


def test_picture_is_offered_from_three_results_on(
    carla: Client, group: Invitation
) -> None:
    address = f"/coach/{group.pk}/wall/picture/"
    for example in OF_A_KIND[:2]:
        joined(group, "Ann", example)
    joined(group, "Careless", "careless"), join(group, "Open")
    assert turning(parse(look(carla, group))) == []
    page = parse(look(carla, group, "picture/"))
    assert not page.has("svg.crowd")
    assert turning(page) == [f"/coach/{group.pk}/wall/"]
    last = joined(group, "Ann", OF_A_KIND[2])
    assert turning(parse(look(carla, group))) == [address]
    assert parse(look(carla, group, "picture/")).has("svg.crowd")
    grants.withdraw(last)
    assert turning(parse(look(carla, group, "status/"))) == []
    assert not parse(look(carla, group, "picture/status/")).has("svg.crowd")


def test_picture_has_a_sign_for_each_person_and_no_name(
    carla: Client, group: Invitation
) -> None:
    for name, example in zip(("Amara", "Boris", "Chiara"), OF_A_KIND, strict=True):
        joined(group, name, example)
    response = look(carla, group, "picture/")
    page, sent = parse(response), response.content.decode()
    assert len(page.all("svg.crowd .who")) == 3
    assert page.texts("svg.crowd text") == ["Project, 1", "neither, 1", "Product, 1"]
    assert [name for name in ("Amara", "Boris", "Chiara") if name in sent] == []


def test_wall_says_why_nobody_can_join(carla: Client, coach: Coach) -> None:
    closed, full = invite(coach), invite(coach, max_uses=1)
    expired = invite(coach, expires_at=timezone.now() + timedelta(days=1))
    invitations.close(closed)
    join(full, "Fay")
    Invitation.objects.filter(pk=expired.pk).update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    notes = [
        parse(look(carla, group)).one("#note") for group in (closed, full, expired)
    ]
    assert len({note.text for note in notes}) == 3
    assert all(note.has("b") for note in notes)
    assert not parse(look(carla, invite(coach))).one("#note").has("b")


def test_other_coach_and_strangers_find_no_wall(
    other_coach: Coach, group: Invitation
) -> None:
    for client in (signed_in_as(other_coach.user), Client()):
        for part in ("", "status/", "picture/", "picture/status/"):
            address = f"/coach/{group.pk}/wall/{part}"
            assert client.get(address).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
def test_wall_costs_the_same_queries_however_many_people(
    carla: Client, group: Invitation, more: int
) -> None:
    for example in [*OF_A_KIND, *["both"] * more]:
        joined(group, "Ann", example)
    for part in ("", "picture/"):
        look(carla, group, part)
    assert len(asked(lambda: look(carla, group, "status/"))) == 8
    assert len(asked(lambda: look(carla, group, "picture/status/"))) == 6
