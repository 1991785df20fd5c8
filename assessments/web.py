"""Addresses of the site, QR codes, and limits on how often an address may post."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address, ip_network

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.actions.limits import within_limit
from assessments.models import ShareLink

NETWORK_BITS = 64


def client_ip(request: HttpRequest) -> str:
    """The address a request came from, counting the proxies that stand in front. Of IPv6 the network, for one subscriber has all of it."""
    chain = [
        *request.META.get("HTTP_X_FORWARDED_FOR", "").split(","),
        request.META.get("REMOTE_ADDR", ""),
    ]
    place = -1 - settings.PROXIES
    address = str(chain[place] if len(chain) >= -place else chain[0]).strip()
    with suppress(ValueError):
        parsed = ip_address(address)
        return (
            str(ip_network((parsed, NETWORK_BITS), strict=False))
            if parsed.version == 6
            else address
        )
    return address


def too_often(request: HttpRequest, action: str, *, most: int) -> HttpResponse | None:
    """A page that asks to wait, once this sender has posted `action` more than `most` times in an hour."""
    if within_limit(action, address=client_ip(request), most=most):
        return None
    response = render(request, "assessments/too_often.html", status=429)
    response["Retry-After"] = "3600"
    return response


def address_of(link: ShareLink) -> str:
    return settings.BASE_URL + reverse("shared", args=[link.token])


def qr_code(address: str) -> SafeString:
    """The address as an SVG of ours: segno escapes what it writes, and draws with attributes alone."""
    code = segno.make(address, error="m")
    return mark_safe(  # noqa: S308
        code.svg_inline(
            omitsize=True, title="QR code of the link", svgclass="qr", lineclass=None
        )
    )
