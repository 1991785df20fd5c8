"""Several clients at once: comparison, picture of a group, export."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions.exports import record_export
from assessments.coaches.access import (
    for_coach,
    get_invitation_or_404,
    get_visible_or_404,
)
from assessments.coaches.client_forms import PairForm
from assessments.models import Coach, Invitation
from assessments.queries import clients
from assessments.queries.clients import ClientRow
from assessments.results.comparison import compare_results
from assessments.results.exports import as_csv, as_json
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


@for_coach
@require_POST
def export(request: HttpRequest, coach: Coach, pk: int, kind: str) -> HttpResponseBase:
    """The group as a file. It is a POST, because an audit entry records the export."""
    invitation = get_invitation_or_404(coach, pk)
    if kind not in ("csv", "json") or not isinstance(request.user, User):
        raise Http404("no such kind of file")
    now = timezone.now()
    rows: list[ClientRow] = list(clients.visible_clients(invitation))
    # A label may name a client, so the audit trail gets the group's number.
    record_export(
        f"group {invitation.pk} as {kind.upper()}, {len(rows)} results", by=request.user
    )
    response: HttpResponseBase
    if kind == "csv":
        # The byte order mark tells spreadsheets that this is UTF-8.
        response = HttpResponse(
            "\ufeff" + as_csv(rows), content_type="text/csv; charset=utf-8"
        )
    else:
        response = StreamingHttpResponse(
            as_json(invitation, rows, now=now), content_type="application/json"
        )
    response["Content-Disposition"] = (
        f'attachment; filename="rolefit-group-{pk}.{kind}"'
    )
    return response
