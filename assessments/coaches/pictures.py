"""Several clients at once: comparison, picture of a group, print, export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
    get_client_or_404,
    get_invitation_or_404,
)
from assessments.coaches.client_forms import Names, PairForm
from assessments.models import Coach, Invitation, Participation, Result
from assessments.queries import clients, invitations
from assessments.queries.clients import ClientRow
from assessments.results.comparison import compare_results
from assessments.results.exports import as_csv, as_json
from assessments.results.group_picture import group_picture
from assessments.results.report import report
from assessments.typed import isolated
from assessments.web import number_or_404

MAX_RESULTS_PER_PRINT = 100  # about 400 pages of paper


def _get_visible_or_404(coach: Coach, pk: int) -> tuple[Participation, Result]:
    """A client whose result the coach may see."""
    row = get_client_or_404(coach, pk)
    if row.result is None:
        raise Http404("no such result of this coach")
    return row.participation, row.result


@for_coach
@require_safe
def compare(request: HttpRequest, coach: Coach) -> HttpResponse:
    """Choose two results, then see them compared."""
    chosen = {
        side: _get_visible_or_404(coach, number_or_404(text))
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
    invitation = get_invitation_or_404(coach, pk)
    picture = group_picture(clients.visible_clients(invitation))
    context = {
        "invitation": invitation,
        "picture": picture,
        "shown": picture.n if picture else clients.visible_people_count(invitation),
    }
    return render(request, "assessments/coach/picture.html", context)


@for_coach
@require_safe
def print_group(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Print every visible result of a group. A large group comes in parts."""
    invitation = get_invitation_or_404(coach, pk)
    total = invitations.status_of(invitation).shared
    parts = max(-(-total // MAX_RESULTS_PER_PRINT), 1)
    text = request.GET.get("part", "1")
    part = min(max(number_or_404(text), 1), parts)
    rows = clients.visible_clients_part(
        invitation, first=(part - 1) * MAX_RESULTS_PER_PRINT, most=MAX_RESULTS_PER_PRINT
    )
    sheets = _sheets((row.participation, row.result) for row in rows if row.result)
    return _print(
        request,
        invitation,
        sheets,
        back=pk,
        total=total,
        part=part,
        parts=range(1, parts + 1),
    )


@for_coach
@require_safe
def print_client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """One client's result on paper."""
    grant, result = _get_visible_or_404(coach, pk)
    return _print(request, grant.invitation, _sheets([(grant, result)]), client=grant)


def _sheets(granted: Iterable[tuple[Participation, Result]]) -> list[dict[str, object]]:
    """The printed results. Clients with the same name get a number.

    `at` is appended to the HTML ids, because one page holds many reports.
    """
    pairs = list(granted)
    names = Counter(grant.name for grant, _ in pairs)
    numbers = Counter[str]()
    sheets: list[dict[str, object]] = []
    for grant, result in pairs:
        numbers[grant.name] += 1
        title = (
            f"{isolated(grant.name)} ({numbers[grant.name]})"
            if names[grant.name] > 1
            else grant.name
        )
        sheets.append(
            {
                "title": title,
                "grant": grant,
                "result": result,
                "report": report(result, grant.scope),
                "at": f"-{grant.pk}",
            }
        )
    return sheets


def _print(
    request: HttpRequest,
    invitation: Invitation,
    sheets: list[dict[str, object]],
    **context: object,
) -> HttpResponse:
    return render(
        request,
        "assessments/coach/print.html",
        {"invitation": invitation, "sheets": sheets} | context,
    )


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
