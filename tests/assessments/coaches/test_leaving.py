"""Clients leave a group: the coach removes them, releases them, reads who has gone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, grants
from assessments.models import Coach, Departure, Invitation, Participation
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.pages import levels

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def until() -> datetime:
    return timezone.now() + timedelta(days=3)


def lines(carla: Client, group: Invitation) -> list[str]:
    """What the group's page says of who has left."""
    return parse(carla.get(f"/coach/{group.pk}/")).texts("#departures li")


def main(carla: Client, address: str) -> Element:
    return parse(carla.get(address)).one("main")


def test_coach_reads_what_goes_and_removes_a_client(
    carla: Client, coach: Coach
) -> None:
    ann = joined(invite(coach))
    clients.add_step(ann, text="Read")
    address = f"/coach/client/{ann.pk}/remove/"
    assert address in main(carla, f"/coach/client/{ann.pk}/").values("#remove a")
    asked = carla.get(address)
    assert (asked.context["results"], asked.context["goes"].steps) == (1, 1)
    assert parse(asked).values("main form") == [address]
    assert Participation.objects.exists()
    done = carla.post(address, follow=True)
    assert levels(done) == ["success"]
    assert done.redirect_chain == [(f"/coach/{ann.invitation_id}/", 302)]
    assert not Participation.objects.exists()
    assert Departure.objects.get().removed


def test_page_asks_about_every_result_that_goes(carla: Client, coach: Coach) -> None:
    ann = joined(invite(coach))
    other = joined(ann.invitation, "Ann")
    Participation.objects.filter(pk=other.pk).update(client=ann.client)
    address = f"/coach/client/{ann.pk}/remove/"
    assert carla.get(address).context["results"] == 2
    carla.post(address)
    assert not Participation.objects.exists()


def test_group_says_without_names_who_has_left(carla: Client, coach: Coach) -> None:
    group = invite(coach)
    assert lines(carla, group) == []
    ann, ben, cem = (join(group, name) for name in ("Ann", "Ben", "Cem"))
    clients.set_notes(ann, notes="Ask about the team.")
    grants.withdraw(ann)
    grants.withdraw(ben)
    grants.remove_client(cem)
    removed, bare, with_notes = lines(carla, group)
    assert "notes" in with_notes
    assert "notes" not in bare
    assert len({removed, bare, with_notes}) == 3
    page = parse(carla.get(f"/coach/{group.pk}/")).one("main").text
    assert [name for name in ("Ann", "Ben", "Cem") if name in page] == []


@pytest.mark.parametrize("finished", [True, False])
def test_coach_releases_one_client(
    carla: Client, coach: Coach, until: datetime, finished: bool
) -> None:
    group = invite(coach, held_until=until)
    ann = joined(group) if finished else join(group)
    ben = joined(group, "Ben")
    address = f"/coach/client/{ann.pk}/release/"
    assert address in main(carla, f"/coach/client/{ann.pk}/").values("a")
    assert main(carla, address).values("form") == [address]
    ann.refresh_from_db()
    assert ann.is_held
    assert levels(carla.post(address, follow=True)) == ["success"]
    ann.refresh_from_db()
    ben.refresh_from_db()
    assert (ann.is_held, ben.is_held) == (False, True)
    assert address not in main(carla, f"/coach/client/{ann.pk}/").values("a")
    assert not main(carla, address).has("form")


def test_client_who_has_gone_is_missed_within_the_workspace(
    carla: Client, coach: Coach, other_coach: Coach
) -> None:
    ann = joined(invite(coach))
    theirs = joined(invite(other_coach, label="Otto’s own"))
    for grant in (ann, theirs):
        grants.withdraw(grant)
    pages = [
        carla.get(address)
        for address in (
            f"/coach/client/{ann.pk}/",
            f"/coach/client/{theirs.pk}/",
            "/coach/client/987654/",
        )
    ]
    assert [page.status_code for page in pages] == [404] * 3
    mains = [parse(page).one("main").text for page in pages]
    assert mains[0] == mains[1] == mains[2]
    page = parse(pages[0])
    assert "/coach/" in page.values("nav a")
    assert page.values("main li a") == [f"/coach/{ann.invitation_id}/"]
    assert "Otto" not in page.text
    nobody = parse(Client().get(f"/coach/client/{ann.pk}/"))
    assert not nobody.has("nav[aria-label=Workspace]")


def test_page_about_nothing_says_nothing_of_departures(
    carla: Client, coach: Coach
) -> None:
    invite(coach)
    assert not main(carla, "/coach/987654/").has("li")


def test_client_page_says_until_when_the_result_is_kept(
    carla: Client, coach: Coach
) -> None:
    ann = joined(invite(coach))
    kept = main(carla, f"/coach/client/{ann.pk}/").one("#kept").text
    assert f"{ann.attempt.result.expires_at:%B %-d, %Y}" in kept


# Days and hours


def test_workspace_reads_and_takes_hours_in_the_coachs_zone(
    carla: Client, coach: Coach
) -> None:
    Coach.objects.filter(pk=coach.pk).update(time_zone="America/Los_Angeles")
    day = timezone.now().date() + timedelta(days=5)
    carla.post(
        "/coach/new/",
        {
            "label": "Spring course",
            "form": "full",
            "scope": "answers",
            "held_until": f"{day}",
            "held_hour": "14:30",
            "last_day": f"{day}",
        },
    )
    group = Invitation.objects.get()
    zone = group.coach.zone
    assert f"{timezone.localtime(group.held_until, zone):%F %R}" == f"{day} 14:30"
    assert group.last_day == day
    assert group.expires_at > group.held_until
    page = main(carla, f"/coach/{group.pk}/").text
    assert "2:30 pm (Los Angeles time)" in page
    assert (
        f"{day:%B %-d, %Y}"
        in parse(carla.get(f"/coach/{group.pk}/")).one("#state").text
    )
    edit = main(carla, f"/coach/{group.pk}/edit/")
    assert edit.one("#id_last_day").value == f"{day}"


def test_last_day_that_is_left_alone_keeps_its_end_in_another_zone(
    carla: Client, coach: Coach
) -> None:
    end = (timezone.now() + timedelta(days=9)).replace(hour=0, minute=0)
    group = invite(coach, expires_at=end)
    Coach.objects.filter(pk=coach.pk).update(time_zone="Asia/Tokyo")
    address = f"/coach/{group.pk}/edit/"
    form = parse(carla.get(address))
    last = form.one("#id_last_day").value
    data = {"label": "Autumn", "places": "", "last_day": last}
    carla.post(address, data | {"seen": form.one("[name=seen]").value})
    group.refresh_from_db()
    assert (group.label, group.expires_at) == ("Autumn", end)


def test_hour_that_clocks_skip_is_refused_in_a_sentence(
    carla: Client, coach: Coach
) -> None:
    Coach.objects.filter(pk=coach.pk).update(time_zone="Europe/Berlin")
    response = carla.post(
        "/coach/new/",
        {
            "label": "Spring course",
            "form": "full",
            "scope": "answers",
            "held_until": "2027-03-28",
            "held_hour": "02:30",
        },
    )
    assert response.status_code == 422
    assert parse(response).values(".error-summary a") == ["#id_held_hour"]
