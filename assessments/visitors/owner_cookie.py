"""The cookies of a visitor: the owner key, and how far they are; and who needs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from assessments.actions.locks import OwnerGone
from assessments.keys import read_key

# Over https, the cookie has HOST_PREFIX too: see `key_cookie`.
COOKIE = "rolefit_key"
HOST_PREFIX = "__Host-"
COOKIE_AGE = timedelta(days=30)
# Tells the script of public pages whether to offer "Continue" or "Your result". It
# holds no key, so script may read it, and public pages need no cookie themselves.
PROGRESS_COOKIE = "rolefit_progress"
OPEN, DONE = "open", "done"
_Params = ParamSpec("_Params")


def key_cookie() -> str:
    """The name of the key's cookie.

    With the prefix, browsers take the cookie from this very host alone, and over https
    alone. No sibling host can replace it with a key of its own.
    """
    return f"{HOST_PREFIX}{COOKIE}" if settings.HTTPS else COOKIE


def key_of(request: HttpRequest) -> str | None:
    return read_key(request.COOKIES.get(key_cookie(), ""))


def set_owner_cookie(
    response: HttpResponse, key: str, *, shared_computer: bool, progress: str = OPEN
) -> HttpResponse:
    """Set the key's cookie: for 30 days, or until the browser closes.

    A shared computer does not tell anybody that there are answers.
    """
    response.set_cookie(
        key_cookie(),
        key,
        max_age=None if shared_computer else COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    if shared_computer:
        response.delete_cookie(PROGRESS_COOKIE, samesite="Lax")
    else:
        _set_progress(response, progress)
    return response


def delete_owner_cookie(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(key_cookie(), samesite="Lax")
    response.delete_cookie(PROGRESS_COOKIE, samesite="Lax")
    return response


def show_progress(
    request: HttpRequest, response: HttpResponse, progress: str | None
) -> HttpResponse:
    """Correct what public pages are told. Does nothing on a shared computer."""
    told = request.COOKIES.get(PROGRESS_COOKIE)
    if told is None or told == progress:
        return response
    if progress is None:
        response.delete_cookie(PROGRESS_COOKIE, samesite="Lax")
    else:
        _set_progress(response, progress)
    return response


def _set_progress(response: HttpResponse, progress: str) -> None:
    response.set_cookie(
        PROGRESS_COOKIE,
        progress,
        max_age=COOKIE_AGE,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def for_owner(
    view: Callable[Concatenate[HttpRequest, str, _Params], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, _Params], HttpResponseBase]:
    """Call the view with the owner key from the cookie. The response is not cached.

    Redirects to the start page without a key, or where the owner no longer exists.
    """

    @never_cache
    @wraps(view)
    def with_key(
        request: HttpRequest, /, *args: _Params.args, **kwargs: _Params.kwargs
    ) -> HttpResponseBase:
        key = key_of(request)
        if key is None:
            return redirect("quiz")
        try:
            return view(request, key, *args, **kwargs)
        except OwnerGone:
            return redirect("quiz")

    return with_key
