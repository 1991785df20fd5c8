"""The coach's workspace: ask for it, list the groups, see and change one group."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import coaches
from assessments.actions import invitations as invitation_actions
from assessments.coaches.access import for_coach, get_invitation_or_404
from assessments.coaches.group_forms import (
    AskForm,
    ChangeForm,
    InvitationForm,
    TableForm,
)
from assessments.coaches.sample import sample
from assessments.keys import spaced
from assessments.models import Coach, Invitation, Scope
from assessments.queries import clients, departures, people
from assessments.queries import coaches as coach_queries
from assessments.queries import invitations as invitation_queries
from assessments.queries.clients import ClientRow
from assessments.results.outcome_words import short_words
from assessments.results.report import report
from assessments.web import address_too_often, coach_too_often, qr_code
from content.addresses import absolute_url

MAX_REQUESTS_PER_HOUR = 20  # per address
MAX_INVITATIONS_PER_HOUR = 60  # per coach


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show what a workspace is, and ask for one.

    The page does not tell whether the address is known. It looks up who is signed in,
    so that a coach finds the way to the workspace here: pages of the article are the
    same for everybody and cannot tell.
    """
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if refusal := address_too_often(request, "ask", most=MAX_REQUESTS_PER_HOUR):
            return refusal
        coaches.ask_for_account(**form.cleaned_data)
        return render(request, "assessments/coach/asked.html")
    return render(
        request,
        "assessments/coach/ask.html",
        {
            "form": form,
            "sample": sample(),
            "coach": coach_queries.coach_of(request.user),
        },
        status=422 if form.errors else 200,
    )


@for_coach
@require_safe
def groups(request: HttpRequest, coach: Coach) -> HttpResponse:
    return render(
        request,
        "assessments/coach/groups.html",
        {"coach": coach, "groups": _groups(coach)},
    )


def _groups(coach: Coach) -> list[dict[str, object]]:
    """The invitations; `only` is the key of the one person of one for one person."""
    only = people.only_people(coach)
    return [
        {
            "invitation": group.invitation,
            "status": group.status,
            "state": group.state,
            "only": only.get(group.invitation.pk),
        }
        for group in invitation_queries.invitations_of(coach)
    ]


@for_coach
@require_safe
def groups_status(request: HttpRequest, coach: Coach) -> HttpResponse:
    """Only the table of all groups, for the page's script."""
    return render(
        request,
        "assessments/coach/_groups.html",
        {"groups": _groups(coach)},
    )


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, coach: Coach) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if refusal := coach_too_often(
            request, "invite", coach=coach, most=MAX_INVITATIONS_PER_HOUR
        ):
            return refusal
        try:
            invitation = invitation_actions.make_invitation(coach, **form.terms())
        except invitation_actions.Refused as refused:
            form.refuse(refused.field, refused.why)
        else:
            if request.POST.get("next") == "names":
                return redirect("coach_names", invitation.pk)
            messages.success(
                request,
                "Your invitation is ready. Give your clients the link, the code, or "
                "the sheet with the QR code.",
            )
            return redirect("coach_group", invitation.pk)
    return render(
        request,
        "assessments/coach/new.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@for_coach
@require_safe
def group(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation = get_invitation_or_404(coach, pk)
    return render(
        request,
        "assessments/coach/group.html",
        _table(request, invitation) | _described(invitation),
    )


def _table(request: HttpRequest, invitation: Invitation) -> dict[str, object]:
    """The clients on a group's page, sorted and filtered as the query string asks.

    With `names=hidden` no name of a client is on the page, for a room that looks on.
    """
    form = TableForm(request.GET)
    table = clients.group_page(
        invitation, **form.options(), page=request.GET.get("page")
    )
    first = table.clients.start_index()
    names_hidden = request.GET.getlist("names") == ["hidden"]
    numbers = people.namesakes(
        invitation.coach,
        [
            *(row.participation.name for row in table.clients),
            *(str(link.client) for link in table.not_started),
        ],
    )
    return {
        "invitation": invitation,
        "form": form,
        "page": table.clients,
        "state": table.state,
        "status": table.status,
        "not_started": [
            {
                "client": link.client,
                "number": numbers[link.client_id, str(link.client)],
            }
            for link in table.not_started
        ],
        "rows": [
            _row(row, numbers) | {"place": place}
            for place, row in enumerate(table.clients, first)
        ],
        "names_hidden": names_hidden,
        "filtered": bool({*request.GET} - {"page", "names"}),
        "departures": departures.departures_from(invitation),
    }


def _row(row: ClientRow, numbers: people.NamesakeNumbers) -> dict[str, object]:
    grant = row.participation
    shown: dict[str, object] = {
        "client": row,
        "number": numbers[grant.client_id, grant.name],
    }
    if row.result:
        shown |= {
            "report": report(row.result, Scope.SUMMARY),
            "outcome": short_words(row.result.outcome),
        }
    return shown


def _described(invitation: Invitation) -> dict[str, object]:
    address = absolute_url(reverse("join_code", args=[invitation.code]))
    return {
        "invitation": invitation,
        "held": invitation.is_holding,
        "address": address,
        "typed_at": absolute_url(reverse("join")),
        "qr": qr_code(address),
        "code": spaced(invitation.code),
    }


@for_coach
@require_safe
def status(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """The parts of the page that change by themselves, for the page's script."""
    return render(
        request,
        "assessments/coach/_live.html",
        _table(request, get_invitation_or_404(coach, pk)),
    )


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return change_terms(request, coach, pk)


def change_terms(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation = get_invitation_or_404(coach, pk)
    form = ChangeForm(invitation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation_actions.change_invitation(invitation, **form.changes())
        except invitation_actions.TermsChanged:  # just now: compare again
            return change_terms(request, coach, pk)
        except invitation_actions.Refused as refused:
            form.refuse(refused.field, refused.why)
        else:
            messages.success(request, "Your changes are saved.")
            return redirect("coach_group", pk)
    return render(
        request,
        "assessments/coach/edit.html",
        {"form": form, "invitation": invitation},
        status=422 if form.errors else 200,
    )


@for_coach
@require_POST
def close(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation_actions.close(get_invitation_or_404(coach, pk))
    messages.success(
        request,
        "The invitation is closed. No one else can join. Clients who have joined stay.",
    )
    return redirect("coach_group", pk)


@for_coach
@require_POST
def reopen(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation_actions.reopen(get_invitation_or_404(coach, pk))
    messages.success(request, "The invitation is open again.")
    return redirect("coach_group", pk)


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """GET asks, POST ends the hold for all clients of the group."""
    invitation = get_invitation_or_404(coach, pk)
    if request.method == "POST":
        invitation_actions.release(invitation)
        messages.success(request, "You no longer hold results of this group.")
        return redirect("coach_group", pk)
    context = {
        "invitation": invitation,
        "held": invitation.is_holding,
        "waiting": invitation_queries.count_of_held(invitation),
    }
    return render(request, "assessments/coach/release.html", context)
