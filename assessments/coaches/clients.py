"""A coach's page about one client: result, guide, notes, next steps, onward links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import clients as client_actions
from assessments.actions.share_links import (
    MAX_USABLE_LINKS,
    NotShareable,
    TooManyLinks,
)
from assessments.coaches.access import for_coach, get_client_or_404
from assessments.coaches.client_forms import NotesForm, OnwardForm, StepForm
from assessments.coaches.people import place_in_list
from assessments.engine import guide
from assessments.engine.guide import Guide
from assessments.models import Coach, NextStep, Result, Scope
from assessments.queries import clients as client_queries
from assessments.queries.clients import ClientRow
from assessments.queries.versions import questionnaire_of
from assessments.results.report import report
from assessments.web import coach_too_often, share_link_url
from content.kept_form import wants_json

MAX_ONWARD_LINKS_PER_HOUR = 60  # per coach


@for_coach
@require_safe
def client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return _client_page(request, get_client_or_404(coach, pk))


@for_coach
@require_POST
def notes(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return save_notes(request, coach, pk)


def save_notes(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    row = get_client_or_404(coach, pk)
    form = NotesForm(request.POST, initial={"notes": row.participation.notes})
    if not form.is_valid():
        if wants_json(request):
            problem = "contested" if form.met.asks else "invalid"
            return JsonResponse({"problem": problem}, status=422)
        return _client_page(request, row, notes_form=form)
    saved = form.cleaned_data["notes"]
    try:
        client_actions.set_notes(row.participation, notes=saved, unless_changed=True)
    except client_actions.NotesChanged:  # just now: compare again
        return save_notes(request, coach, pk)
    if wants_json(request):
        return JsonResponse(
            {
                "saved": timezone.now().isoformat(),
                "fields": {"seen": form.seen_after_saving(initial={"notes": saved})},
                "theirs": form.theirs(),
            }
        )
    messages.success(request, "Your notes are saved.", extra_tags="notes")
    return _back_to(pk, "notes")


@for_coach
@require_POST
def add_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    row, form = get_client_or_404(coach, pk), StepForm(request.POST)
    if form.is_valid():
        try:
            client_actions.add_step(row.participation, text=form.cleaned_data["text"])
        except client_actions.TooManySteps:
            form.add_error(
                None,
                f"A client can have {client_actions.MAX_STEPS} steps at most. "
                "Remove one first.",
            )
        else:
            messages.success(request, "The step is added.", extra_tags="steps")
            return _back_to(pk, "steps")
    return _client_page(request, row, step_form=form)


@for_coach
@require_POST
def share_steps(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    shared = request.POST.get("shared") == "yes"
    client_actions.share_steps(
        get_client_or_404(coach, pk).participation, shared=shared
    )
    messages.success(
        request,
        "Your client now sees the next steps."
        if shared
        else "Your client no longer sees the next steps.",
        extra_tags="steps",
    )
    return _back_to(pk, "steps")


@for_coach
@require_POST
def toggle_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    step = _own_step(coach, pk)
    client_actions.toggle_step(step, done=request.POST.get("done") == "yes")
    return _back_to(step.participation_id, "steps")


@for_coach
@require_POST
def remove_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    step = _own_step(coach, pk)
    client_actions.remove_step(step)
    return _back_to(step.participation_id, "steps")


@for_coach
@require_POST
def make_link(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    row = get_client_or_404(coach, pk)
    if not row.participation.onward or row.result is None:
        raise Http404("nothing to share onward")
    form = OnwardForm(request.POST, grant=row.participation)
    if form.is_valid():
        if refusal := coach_too_often(
            request, "onward", coach=coach, most=MAX_ONWARD_LINKS_PER_HOUR
        ):
            return refusal
        try:
            client_actions.make_onward_link(row.participation, **form.cleaned_data)
        except NotShareable:  # the result has just expired
            raise Http404("nothing to share onward") from None
        except TooManyLinks:
            form.add_error(
                None,
                f"You can have {MAX_USABLE_LINKS} working links at most. End one that "
                "you don’t need.",
            )
        else:
            messages.success(
                request,
                "Your link is ready. It’s the first in the list.",
                extra_tags="links",
            )
            return _back_to(pk, "links")
    return _client_page(request, row, link_form=form)


@for_coach
@require_POST
def end_link(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    link = client_queries.own_onward_link(coach, pk)
    if link is None or link.participation is None or not isinstance(request.user, User):
        raise Http404("no such link of this coach")
    client_actions.revoke_onward_link(link, by=request.user)
    messages.success(request, "That link no longer works.", extra_tags="links")
    return _back_to(link.participation.pk, "links")


def _own_step(coach: Coach, pk: int) -> NextStep:
    step = client_queries.own_step(coach, pk)
    if step is None:
        raise Http404("no such step of this coach")
    return step


def _back_to(pk: int, part: str) -> HttpResponse:
    return redirect(f"{reverse('coach_client', args=[pk])}#{part}")


def _client_page(
    request: HttpRequest,
    row: ClientRow,
    *,
    notes_form: Form | None = None,
    step_form: Form | None = None,
    link_form: Form | None = None,
) -> HttpResponse:
    """The page about one client. A form that is passed in has an error."""
    grant, result = row.participation, row.result
    onward_links = client_queries.onward_links_of(grant)
    context: dict[str, Any] = {
        "grant": grant,
        "client": grant.name,
        "group": grant.invitation,
        "progress": row.progress,
        "result": result,
        "held": grant.is_held,
        "steps": client_queries.steps_of(grant),
        "links": [
            {"link": link, "address": share_link_url(link)}
            for link in onward_links
            if link.works
        ],
        "ended": [link for link in onward_links if not link.works],
        "notes_form": notes_form or NotesForm(initial={"notes": grant.notes}),
        "step_form": step_form or StepForm(),
        "link_form": link_form or OnwardForm(grant=grant),
    }
    if grant.client is not None:
        context["person"] = grant.client
        context |= place_in_list(request, grant.invitation.coach, grant.client)
    if result is not None:
        context["report"] = report(result, grant.scope)
        context["others"] = [
            {
                "grant": other.participation,
                "result": other.result,
                "report": report(other.result, Scope.SUMMARY),
            }
            for other in client_queries.results_of_client(grant)
            if other.result is not None and other.participation.pk != grant.pk
        ]
        if grant.scope == Scope.ANSWERS:
            context |= {
                "guide": _guide(result),
                "prompts": client_queries.conversation_prompts(),
            }
    return render(
        request,
        "assessments/coach/client.html",
        context,
        status=422 if notes_form or step_form or link_form else 200,
    )


def _guide(result: Result) -> Guide:
    return guide(questionnaire_of(result.version), result.answer_map, form=result.form)
