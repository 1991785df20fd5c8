"""Access to the coach's workspace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.mfa.utils import is_mfa_enabled
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from assessments.actions.locks import OwnerGone
from assessments.models import Client, Coach, Invitation, Participation, Result
from assessments.queries import clients, coaches, departures, invitations, people
from assessments.queries.clients import ClientRow
from content.kept_form import (
    comes_from_here,
    kept_form,
    typed_fields,
    wants_json,
)

_Params = ParamSpec("_Params")


def for_coach(
    view: Callable[Concatenate[HttpRequest, Coach, _Params], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, _Params], HttpResponseBase]:
    """Call the view with the coach whose account is signed in.

    Anybody else gets a 404, and so does the coach where a client has just withdrawn,
    within the workspace. A coach without a second factor is redirected to set one up.
    Pages show hours in the coach's time zone, and are neither cached nor indexed.

    Put this decorator outside of those that check the method, and leave CSRF to it:
    otherwise a stranger could tell an address that exists by its 405 or 403.
    """
    protected = csrf_protect(view)

    @never_cache
    @csrf_exempt
    @wraps(view)
    def with_coach(
        request: HttpRequest, /, *args: _Params.args, **kwargs: _Params.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _nothing_here(request)
        coach = coaches.coach_of(request.user)
        if coach is None:
            if answer := _typed_for_nobody(request):
                return answer
            raise Http404("not a coach")
        if not is_mfa_enabled(request.user):
            return kept_form(request, status=404) or redirect("mfa_index")
        with timezone.override(coach.zone):
            try:
                response = protected(request, coach, *args, **kwargs)
            except (Http404, OwnerGone):
                response = _typed_for_nobody(request) or _not_there(request, coach)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return with_coach


def _typed_for_nobody(request: HttpRequest) -> HttpResponse | None:
    """What the coach wrote about a client who has withdrawn meanwhile, to be copied.

    The same for a client who never was there or is another coach's.
    """
    if request.method != "POST" or not comes_from_here(request):
        return None
    if wants_json(request):
        return JsonResponse({"problem": "deleted"}, status=404)
    typed = typed_fields(request)
    if not typed:
        return None
    return render(request, "assessments/coach/gone.html", {"typed": typed}, status=404)


def _not_there(request: HttpRequest, coach: Coach) -> HttpResponse:
    """The same page for every address: what has gone, and what never was there."""
    context = {"departures": departures.departures_lately(coach)}
    return render(request, "assessments/coach/not_there.html", context, status=404)


def get_invitation_or_404(coach: Coach, pk: int) -> Invitation:
    """One of the coach's own invitations."""
    invitation = invitations.own_invitation(coach, pk)
    if invitation is None:
        raise Http404("no such invitation of this coach")
    return invitation


def get_client_or_404(coach: Coach, pk: int) -> ClientRow:
    """One of the coach's own clients."""
    row = clients.own_participation(coach, pk)
    if row is None:
        raise Http404("no such client of this coach")
    return row


def get_visible_or_404(coach: Coach, pk: int) -> tuple[Participation, Result]:
    """A client whose result the coach may see."""
    row = get_client_or_404(coach, pk)
    if row.result is None:
        raise Http404("no such result of this coach")
    return row.participation, row.result


def get_person_or_404(coach: Coach, pk: int) -> Client:
    """One person in the coach's workspace."""
    client = people.own_person(coach, pk)
    if client is None:
        raise Http404("no such person of this coach")
    return client


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """The same page for every address.

    It lets a coach whose session has ended sign in and return to the page they read,
    or save what they have written.
    """
    if answer := kept_form(request, status=404):
        return answer
    back = (
        request.get_full_path()
        if request.method in ("GET", "HEAD")
        else reverse("coach_people")
    )
    return render(
        request, "assessments/coach/nothing_here.html", {"back": back}, status=404
    )
