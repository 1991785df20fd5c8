"""What a coach chooses for the whole workspace."""

from __future__ import annotations

import pytest
from django.test import override_settings

from assessments.models import Coach
from tests.support.coaching import signed_in_as
from tests.support.dom import parse
from tests.support.forms import opened

pytestmark = pytest.mark.django_db
PAGE = "/coach/settings/"


def test_settings_are_saved(coach: Coach) -> None:
    carla = signed_in_as(coach.user)
    fields = opened(carla, PAGE)
    chosen = {
        "contact": "carla.example.org",
        "time_zone": "Europe/Berlin",
        "finish_mail": "daily",
    }
    assert carla.post(PAGE, fields | chosen)["Location"] == PAGE
    coach.refresh_from_db()
    assert {name: getattr(coach, name) for name in chosen} == chosen
    assert coach.finish_mail_since is not None
    again = opened(carla, PAGE)
    assert {name: again[name] for name in chosen} == {
        name: [value] for name, value in chosen.items()
    }
    assert carla.post(PAGE, again | {"time_zone": ""}).status_code == 302
    coach.refresh_from_db()
    assert coach.time_zone == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact", "x" * 121),
        ("time_zone", "Mars/Olympus"),
        ("finish_mail", "hourly"),
        ("finish_mail", ""),
    ],
)
def test_setting_that_cannot_be_is_refused(
    coach: Coach, field: str, value: str
) -> None:
    carla = signed_in_as(coach.user)
    refused = carla.post(PAGE, opened(carla, PAGE) | {field: value})
    assert refused.status_code == 422
    assert parse(refused).has(f".in-error [name={field}]")
    coach.refresh_from_db()
    assert (coach.contact, coach.time_zone, coach.finish_mail) == ("", "", "off")


def test_site_without_mail_does_not_ask_for_it(coach: Coach) -> None:
    carla = signed_in_as(coach.user)
    with override_settings(MAIL_GOES_OUT=False):
        fields = opened(carla, PAGE)
        assert "finish_mail" not in fields
        assert carla.post(PAGE, fields | {"contact": "Room 5"}).status_code == 302
    coach.refresh_from_db()
    assert (coach.contact, coach.finish_mail) == ("Room 5", "off")


def test_two_windows_ask_which_to_keep(coach: Coach) -> None:
    carla = signed_in_as(coach.user)
    one, two = (opened(carla, PAGE) for _ in range(2))
    carla.post(PAGE, one | {"contact": "One"})
    asked = carla.post(PAGE, two | {"contact": "Two"})
    assert asked.status_code == 422
    assert parse(asked).one(".both-stored").text == "One"
