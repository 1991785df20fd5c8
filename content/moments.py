"""Moments as pages and histories for staff write them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment_words(moment: datetime) -> str:
    """Day and time in the current zone: November 27, 2026, 14:30."""
    return date_format(timezone.localtime(moment), "F j, Y, H:i")
