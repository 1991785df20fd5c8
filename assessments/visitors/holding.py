"""A result held for a talk: the page in its place, and how its owner opens it early."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions import grants as grant_actions
from assessments.keys import spaced
from assessments.models import Result
from assessments.queries import departures, owners
from assessments.queries import grants as grant_queries
from assessments.queries.grants import Grant
from assessments.visitors.owner_cookie import for_owner


def held_page(
    request: HttpRequest, key: str, result: Result, grants: list[Grant]
) -> HttpResponse | None:
    """The page that replaces every page about a held result, or None."""
    hold = grant_queries.hold_on_result(result, grants)
    if hold is None:
        return None
    context = {"hold": hold, "result": result, "key": spaced(key)} | seen_by(
        result, grants
    )
    return render(request, "assessments/held.html", context)


def seen_by(result: Result, grants: list[Grant]) -> dict[str, object]:
    """The grants that a page about this result lists.

    `removals`: who removed the owner from a group, until the owner has read it.
    `grants`: the coach can see this result. `other_grants`: the coach sees another
    result, or will. `newer_for`: the owner may let the coach see this one, too.
    """
    return {
        "removals": departures.removals_beside(result),
        "grants": [grant for grant in grants if grant.result == result],
        "other_grants": [
            grant
            for grant in grants
            if grant.result != result and (grant.shown or grant.result is None)
        ],
        "newer_for": grant_queries.not_yet_seen_by(result, grants),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def open_early(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """GET warns, POST opens the result. The coach who held it sees that."""
    result = owners.own_result(key, number)
    if result is None:
        raise Http404("no such result of this owner")
    if request.method == "POST":
        grant_actions.open_early(result)
        return redirect("result_number", number)
    hold = grant_queries.hold_on_result(result)
    if hold is None:
        return redirect("result_number", number)
    return render(
        request, "assessments/open_early.html", {"hold": hold, "result": result}
    )
