"""What a request says of the device and language it came from: coarse, and kept without its user agent (docs/instrument.md section 7)."""

from __future__ import annotations

import re

from django.http import HttpRequest

from assessments.actions.attempts import Sender
from assessments.models import Arrival, Device

# Android says "Mobile" on a phone and leaves it out on a tablet. An iPad that asks for pages as a Mac does is taken for a computer.
TABLET = re.compile(r"iPad|Tablet|Kindle|Silk|Android(?!.*Mobile)", re.IGNORECASE)
PHONE = re.compile(r"Mobi|iPhone|iPod", re.IGNORECASE)
FIRST_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z0-9])")


def sender_of(request: HttpRequest, *, arrival: str = Arrival.SITE) -> Sender:
    """`arrival`: how the visitor came here, one of models.Arrival. Whoever is signed in as staff is trying it out, however she came."""
    language = FIRST_LANGUAGE.match(request.headers.get("Accept-Language", ""))
    return Sender(
        device=_device(request),
        language=language[1].lower() if language else "",
        arrival=Arrival.STAFF if request.user.is_staff else arrival,
    )


def _device(request: HttpRequest) -> str:
    agent = request.headers.get("User-Agent", "")
    if request.headers.get("Sec-CH-UA-Mobile") == "?1":
        return Device.PHONE
    if TABLET.search(agent):
        return Device.TABLET
    if PHONE.search(agent):
        return Device.PHONE
    return Device.COMPUTER if agent else ""
