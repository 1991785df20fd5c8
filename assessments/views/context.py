"""What every template may say about how long answers are kept and where the site stands."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def promises(request: HttpRequest) -> dict[str, object]:
    finished = settings.FINISHED_KEPT.days
    return {
        "unfinished_days": settings.UNFINISHED_KEPT.days,
        "finished_words": "12 months" if finished == 365 else f"{finished} days",
        "base_url": settings.BASE_URL,
    }
