"""Limits on how often one sender may post: an owner, an account or an address.

Exact under many processes: one statement counts and returns the count.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from assessments.models import RateCount

HOUR = 3600  # seconds
COUNT_POST = """
INSERT INTO assessments_ratecount (key, "window", hits) VALUES (%s, %s, 1)
ON CONFLICT (key, "window") DO UPDATE SET hits = assessments_ratecount.hits + 1
RETURNING hits
"""


def _key(action: str, by: str, hour: int) -> str:
    # The salt changes every day, so that nobody can link the rows of two days.
    return salted_hmac(
        f"limit:{hour // 24}",
        f"{action} {by}",
        secret=settings.SECRET_KEY,
        algorithm="sha256",
    ).hexdigest()


def seconds_until_free(action: str, *, by: str, most: int) -> int:
    """As seconds_to_wait, for a sender who had `most` already. Counts nothing."""
    now = int(time.time())
    hour = now // HOUR
    is_used_up = RateCount.objects.filter(
        key=_key(action, by, hour), window=hour, hits__gte=most
    ).exists()
    return HOUR - now % HOUR if is_used_up else 0


def forget_counts() -> None:
    """Delete the counts of earlier hours. No limit asks for them."""
    RateCount.objects.filter(window__lt=int(time.time()) // HOUR).delete()


@transaction.atomic
def seconds_to_wait(action: str, *, by: str, most: int) -> int:
    """Count one POST of `action` by a sender, and say how long the sender must wait.

    `by` names the sender, for example "owner 7" or "192.0.2.1". Returns 0 while there
    were at most `most` POSTs in this hour of the clock. Returns the seconds until the
    hour ends, from 1 to 3600, once there were more.
    """
    now = int(time.time())
    hour = now // HOUR
    key = _key(action, by, hour)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_POST, [key, hour])
        hits = int(cursor.fetchone()[0])
    if hits == 1:
        forget_counts()
    return 0 if hits <= most else HOUR - now % HOUR
