"""A coach's page about one client: result, guide, notes, next steps, onward links.

The page is one form. Each of its buttons also sends the notes, the step and the link
that are typed: the notes are saved, and the rest stands in the page that comes back.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.actions import clients as client_actions
from assessments.actions import grants
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
from assessments.queries.departures import goes_with
from assessments.queries.people import namesakes, number_of
from assessments.queries.versions import questionnaire_of
from assessments.results.report import Report, report
from assessments.typed import numbered
from assessments.web import coach_too_often, share_link_url
from content import published
from content.kept_form import wants_json

MAX_ONWARD_LINKS_PER_HOUR = 60  # per coach


@for_coach
@require_safe
def client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return _client_page(request, get_client_or_404(coach, pk))


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def release_client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """GET asks, POST lets this client see the held result."""
    grant = get_client_or_404(coach, pk).participation
    number = number_of(coach, grant.client_id, grant.name)
    if request.method == "POST":
        grants.release_client(grant)
        name = numbered(grant.name, number)
        messages.success(request, f"You no longer hold {name}’s result.")
        return redirect("coach_client", pk)
    context = {
        "grant": grant,
        "number": number,
        "invitation": grant.invitation,
        "held": grant.is_held,
    }
    return render(request, "assessments/coach/release.html", context)


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def remove_client(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """GET says what goes, POST takes the client out of the group."""
    grant = get_client_or_404(coach, pk).participation
    number = number_of(coach, grant.client_id, grant.name)
    if request.method == "POST":
        grants.remove_client(grant)
        messages.success(
            request,
            f"{numbered(grant.name, number)} is no longer in this group. We deleted "
            "your notes and next steps about them here.",
        )
        return redirect("coach_group", grant.invitation_id)
    grants_here = client_queries.grants_in_group(grant)
    context = {
        "grant": grant,
        "number": number,
        "invitation": grant.invitation,
        "results": len(grants_here),
        "goes": goes_with(grants_here),
    }
    return render(request, "assessments/coach/remove.html", context)


@for_coach
@require_POST
def notes(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    if wants_json(request):
        form = save_notes(request, coach, pk)
        if form.errors:
            problem = "contested" if form.met.asks else "invalid"
            return JsonResponse({"problem": problem}, status=422)
        stored = {"notes": form.cleaned_data["notes"]}
        return JsonResponse(
            {
                "saved": timezone.now().isoformat(),
                "fields": {"seen": form.seen_after_saving(initial=stored)},
                "theirs": form.theirs(),
            }
        )
    if refusal := _notes_refused(request, coach, pk):
        return refusal
    if "enter" in request.POST and request.POST.get("text", "").strip():
        return _add_step(request, coach, pk)
    if "enter" in request.POST and request.POST.get("label", "").strip():
        return _make_link(request, coach, pk)
    messages.success(request, "Your notes are saved.", extra_tags="notes")
    return _done(request, coach, pk, "notes")


def save_notes(request: HttpRequest, coach: Coach, pk: int) -> NotesForm:
    """Save the notes. Where the form that comes back has errors, nothing is saved."""
    row = get_client_or_404(coach, pk)
    form = NotesForm(request.POST, initial={"notes": row.participation.notes})
    if form.is_valid():
        saved = form.cleaned_data["notes"]
        try:
            client_actions.set_notes(row.participation, notes=saved)
        except client_actions.NotesChanged:  # just now: compare again
            return save_notes(request, coach, pk)
    return form


def _notes_refused(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse | None:
    """Save the notes that came with a button, or return the page that says why not."""
    row = get_client_or_404(coach, pk)
    if "notes" not in request.POST:
        return None
    form = save_notes(request, coach, pk)
    return _client_page(request, row, notes_form=form) if form.errors else None


@for_coach
@require_POST
def add_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return _notes_refused(request, coach, pk) or _add_step(request, coach, pk)


def _add_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """Add what is typed, or the task of the result page whose button was pressed."""
    task = request.POST.get("idea")
    row = get_client_or_404(coach, pk)
    form = StepForm({"text": task} if task else request.POST)
    if form.is_valid():
        try:
            client_actions.add_step(row.participation, **form.cleaned_data)
        except client_actions.TooManySteps:
            form.add_error(
                None,
                f"A client can have {client_actions.MAX_STEPS} steps at most. "
                "Remove one first.",
            )
        else:
            messages.success(request, "The step is added.", extra_tags="steps")
            return _done(request, coach, pk, "steps", sent=None if task else StepForm)
    return _client_page(request, row, step_form=form)


@for_coach
@require_POST
def share_steps(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    if refusal := _notes_refused(request, coach, pk):
        return refusal
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
    return _done(request, coach, pk, "steps")


@for_coach
@require_POST
def toggle_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    step = _own_step(coach, pk)
    if refusal := _notes_refused(request, coach, step.participation_id):
        return refusal
    client_actions.toggle_step(step, done=request.POST.get("done") == "yes")
    return _done(request, coach, step.participation_id, "steps")


@for_coach
@require_POST
def remove_step(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    step = _own_step(coach, pk)
    if refusal := _notes_refused(request, coach, step.participation_id):
        return refusal
    client_actions.remove_step(step)
    return _done(request, coach, step.participation_id, "steps")


@for_coach
@require_POST
def make_link(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    return _notes_refused(request, coach, pk) or _make_link(request, coach, pk)


def _make_link(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
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
            return _done(request, coach, pk, "links", sent=OnwardForm)
    return _client_page(request, row, link_form=form)


@for_coach
@require_POST
def end_link(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    link = client_queries.own_onward_link(coach, pk)
    if link is None or link.participation is None or not isinstance(request.user, User):
        raise Http404("no such link of this coach")
    if refusal := _notes_refused(request, coach, link.participation.pk):
        return refusal
    client_actions.revoke_onward_link(link, by=request.user)
    messages.success(request, "That link no longer works.", extra_tags="links")
    return _done(request, coach, link.participation.pk, "links")


def _own_step(coach: Coach, pk: int) -> NextStep:
    step = client_queries.own_step(coach, pk)
    if step is None:
        raise Http404("no such step of this coach")
    return step


def _done(
    request: HttpRequest,
    coach: Coach,
    pk: int,
    part: str,
    *,
    sent: type[Form] | None = None,
) -> HttpResponse:
    """Back to the page, or the page at once where more is typed than the button sent.

    A redirect could not bring it along.
    """
    others = [form for form in (StepForm, OnwardForm) if form is not sent]
    if not any(_typed(request, form) for form in others):
        return redirect(f"{reverse('coach_client', args=[pk])}#{part}")
    return _client_page(request, get_client_or_404(coach, pk), sent=sent)


def _typed(request: HttpRequest, form: type[Form]) -> dict[str, str]:
    """What was posted for this form and differs from how the form is first drawn."""
    drawn = {name: str(field.initial or "") for name, field in form.base_fields.items()}
    return {
        name: request.POST[name]
        for name in drawn
        if name in request.POST and request.POST[name].strip() != drawn[name]
    }


def _client_page(
    request: HttpRequest,
    row: ClientRow,
    *,
    notes_form: Form | None = None,
    step_form: Form | None = None,
    link_form: Form | None = None,
    sent: type[Form] | None = None,
) -> HttpResponse:
    """The page about one client. A form that is passed in has an error.

    `sent`: the form whose words are stored, so they don't stand in the page again.
    """
    grant, result = row.participation, row.result
    step = {} if sent is StepForm else _typed(request, StepForm)
    link = {} if sent is OnwardForm else _typed(request, OnwardForm)
    onward_links = client_queries.onward_links_of(grant)
    context: dict[str, Any] = {
        "grant": grant,
        "client": grant.name,
        "group": grant.invitation,
        "stage": row.stage,
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
        "step_form": step_form or StepForm(initial=step),
        "link_form": link_form or OnwardForm(grant=grant, initial=link),
        "unsaved": bool(step or link),
    }
    if grant.client is not None:
        coach, person = grant.invitation.coach, grant.client
        numbers = namesakes(coach, [str(person), grant.name])
        context |= place_in_list(request, coach, person) | {
            "person": person,
            "number": numbers[person.pk, str(person)],
            "written_number": numbers[person.pk, grant.name],
        }
    if result is not None:
        context["report"] = report(result, grant.scope)
        context["ideas"] = _ideas(context["report"], context["steps"])
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


def _ideas(shown: Report, steps: list[NextStep]) -> list[str]:
    """What the result page suggests for this week, without what is a step already."""
    known = {step.text for step in steps}
    longest = NextStep._meta.get_field("text").max_length
    return [
        task
        for role in published.current().roles
        if shown.named in (None, "", role.sign)
        for task in (role.steps if shown.named else role.steps[:1])
        if task and task not in known and len(task) <= (longest or 0)
    ]


def _guide(result: Result) -> Guide:
    return guide(questionnaire_of(result.version), result.answer_map, form=result.form)
