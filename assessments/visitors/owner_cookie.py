"""The cookie with a visitor's owner key, and the views that need it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from assessments.actions.locks import OwnerGone
from assessments.keys import read_key

COOKIE = "rolefit_key"
COOKIE_AGE = timedelta(days=30)
_Params = ParamSpec("_Params")


def key_of(request: HttpRequest) -> str | None:
    return read_key(request.COOKIES.get(COOKIE, ""))


def set_owner_cookie(
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


def delete_owner_cookie(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def for_owner(
    view: Callable[Concatenate[HttpRequest, str, _Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _Params], HttpResponse]:
    """Call the view with the owner key from the cookie. The response is not cached.

    Redirects to the start page without a key, or where the owner no longer exists.
    """

    @never_cache
    @wraps(view)
    def with_key(
        request: HttpRequest, /, *args: _Params.args, **kwargs: _Params.kwargs
    ) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return redirect("quiz")
        try:
            return view(request, key, *args, **kwargs)
        except OwnerGone:
            return redirect("quiz")

    return with_key
