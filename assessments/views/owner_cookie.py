"""The cookie that holds a visitor's owner key, and what its absence means."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from assessments.actions.limits import within_limit
from assessments.actions.taking import Gone
from assessments.keys import read_key

COOKIE = "rolefit_key"
COOKIE_AGE = timedelta(days=30)
NETWORK_BITS = 64
P = ParamSpec("P")


def key_of(request: HttpRequest) -> str | None:
    return read_key(request.COOKIES.get(COOKIE, ""))


def hand_over(
    response: HttpResponse, key: str, *, shared_computer: bool
) -> HttpResponse:
    """Set the key's cookie: for 30 days, or until the browser closes."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=None if shared_computer else COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return response


def take_back(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def for_owner(
    view: Callable[Concatenate[HttpRequest, str, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the view with the owner key of the cookie; without one, or where all was deleted
    meanwhile, the visitor is led to the start. Nothing is ever cached."""

    @never_cache
    @wraps(view)
    def with_key(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return redirect("quiz")
        try:
            return view(request, key, *args, **kwargs)
        except Gone:
            return redirect("quiz")

    return with_key


def sender(request: HttpRequest) -> str:
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
    if within_limit(action, address=sender(request), most=most):
        return None
    response = render(request, "assessments/too_often.html", status=429)
    response["Retry-After"] = "3600"
    return response
