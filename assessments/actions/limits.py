"""Limits on how often one sender may post: an owner, an account or an address.

Exact under many processes: one statement counts and returns the count.
"""

from __future__ import annotations

import time

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from assessments.actions.slices import delete_in_slices
from assessments.models import RateCount

HOUR = 3600  # seconds
COUNT_POSTS = """
INSERT INTO assessments_ratecount (key, "window", hits) VALUES (%s, %s, %s)
ON CONFLICT (key, "window") DO UPDATE
SET hits = assessments_ratecount.hits + excluded.hits
RETURNING hits
"""


def _key(action: str, by: str, hour: int) -> str:
    # The salt changes every day, so that nobody can link the rows of two days.
    made = salted_hmac(f"limit:{hour // 24}", f"{action} {by}", algorithm="sha256")
    return made.hexdigest()


def seconds_until_free(action: str, *, by: str, most: int) -> int:
    """As seconds_to_wait, for a sender who had `most` already. Counts nothing."""
    now = int(time.time())
    hour = now // HOUR
    is_used_up = RateCount.objects.filter(
        key=_key(action, by, hour), window=hour, hits__gte=most
    ).exists()
    return HOUR - now % HOUR if is_used_up else 0


def forget_counts(*, rest: float = 0) -> None:
    """Delete the counts of earlier hours. No limit reads them any more.

    `rest` is that of `in_slices`.
    """
    over = RateCount.objects.filter(window__lt=int(time.time()) // HOUR)
    delete_in_slices(over, rest=rest)


def seconds_to_wait(action: str, *, by: str, most: int) -> int:
    """Count one POST of `action` by a sender, and say how long the sender must wait.

    `by` names the sender, for example "owner 7" or "192.0.2.1". Returns 0 while there
    were at most `most` POSTs in this hour of the clock. Returns the seconds until the
    hour ends, from 1 to 3600, once there were more.
    """
    now = int(time.time())
    hour = now // HOUR
    hits = _count(_key(action, by, hour), hour, 1)
    return 0 if hits <= most else HOUR - now % HOUR


def take_today(action: str, *, by: str, wanted: int, most: int) -> int:
    """Take up to `wanted` of what a sender may have in a day, `most` in all.

    Returns how many the sender gets. The days are those of UTC.
    """
    hour = int(time.time()) // HOUR
    # Counts of earlier hours are deleted, so that of a day stands in its last hour.
    last_hour = hour - hour % 24 + 23
    before = _count(_key(f"{action} a day", by, hour), last_hour, wanted) - wanted
    return min(max(most - before, 0), wanted)


def give_back_today(action: str, *, by: str, unused: int) -> None:
    """Undo a part of what `take_today` has just given."""
    hour = int(time.time()) // HOUR
    counts = RateCount.objects.filter(
        key=_key(f"{action} a day", by, hour), window=hour - hour % 24 + 23
    )
    counts.update(hits=Greatest(F("hits") - unused, 0))


def _count(key: str, window: int, hits: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_POSTS, [key, window, hits])
        return int(cursor.fetchone()[0])
