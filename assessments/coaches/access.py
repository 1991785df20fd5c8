"""Who may enter the coach's workspace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from assessments.actions.locks import OwnerGone
from assessments.models import Coach
from assessments.queries import coaches

P = ParamSpec("P")


def for_coach(
    view: Callable[Concatenate[HttpRequest, Coach, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Calls the view with the coach whose account is signed in. Others are told that there is nothing here, as she is herself
    where a client has just withdrawn; without a second factor she is led to set one up. Outside of whatever asks for a method,
    and before the check of the form's token, so that strangers learn nothing by these either. Nothing is cached or found by
    search engines."""
    protected = csrf_protect(view)

    @never_cache
    @csrf_exempt
    @wraps(view)
    def with_coach(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _nothing_here(request)
        coach = coaches.coach_of(request.user)
        if coach is None:
            raise Http404("not a coach")
        if not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        try:
            response = protected(request, coach, *args, **kwargs)
        except OwnerGone:
            raise Http404("withdrawn meanwhile") from None
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return with_coach


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """One page whatever is asked for. A coach whose session is over finds the way in there, and back to what she was reading."""
    back = (
        request.get_full_path()
        if request.method in ("GET", "HEAD")
        else reverse("coach_groups")
    )
    return render(
        request, "assessments/coach/nothing_here.html", {"back": back}, status=404
    )
