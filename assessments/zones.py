"""Days and hours in the time zone of the coach who chose them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date


class SkippedHour(ValueError):
    """Clocks go forward over this hour of this day."""


def zone_named(name: str) -> ZoneInfo:
    """The zone with this IANA name; the site's own for "" and for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def zone_words(zone: tzinfo) -> str:
    """Berlin time, New York time; UTC and other zones without a city as they are."""
    name = str(zone)
    if "/" not in name or name.startswith("Etc/"):
        return name.removeprefix("Etc/")
    return f"{name.rpartition('/')[2].replace('_', ' ')} time"


def day_words(moment: datetime) -> str:
    """The day in the current zone, as pages write it: November 27, 2026."""
    return format_date(timezone.localtime(moment), "F j, Y")


def clock(local: datetime) -> str:
    """The time of day, such as 2:10 pm."""
    return local.strftime("%-I:%M ") + ("am" if local.hour < 12 else "pm")


def hour_words(moment: datetime, zone: tzinfo | None = None) -> str:
    """Day and hour in this zone, or else in the current one, with the zone's name.

    Friday, November 27, 2026, at 2:30 pm (Berlin time)
    """
    zone = zone or timezone.get_current_timezone()
    local = timezone.localtime(moment, zone)
    day = format_date(local, "l, F j, Y")
    return f"{day}, at {clock(local)} ({zone_words(zone)})"


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of the day, also where clocks skip or repeat midnight."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first moment after the day, so that the day itself still counts."""
    return start_of(day + timedelta(days=1), zone)


def last_day_before(end: datetime, zone: tzinfo) -> date:
    """The day of the last moment before `end`."""
    return timezone.localtime(end - timedelta(microseconds=1), zone).date()


def at_hour(day: date, hour: time, zone: tzinfo) -> datetime:
    """This hour of this day; the first of two where clocks go back.

    Raises SkippedHour where clocks go forward over it.
    """
    moment = datetime.combine(day, hour, tzinfo=zone)
    # A skipped hour comes back from UTC as another one.
    there = moment.astimezone(UTC).astimezone(zone)
    if there.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise SkippedHour
    return moment
