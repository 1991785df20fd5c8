"""The people of a workspace: the list, one person, and two entries joined in one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import people as people_actions
from assessments.coaches.access import for_coach, get_person_or_404
from assessments.coaches.people_forms import PeopleForm, PrivateWordsForm
from assessments.models import Client, Coach, Participation, Result, Scope
from assessments.queries import people as people_queries
from assessments.queries.people import PersonRow
from assessments.results.outcome_words import short_words
from assessments.results.report import report
from assessments.results.time_line import time_line
from assessments.web import number_or_404


@for_coach
@require_safe
def people(request: HttpRequest, coach: Coach) -> HttpResponse:
    return render(request, "assessments/coach/people.html", _list(request, coach))


@for_coach
@require_safe
def people_status(request: HttpRequest, coach: Coach) -> HttpResponse:
    """The parts of the list that change by themselves, for the page's script."""
    return render(request, "assessments/coach/_people_live.html", _list(request, coach))


def _list(request: HttpRequest, coach: Coach) -> dict[str, Any]:
    """The people whom the query string asks for."""
    counts = people_queries.people_counts(coach)
    groups = [(row.invitation.pk, row.invitation.label) for row in counts.groups]
    form = PeopleForm(request.GET, groups=groups)
    page = people_queries.people_page(
        coach, form.wanted, counts, page=request.GET.get("page")
    )
    return {
        "coach": coach,
        "counts": counts,
        "form": form,
        "wanted": form.wanted,
        "page": page,
        "rows": [_shown(row) for row in page],
        "query": form.query(),
        "query_without_group": form.query(group=""),
    }


def place_in_list(request: HttpRequest, coach: Coach, client: Client) -> dict[str, Any]:
    """Who comes before and after somebody in the list of the query string."""
    groups = people_queries.group_labels(coach) if request.GET.get("group") else []
    form = PeopleForm(request.GET, groups=groups)
    previous, following = people_queries.neighbors(coach, client, form.wanted)
    return {
        "previous": previous,
        "following": following,
        "query": form.query(),
    }


def _shown(row: PersonRow) -> dict[str, Any]:
    shown: dict[str, Any] = {"person": row}
    if row.newest is not None:
        result = row.newest.attempt.result
        shown |= _result_words(result) | {
            "new": result.finished_at >= people_queries.start_of_yesterday()
        }
    return shown


def _result_words(result: Result) -> dict[str, Any]:
    return {
        "result": result,
        "report": report(result, Scope.SUMMARY),
        "outcome": short_words(result.outcome),
    }


@for_coach
@require_safe
def person(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return _person_page(request, coach, get_person_or_404(coach, pk))


@for_coach
@require_POST
def private_words(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return save_private_words(request, coach, pk)


def save_private_words(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    client = get_person_or_404(coach, pk)
    form = PrivateWordsForm.of(client, request.POST)
    if not form.is_valid():
        return _person_page(request, coach, client, form=form)
    try:
        people_actions.set_private_words(
            client,
            private_name=form.cleaned_data["private_name"],
            tag=form.cleaned_data["tag"],
        )
    except people_actions.WordsChanged:  # just now: compare again
        return save_private_words(request, coach, pk)
    except people_actions.ClientGone:
        raise Http404("withdrawn meanwhile") from None
    messages.success(request, "Saved.", extra_tags="private")
    return redirect(f"{reverse('coach_person', args=[pk])}#private")


@for_coach
@require_POST
def archive(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    client = get_person_or_404(coach, pk)
    archived = request.POST.get("archived") == "yes"
    try:
        people_actions.set_archived(client, archived=archived)
    except people_actions.ClientGone:
        raise Http404("withdrawn meanwhile") from None
    messages.success(
        request,
        "Moved to the archive." if archived else "Moved out of the archive.",
    )
    return redirect("coach_person", pk)


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def join_entries(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Choose another entry of the same person, read what is joined, and confirm."""
    client = get_person_or_404(coach, pk)
    if request.method == "POST":
        if not request.POST.get("other"):
            return redirect("coach_join_entries", pk)
        other = _other(coach, client, request.POST.get("other", ""))
        try:
            people_actions.join_entries(client, other)
        except people_actions.ClientGone:
            raise Http404("withdrawn meanwhile") from None
        messages.success(request, "We merged the two entries.")
        return redirect("coach_person", pk)
    text = request.GET.get("name", client.name)[:100]
    context: dict[str, Any] = {
        "client": client,
        "text": text,
        "number": _number(coach, client),
    }
    if chosen := request.GET.get("other"):
        other = _other(coach, client, chosen)
        both = [_entry(coach, client), _entry(coach, other)]
        context |= {"other": other, "both": both}
    else:
        found = people_queries.found_beside(coach, client, text)
        context["rows"] = [_shown(row) for row in found]
    return render(request, "assessments/coach/join_entries.html", context)


def _other(coach: Coach, client: Client, text: str) -> Client:
    other = get_person_or_404(coach, number_or_404(text))
    if other.pk == client.pk:
        raise Http404("one entry alone")
    return other


def _entry(coach: Coach, client: Client) -> dict[str, Any]:
    return {
        "client": client,
        "number": _number(coach, client),
        "items": _items(people_queries.grants_of_person(client)),
        "links": people_queries.unused_links_of(client),
    }


def _number(coach: Coach, client: Client) -> int:
    return people_queries.number_of(coach, client.pk, str(client))


def _items(grants: list[Participation]) -> list[dict[str, Any]]:
    """The grants as rows, newest first, with what the coach sees of each."""
    items = []
    for grant in grants:
        stage = people_queries.stage_of(grant)
        item: dict[str, Any] = {
            "grant": grant,
            "stage": stage,
            "link": people_queries.open_link_of(grant),
        }
        if stage.has_result:
            item |= _result_words(grant.attempt.result)
        items.append(item)
    seen = [item for item in items if "result" in item]
    for later, earlier in zip(seen, seen[1:], strict=False):
        later["earlier"] = earlier["grant"]
    return items


def _person_page(
    request: HttpRequest,
    coach: Coach,
    client: Client,
    *,
    form: PrivateWordsForm | None = None,
) -> HttpResponse:
    """The page about one person. A form that is passed in has an error."""
    items = _items(people_queries.grants_of_person(client))
    called, own, pk = str(client), client.name, client.pk
    written = [item["grant"].name for item in items]
    numbers = people_queries.namesakes(coach, [called, own, *written])
    for item in items:
        item["number"] = numbers[pk, item["grant"].name]
    seen = {item["result"].pk: item["result"] for item in items if "result" in item}
    return render(
        request,
        "assessments/coach/person.html",
        {
            "client": client,
            "called": called,
            "number": numbers[pk, called],
            "own_number": numbers[pk, own],
            "items": items,
            "links": people_queries.unused_links_of(client),
            "line": time_line(seen.values()),
            "results": len(seen),
            "form": form or PrivateWordsForm.of(client),
        }
        | place_in_list(request, coach, client),
        status=422 if form else 200,
    )
