"""Facts about the site that every template may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from .passkey import PASSKEY_COOKIE


def site_facts(request: HttpRequest) -> dict[str, object]:
    """How long answers are kept, the site's address, its mail and its cookies."""
    finished = settings.FINISHED_KEPT.days
    return {
        "unfinished_days": settings.UNFINISHED_KEPT.days,
        "finished_words": "12 months" if finished == 365 else f"{finished} days",
        "base_url": settings.BASE_URL,
        "mail_goes_out": settings.MAIL_GOES_OUT,
        "passkey_cookie": PASSKEY_COOKIE,
    }
