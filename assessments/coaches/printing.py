"""Results on paper: one page a client, or whole results, with a list in front."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.coaches.access import (
    for_coach,
    get_invitation_or_404,
    get_visible_or_404,
)
from assessments.models import Coach, Invitation, Participation, Result
from assessments.queries import clients, invitations
from assessments.queries.people import namesakes
from assessments.results.report import Report, report
from assessments.web import number_or_404

MAX_RESULTS_PER_PRINT = 100  # 100 to 500 pages of paper
NAMES_PER_PAGE = 36  # of the list in front


@dataclass(frozen=True, slots=True)
class PrintedResult:
    """One client's result on paper, written for the client, who takes it home.

    `number`: from `namesakes`, for the coach alone; the client's pages don't have it.
    `pages` is how many pages it has, and `at` is appended to its HTML ids, because one
    document holds many reports.
    """

    number: int
    grant: Participation
    result: Result
    report: Report
    whole: bool

    @property
    def at(self) -> str:
        return f"-{self.grant.pk}"

    @property
    def pages(self) -> int:
        if not self.whole:
            return 1
        return 5 if self.report.shows_answers else 2


@for_coach
@require_safe
def print_group(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """The visible results of a group, or of those chosen, behind a list of them.

    A large group comes in parts, and the choice is one of the people in a part.
    """
    invitation = get_invitation_or_404(coach, pk)
    total = invitations.status_of(invitation).shared
    parts = max(-(-total // MAX_RESULTS_PER_PRINT), 1)
    part = min(max(number_or_404(request.GET.get("part", "1")), 1), parts)
    rows = clients.visible_clients_part(
        invitation, first=(part - 1) * MAX_RESULTS_PER_PRINT, most=MAX_RESULTS_PER_PRINT
    )
    people = _sheets(
        [(row.participation, row.result) for row in rows if row.result], request, coach
    )
    chosen = set(request.GET.getlist("client"))
    sheets = [sheet for sheet in people if not chosen or str(sheet.grant.pk) in chosen]
    return _print(
        request,
        invitation,
        sheets,
        people=people,
        chosen=len(sheets) < len(people),
        part=part,
        parts=range(1, parts + 1),
    )


@for_coach
@require_safe
def print_client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """One client's result on paper."""
    grant, result = get_visible_or_404(coach, pk)
    [sheet] = _sheets([(grant, result)], request, coach)
    return _print(request, grant.invitation, [sheet], client=grant, number=sheet.number)


def _sheets(
    granted: list[tuple[Participation, Result]], request: HttpRequest, coach: Coach
) -> list[PrintedResult]:
    """The printed results, under the names that the clients wrote."""
    numbers = namesakes(coach, [grant.name for grant, _ in granted])
    whole = request.GET.get("what") == "whole"
    return [
        PrintedResult(
            numbers[grant.client_id, grant.name],
            grant,
            result,
            report(result, grant.scope),
            whole,
        )
        for grant, result in granted
    ]


def _print(
    request: HttpRequest,
    invitation: Invitation,
    sheets: list[PrintedResult],
    **context: object,
) -> HttpResponse:
    numbered = list(enumerate(sheets, 1))
    listed = (
        []
        if "client" in context
        else [
            numbered[first : first + NAMES_PER_PAGE]
            for first in range(0, len(numbered), NAMES_PER_PAGE)
        ]
    )
    context |= {
        "invitation": invitation,
        "coach": invitation.coach,
        "sheets": sheets,
        "list": listed,
        "whole": request.GET.get("what") == "whole",
        "pages": len(listed) + sum(sheet.pages for sheet in sheets),
    }
    return render(request, "assessments/coach/print.html", context)
