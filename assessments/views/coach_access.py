"""Who may enter the coach's workspace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from assessments import coaching_queries
from assessments.actions.taking import Gone
from assessments.models import Coach

P = ParamSpec("P")


def for_coach(
    view: Callable[Concatenate[HttpRequest, Coach, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Calls the view with the coach whose account is signed in: others are asked to sign in, to set up a second factor, or told
    that there is nothing here, as she is herself where a client has just withdrawn. Nothing is cached or found by search
    engines."""

    @never_cache
    @wraps(view)
    def with_coach(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        coach = coaching_queries.coach_of(request.user)
        if coach is None:
            raise Http404("not a coach")
        if not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        try:
            response = view(request, coach, *args, **kwargs)
        except Gone:
            raise Http404("withdrawn meanwhile") from None
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return with_coach
