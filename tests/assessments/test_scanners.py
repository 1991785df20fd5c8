"""Mail scanners and prefetching browsers open every link they find, again and again: no row changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from assessments.actions import coaching
from assessments.models import Coach, Participation, ShareLink

from .coaching import invite
from .guest import Guest

pytestmark = pytest.mark.django_db
TIMES = 500  # each of GET and HEAD
OWN = [
    "/quiz/",
    "/quiz/result/",
    "/quiz/result/1/",
    "/quiz/result/1/open/",
    "/quiz/result/2/",
    "/quiz/result/sees/",
    "/quiz/result/share/",
    "/quiz/result/1/preview/answers/",
    "/quiz/review/",
    "/quiz/data/",
    "/quiz/data/rolefit.json",
]


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models(include_auto_created=True)}


@pytest.fixture
def guest(coach: Coach) -> Guest:
    """Ann: a held result with a link of Carla's, and a newer result that Carla does not see."""
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3), onward=True))
    guest.share()
    guest.answer_all("clear_project")
    coaching.make_onward_link(Participation.objects.get(), scope="answers", label="", days=30)
    guest.take_again("both")
    return guest


@pytest.mark.parametrize("link", ["/join/", "/join/{code}/", "/r/{token}/", "/r/{token}.json"])
def test_link_that_is_handed_out_is_read_a_thousand_times_and_no_row_changes(guest: Guest, link: str) -> None:
    link = link.format(code=Participation.objects.get().invitation.code, token=ShareLink.objects.get().token)
    before = everything()
    stranger = Client()
    for _ in range(TIMES):
        assert (stranger.get(link).status_code, stranger.head(link).status_code) == (200, 200)
    assert everything() == before
    assert "rolefit_key" not in stranger.cookies


@pytest.mark.parametrize("address", [*OWN, "/join/{code}/", "/join/{code}/?who=new"])
def test_owners_own_pages_change_no_row_when_they_are_read(guest: Guest, address: str) -> None:
    address = address.format(code=Participation.objects.get().invitation.code)
    before = everything()
    for _ in range(10):
        assert (guest.client.get(address).status_code, guest.client.head(address).status_code) == (200, 200)
    assert everything() == before
