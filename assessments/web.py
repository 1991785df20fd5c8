"""Addresses of links, QR codes, numbers, and limits on how often a client may post."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import quote, urlencode

import segno
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.actions.limits import is_used_up, within_limit
from assessments.engine.numbers import whole_number
from assessments.keys import read_key, spaced
from assessments.models import ShareLink
from content.addresses import absolute_url

NETWORK_BITS = 64
QR_MASK = 3
CARDS = 100  # of the last visitors, in the memory of a process
RETRY_SECONDS = 10


def client_ip(request: HttpRequest) -> str:
    """The address that the request came from, behind settings.PROXIES proxies.

    For IPv6 this is the network of NETWORK_BITS: one subscriber has all its addresses.
    """
    chain = [
        *request.META.get("HTTP_X_FORWARDED_FOR", "").split(","),
        request.META.get("REMOTE_ADDR", ""),
    ]
    from_the_end = 1 + settings.PROXIES
    address = str(chain[max(len(chain) - from_the_end, 0)]).strip()
    with suppress(ValueError):
        parsed = ip_address(address)
        return (
            str(ip_network((parsed, NETWORK_BITS), strict=False))
            if parsed.version == 6
            else address
        )
    return address


def too_often(request: HttpRequest, action: str, *, most: int) -> HttpResponse | None:
    """A page that asks the visitor to wait, or None while the limit is not reached.

    Each call counts one POST of `action` from the client's address. The limit is `most`
    an hour.
    """
    if within_limit(action, address=client_ip(request), most=most):
        return None
    return _try_later(request)


def refused_already(
    request: HttpRequest, action: str, *, most: int
) -> HttpResponse | None:
    """The page of too_often where the limit is reached, or None. Counts nothing."""
    if is_used_up(action, address=client_ip(request), most=most):
        return _try_later(request)
    return None


def _try_later(request: HttpRequest) -> HttpResponse:
    response = render(request, "assessments/too_often.html", status=429)
    response["Retry-After"] = "3600"
    return response


class WholeNumberField(forms.IntegerField):
    """A whole number in ASCII digits. Django's own field also reads 1_0 and ١٢."""

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return whole_number(str(value).strip())
        except ValueError:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid"
            ) from None


def number_or_404(text: str) -> int:
    """The number in an address or a hidden field."""
    try:
        return whole_number(text)
    except ValueError:
        raise Http404("not a number") from None


def share_link_url(link: ShareLink) -> str:
    return absolute_url(reverse("shared", args=[link.token]))


def qr_code(address: str) -> SafeString:
    """The address as inline SVG.

    segno escapes the text that it writes. It draws with attributes and without styles,
    as our Content-Security-Policy demands. Readers take any of the eight masks; trying
    all of them to find the evenest takes three times as long as the rest.
    """
    code = segno.make(address, error="m", mask=QR_MASK)
    return mark_safe(  # noqa: S308
        code.svg_inline(
            omitsize=True, title="QR code of the link", svgclass="qr", lineclass=None
        )
    )


@dataclass(frozen=True, slots=True)
class KeyCard:
    """An owner key as pages hand it over."""

    spaced: str

    @property
    def link(self) -> str:
        """Opens the answers. No server and no log sees what stands behind the #."""
        return f"{absolute_url(reverse('resume'))}#{self.spaced}"

    @property
    def mailto(self) -> str:
        """Opens the visitor's own mail program; no address reaches the server."""
        text = (
            f"Your Rolefit key: {self.spaced}\r\n\r\n"
            f"This link opens your answers:\r\n{self.link}\r\n"
        )
        mail = {"subject": "My Rolefit key", "body": text}
        return f"mailto:?{urlencode(mail, quote_via=quote)}"

    @property
    def qr(self) -> SafeString:
        return qr_code(self.link)


def key_card(key: str) -> KeyCard:
    """The card of a key in any spelling."""
    return KeyCard(spaced(read_key(key) or key))


# Drawing the QR code takes longer than the rest of a page, and every page has the key.
@lru_cache(maxsize=CARDS)
def key_card_html(key: str) -> SafeString:
    """The key to copy, to mail and as a QR code."""
    return render_to_string("assessments/_key.html", {"key": key})


@lru_cache(maxsize=CARDS)
def small_key(key: str) -> SafeString:
    """The same under the buttons of a section."""
    card = key_card_html(key)
    return render_to_string("assessments/_small_key.html", {"key_card": card})


def unavailable(response: HttpResponse) -> HttpResponse:
    """Mark an answer to what the database did not take: it may work in a moment."""
    response.status_code = 503
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
