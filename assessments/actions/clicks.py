"""How often the call to action is followed: a number a day and place, and nothing of who followed it."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

UPSERT = """INSERT INTO assessments_clickday (day, place, n) VALUES (%s, %s, 1)
ON CONFLICT (day, place) DO UPDATE SET n = assessments_clickday.n + 1"""


@transaction.atomic
def count_click(place: str, *, day: date) -> None:
    """Count one click from `place`, which must be one of queries.is_place. Exact under many processes: one upsert."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [day.isoformat(), place])
