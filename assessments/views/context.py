"""What every template may say about how long answers are kept, where the site stands and whether it sends mail."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from assessments.actions.accounts import mail_goes_out


def promises(request: HttpRequest) -> dict[str, object]:
    finished = settings.FINISHED_KEPT.days
    return {
        "unfinished_days": settings.UNFINISHED_KEPT.days,
        "finished_words": "12 months" if finished == 365 else f"{finished} days",
        "base_url": settings.BASE_URL,
        "mail_goes_out": mail_goes_out(),
    }
