"""Limits on how often one address may post.

Exact under many processes: one statement counts and returns the count.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from assessments.models import RateCount

COUNT_POST = """
INSERT INTO assessments_ratecount (key, "window", hits) VALUES (%s, %s, 1)
ON CONFLICT (key, "window") DO UPDATE SET hits = assessments_ratecount.hits + 1
RETURNING hits
"""


def _key(action: str, address: str, hour: int) -> str:
    # The salt changes every day, so that nobody can link the rows of two days.
    return salted_hmac(
        f"limit:{hour // 24}",
        f"{action} {address}",
        secret=settings.SECRET_KEY,
        algorithm="sha256",
    ).hexdigest()


def is_used_up(action: str, *, address: str, most: int) -> bool:
    """Whether `address` has had `most` in this hour already. Counts nothing."""
    hour = int(time.time() // 3600)
    return RateCount.objects.filter(
        key=_key(action, address, hour), window=hour, hits__gte=most
    ).exists()


@transaction.atomic
def within_limit(action: str, *, address: str, most: int) -> bool:
    """Count one POST of `action` from `address`.

    False once there were more than `most` of them in this hour.
    """
    hour = int(time.time() // 3600)
    key = _key(action, address, hour)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_POST, [key, hour])
        hits = int(cursor.fetchone()[0])
    if hits == 1:
        RateCount.objects.filter(window__lt=hour - 23).delete()
    return hits <= most
