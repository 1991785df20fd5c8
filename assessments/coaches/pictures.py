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
from assessments.models import Coach, Invitation, Participation, Result
from assessments.queries import clients
from assessments.queries.people import Names
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
    names = Names(coach, listed)
    form = PairForm(
        request.GET if both else None,
        grants=listed,
        names=names,
        initial={side: grant.pk for side, (grant, _) in chosen.items()},
    )
    context: dict[str, Any] = {
        "form": form,
        "listed": len(listed),
        "max_listed": clients.MAX_LISTED,
    }
    if both and form.is_valid():
        context |= _compared(chosen["one"], chosen["two"], listed, names)
    return render(
        request,
        "assessments/coach/compare.html",
        context,
        status=422 if form.errors else 200,
    )


def _compared(
    one: tuple[Participation, Result],
    two: tuple[Participation, Result],
    listed: list[Participation],
    names: Names,
) -> dict[str, Any]:
    """Two results of one person are the earlier one and the later one, in that order.

    The later one is “now” where the person has none after it.
    """
    person = one[0].client_id
    if person is None or person != two[0].client_id:
        called = names.of(one[0]), names.of(two[0])
        return {
            "pair": {"one": one, "two": two},
            "comparison": compare_results(one, two, called),
        }
    one, two = sorted((one, two), key=lambda granted: granted[1].finished_at)
    newest = max(
        grant.attempt.result.finished_at
        for grant in listed
        if grant.client_id == person
    )
    later = "Now" if newest == two[1].finished_at else "Later"
    return {
        "pair": {"one": one, "two": two},
        "comparison": compare_results(one, two, ("Earlier", later)),
        "person": names.of(two[0]),
        "later": later.lower(),
    }


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
