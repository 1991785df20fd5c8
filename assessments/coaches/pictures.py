"""Several clients at once: comparison and picture of a group."""

from __future__ import annotations

from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.coaches.access import (
    for_coach,
    get_invitation_or_404,
    get_visible_or_404,
)
from assessments.coaches.client_forms import PairForm
from assessments.models import Coach, Invitation
from assessments.queries import clients
from assessments.results.comparison import compare_results
from assessments.results.group_picture import group_picture
from assessments.web import number_or_404


@for_coach
@require_safe
def compare(request: HttpRequest, coach: Coach) -> HttpResponse:
    """Choose two results, then see them compared."""
    chosen = {
        side: get_visible_or_404(coach, number_or_404(text))
        for side in ("one", "two")
        if (text := request.GET.get(side, ""))
    }
    listed = clients.comparable(coach)
    pks = {grant.pk for grant in listed}
    listed += [grant for grant, _ in chosen.values() if grant.pk not in pks]
    both = len(chosen) == 2
    form = PairForm(
        request.GET if both else None,
        grants=listed,
        initial={side: grant.pk for side, (grant, _) in chosen.items()},
    )
    context: dict[str, Any] = {
        "form": form,
        "listed": len(listed),
        "max_listed": clients.MAX_LISTED,
    }
    if both and form.is_valid():
        context |= {
            "comparison": compare_results(chosen["one"], chosen["two"]),
            "pair": chosen,
        }
    return render(
        request,
        "assessments/coach/compare.html",
        context,
        status=422 if form.errors else 200,
    )


@for_coach
@require_safe
def show_picture(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    picture = _picture(get_invitation_or_404(coach, pk))
    return render(request, "assessments/coach/picture.html", picture)


@for_coach
@require_safe
def picture_status(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """The picture alone, for the page's script."""
    picture = _picture(get_invitation_or_404(coach, pk))
    return render(request, "assessments/coach/_picture.html", picture)


def _picture(invitation: Invitation) -> dict[str, object]:
    picture = group_picture(clients.visible_clients(invitation))
    return {
        "invitation": invitation,
        "picture": picture,
        "shown": picture.n if picture else clients.visible_people_count(invitation),
    }
