"""Days and hours of coaches, on the days on which clocks change, and at both ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from assessments.zones import (
    SkippedHour,
    at_hour,
    day_words,
    end_of,
    hour_words,
    last_day_before,
    start_of,
    zone_named,
    zone_words,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SANTIAGO, HAVANA = ZoneInfo("America/Santiago"), ZoneInfo("America/Havana")
KIRITIMATI, PAGO_PAGO = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc", "Europe"])
def test_unknown_zone_is_the_sites(settings: Settings, name: str) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    assert zone_named(name) == BERLIN
    assert zone_named("America/New_York") == NEW_YORK


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Berlin time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "GMT+5"),
    ],
)
def test_zone_is_named_by_its_city(zone: str, words: str) -> None:
    assert zone_words(ZoneInfo(zone)) == words


def test_hour_is_said_in_the_zone_that_is_named() -> None:
    moment = datetime(2026, 12, 4, 1, 30, tzinfo=UTC)
    words = "Thursday, December 3, 2026, at 8:30 pm (New York time)"
    assert hour_words(moment, NEW_YORK) == words
    with timezone.override(NEW_YORK):
        assert hour_words(moment) == words


def test_day_is_that_of_the_current_zone() -> None:
    moment = datetime(2026, 12, 4, 1, 30, tzinfo=UTC)
    assert day_words(moment) == "December 4, 2026"
    with timezone.override(NEW_YORK):
        assert day_words(moment) == "December 3, 2026"


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KIRITIMATI, PAGO_PAGO, SANTIAGO])
@pytest.mark.parametrize(
    "day", [date(2000, 1, 1), date(2026, 3, 29), date(2026, 10, 25), date(2999, 12, 31)]
)
def test_last_day_counts_to_its_end(day: date, zone: ZoneInfo) -> None:
    end = end_of(day, zone)
    assert last_day_before(end, zone) == day
    assert end == start_of(date.fromordinal(day.toordinal() + 1), zone)


def test_day_begins_where_clocks_skip_or_repeat_midnight() -> None:
    """Chile goes forward at midnight, Cuba back at one."""
    skipped = start_of(date(2026, 9, 6), SANTIAGO).astimezone(UTC)
    assert skipped == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert timezone.localtime(skipped, SANTIAGO).hour == 1
    repeated = start_of(date(2026, 11, 1), HAVANA).astimezone(UTC)
    assert repeated == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_hour_that_clocks_skip_is_refused() -> None:
    with pytest.raises(SkippedHour):
        at_hour(date(2027, 3, 28), time(2, 30), BERLIN)
    assert at_hour(date(2027, 3, 28), time(3), BERLIN).astimezone(UTC).hour == 1


def test_hour_that_comes_twice_is_the_first() -> None:
    moment = at_hour(date(2026, 10, 25), time(2, 30), BERLIN)
    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
