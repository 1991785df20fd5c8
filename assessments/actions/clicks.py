"""How often visitors follow the call to action.

One number per day and place; nothing is stored of the visitor.
"""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

COUNT_CLICK = """
INSERT INTO assessments_clickday (day, place, n) VALUES (%s, %s, 1)
ON CONFLICT (day, place) DO UPDATE SET n = assessments_clickday.n + 1
"""


@transaction.atomic
def count_click(place: str, *, day: date) -> None:
    """Count one click on `place`, one for which queries.dashboard.has_call is true.

    Exact under many processes, because one statement counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT_CLICK, [day.isoformat(), place])
