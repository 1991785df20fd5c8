"""Addresses of links, QR codes, numbers, and limits on how often a client may post."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlencode

import segno
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.actions.limits import seconds_to_wait, seconds_until_free
from assessments.engine.numbers import whole_number
from assessments.keys import read_key, spaced
from assessments.models import Coach, ShareLink
from content.addresses import absolute_url

NETWORK_BITS = 64
QR_MASK = 3
CARDS = 100  # of the last visitors, in the memory of a process
RETRY_SECONDS = 10


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The IP address in a text of a proxy or a server, or None.

    Reads the address alone, with a port (192.0.2.1:80, [2001:db8::1]:80), in brackets,
    and with a zone (fe80::1%eth0). An IPv4 address inside IPv6 is read as IPv4.
    """
    plain = text.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address that the request came from, behind settings.PROXIES proxies.

    None where the server or the proxy gives none, as on a Unix socket.
    """
    chain = [
        *request.META.get("HTTP_X_FORWARDED_FOR", "").split(","),
        request.META.get("REMOTE_ADDR", ""),
    ]
    from_the_end = 1 + settings.PROXIES
    return read_address(str(chain[max(len(chain) - from_the_end, 0)]))


def client_network(request: HttpRequest) -> str:
    """The sender's address for limits.

    For IPv6 this is the network of NETWORK_BITS: one subscriber has all its addresses.
    """
    address = client_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, NETWORK_BITS), strict=False))
    return str(address or "unknown")


def owner_too_often(
    request: HttpRequest, action: str, *, owner: int, most: int
) -> HttpResponse | None:
    """Count one POST of an owner. A page that asks to wait, or None within the limit.

    `owner`: the primary key. The limit is `most` an hour.
    """
    wait = seconds_to_wait(action, by=f"owner {owner}", most=most)
    return wait_page(request, wait) if wait else None


def coach_too_often(
    request: HttpRequest, action: str, *, coach: Coach, most: int
) -> HttpResponse | None:
    """As owner_too_often, for a coach's account."""
    wait = seconds_to_wait(action, by=f"coach {coach.pk}", most=most)
    return wait_page(request, wait) if wait else None


def address_too_often(
    request: HttpRequest, action: str, *, most: int | None = None
) -> HttpResponse | None:
    """As owner_too_often, for somebody without a key: counts the sender's address.

    The limit is settings.ADDRESS_LIMIT an hour where `most` is None. Call it after the
    form is valid: a whole lecture hall may share one address.
    """
    wait = seconds_to_wait(
        action,
        by=client_network(request),
        most=settings.ADDRESS_LIMIT if most is None else most,
    )
    return wait_page(request, wait, network=True) if wait else None


def refused_already(
    request: HttpRequest, action: str, *, most: int
) -> HttpResponse | None:
    """As address_too_often, where the limit is reached already. Counts nothing."""
    wait = seconds_until_free(action, by=client_network(request), most=most)
    return wait_page(request, wait, network=True) if wait else None


def wait_page(
    request: HttpRequest, seconds: int, *, network: bool = False
) -> HttpResponse:
    """The page that says how long to wait, with the same time in Retry-After."""
    context = {"minutes": minutes(seconds), "network": network}
    response = render(request, "assessments/too_often.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up, so that who waits them has waited long enough."""
    return -(-seconds // 60)


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


def qr_code(address: str, *, of: str = "the link") -> SafeString:
    """The address as inline SVG. `of`: what it opens, for those who don't see it.

    segno escapes the text that it writes. It draws with attributes and without styles,
    as our Content-Security-Policy demands. Readers take any of the eight masks; trying
    all of them to find the evenest takes three times as long as the rest.
    """
    code = segno.make(address, error="m", mask=QR_MASK)
    return mark_safe(  # noqa: S308
        code.svg_inline(
            omitsize=True, title=f"QR code of {of}", svgclass="qr", lineclass=None
        )
    )


def unaddressed_mail(*, subject: str, body: str) -> str:
    """Opens the visitor's own mail program; no address reaches the server."""
    return f"mailto:?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"


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
        text = (
            f"Your Rolefit key: {self.spaced}\r\n\r\n"
            f"This link opens your answers:\r\n{self.link}\r\n"
        )
        return unaddressed_mail(subject="My Rolefit key", body=text)

    @property
    def qr(self) -> SafeString:
        return qr_code(self.link, of="your key")


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
