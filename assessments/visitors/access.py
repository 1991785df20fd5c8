"""The page about grants: what each coach sees, how to withdraw or widen a grant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import departures as departure_actions
from assessments.actions import grants as grant_actions
from assessments.actions.share_links import NotShareable
from assessments.engine.outcomes import Outcome
from assessments.models import Participation
from assessments.queries import departures, owners, share_links
from assessments.queries import grants as grant_queries
from assessments.queries import result_requests as request_queries
from assessments.queries.grants import Grant
from assessments.results.departure_words import added_words
from assessments.typed import isolated
from assessments.visitors.join_forms import NewerForm
from assessments.visitors.owner_cookie import for_owner
from assessments.zones import day_words


class HoldStage(StrEnum):
    """The stage of a hold to which the client agreed with a grant."""

    OPENED_EARLY = "opened_early"
    HELD = "held"
    OVER = "over"
    AHEAD = "ahead"  # the answers are not finished


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One grant on the page. `form` asks for consent to a newer result."""

    grant: Grant
    participation: Participation
    form: NewerForm | None

    @property
    def shows_nothing(self) -> bool:
        """No coach sees a careless result."""
        result = self.grant.result
        return result is not None and result.outcome == Outcome.CARELESS

    @property
    def hold_stage(self) -> HoldStage | None:
        """None also where the hold was over before there was a result."""
        until, result = self.participation.held_until, self.grant.result
        if until is None or self.shows_nothing:
            return None
        if self.participation.opened_early_at:
            return HoldStage.OPENED_EARLY
        if self.participation.is_held:
            return HoldStage.HELD if result else HoldStage.AHEAD
        return HoldStage.OVER if result and until > result.finished_at else None


@require_safe
@for_owner
def access(request: HttpRequest, key: str) -> HttpResponse:
    return _access_page(request, key)


def _access_page(
    request: HttpRequest,
    key: str,
    *,
    refused: NewerForm | None = None,
    grant_is_missing: bool = False,
) -> HttpResponse:
    """`grant_is_missing`: the owner never had this grant, or has withdrawn it."""
    owner = owners.owner_by_key(key)
    if owner is None:
        raise Http404("nothing is kept")
    grants = grant_queries.grants_of(owner)
    newest = owners.own_result(key)
    forms: dict[int, NewerForm] = {}
    if newest:
        for grant in grant_queries.not_yet_seen_by(newest, grants):
            forms[grant.participation.pk] = NewerForm(
                grant.participation, result=newest.number
            )
    if refused:
        forms[refused.participation.pk] = refused
    context = {
        "rows": [
            AccessRow(grant, grant.participation, forms.get(grant.participation.pk))
            for grant in grants
        ],
        "requests": request_queries.requests_to(owner),
        "newest": newest,
        "refused": refused,
        "grant_is_missing": grant_is_missing,
        "removals": departures.removals_beside(newest or owner),
        "links": sum(link.works for link in share_links.own_share_links(owner)),
    }
    return render(
        request,
        "assessments/access.html",
        context,
        status=404 if grant_is_missing else 422 if refused else 200,
    )


@require_POST
@for_owner
def read_removals(request: HttpRequest, key: str) -> HttpResponse:
    owner = owners.owner_by_key(key)
    if owner is not None:
        departure_actions.read_removals(owner)
    return redirect("sees")


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """GET says what goes, POST ends the grant."""
    participation = grant_queries.own_grant(key, pk)
    if participation is None:  # another owner's, or the second press of a double click
        return _access_page(request, key, grant_is_missing=True)
    if request.method != "POST":
        goes = departures.goes_with(Participation.objects.filter(pk=pk))
        context = {"participation": participation, "goes": goes}
        return render(request, "assessments/withdraw.html", context)
    coach = isolated(participation.invitation.coach.name)
    messages.success(request, _receipt(coach, grant_actions.withdraw(participation)))
    return redirect("sees")


def _receipt(coach: str, withdrawn: departures.Withdrawn) -> str:
    """What was deleted, in a sentence."""
    words = added_words(withdrawn)
    deleted = f" We deleted {coach}’s {words}." if words else ""
    return f"You stopped sharing it. {coach} no longer sees it.{deleted}"


@require_POST
@for_owner
def show_newer(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Consent that the coach of this grant may also see one newer result."""
    participation = grant_queries.own_grant(key, pk)
    if participation is None:
        return _access_page(request, key, grant_is_missing=True)
    form = NewerForm(participation, data=request.POST)
    if not form.is_valid():
        return _access_page(request, key, refused=form)
    result = owners.own_result(key, form.cleaned_data["result"])
    if result is None:
        raise Http404("no such result of this owner")
    coach = isolated(participation.invitation.coach.name)
    try:
        grant_actions.agree_to_newer(participation, result=result)
    except NotShareable:
        raise Http404("a careless result is shown to no coach") from None
    except grant_actions.NotGranted:
        return _access_page(request, key, grant_is_missing=True)
    except grant_actions.Closed:
        messages.info(
            request,
            f"{coach} no longer has a workspace here, so you can’t share anything new.",
        )
        return redirect("sees")
    messages.success(
        request,
        f"{coach} can now see your result {result.number}, "
        f"{day_words(result.finished_at)}, too.",
    )
    return redirect("sees")
