"""Start, sections, review, resume: everything before a result."""

from __future__ import annotations

import json
from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import attempts, locks
from assessments.answering import StartForm, write_answer
from assessments.engine import stop_offer
from assessments.keys import spaced
from assessments.models import Attempt
from assessments.queries import grants as grant_queries
from assessments.queries import owners, versions
from assessments.results.report import answered_sections
from assessments.results.scoring_facts import scoring_words
from assessments.visitors.forms import KeyForm, SectionForm
from assessments.visitors.origin import sender_of
from assessments.visitors.owner_cookie import (
    delete_owner_cookie,
    for_owner,
    key_of,
    set_owner_cookie,
)
from assessments.web import too_often

MOST_STARTS = 300  # an hour and address: a school may stand behind one
MOST_KEYS = 120


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    version = versions.live_version()
    if version is None:
        return render(request, "assessments/closed.html", status=503)
    scoring = scoring_words(versions.questionnaire_of(version))
    form = StartForm(
        request.POST if request.method == "POST" else None, scoring=scoring
    )
    if request.method == "POST" and form.is_valid():
        refusal = too_often(request, "start", most=MOST_STARTS)
        if refusal:
            return refusal
        key = key_of(request)
        owner = (
            owners.owner_by_key(key)
            if key and request.POST.get("who") == "same"
            else None
        )
        if owner:
            with suppress(locks.OwnerGone):
                attempts.start_again(
                    owner,
                    version=version,
                    form=form.cleaned_data["form"],
                    sender=sender_of(request),
                )
                return redirect("section", 1)
        _, key = attempts.start(
            version=version, form=form.cleaned_data["form"], sender=sender_of(request)
        )
        return set_owner_cookie(
            redirect("section", 1),
            key,
            shared_computer=form.cleaned_data["shared_computer"],
        )
    key = key_of(request)
    attempt = owners.open_attempt(key) if key else None
    context = {
        "form": form,
        "scoring": scoring,
        "attempt": attempt,
        "result": owners.own_result(key) if key else None,
        "next_section": first_gap(attempt) if attempt else None,
        "key": spaced(key) if key else "",
    }
    return render(
        request, "assessments/start.html", context, status=422 if form.errors else 200
    )


def first_gap(attempt: Attempt) -> int | None:
    """The first section that still has an unanswered question; None when all is answered."""
    for number, section in enumerate(versions.sections_of(attempt), 1):
        if any(question.id not in attempt.answers for question in section.questions):
            return number
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def section(request: HttpRequest, key: str, number: int) -> HttpResponse:
    attempt = owners.open_attempt(key)
    if attempt is None:
        return redirect("result")
    if request.method != "POST":
        return _section_page(
            request, key, attempt, _section_form(attempt, number), number
        )
    form = _section_form(attempt, number, data=request.POST.dict())
    if form.tampered:
        return render(request, "assessments/refused.html", status=400)
    action = request.POST.get("action", "")
    try:
        saved = attempts.save_answers(
            attempt.owner,
            seen=form.seen,
            chosen=form.chosen,
            shown_at=None if action == "autosave" else form.shown_at,
            timings=form.timings,
        )
    except attempts.NoOpenAttempt:
        return redirect("result")
    if action == "autosave":
        return JsonResponse(_autosave_reply(form, saved))
    if saved.contested or (
        action not in ("back", "leave") and form.fields.keys() - saved.answers.keys()
    ):
        form.hold(saved.answers)
        form.ask_again(saved.contested)
        return _section_page(request, key, attempt, form, number, status=422)
    if action == "leave":
        return redirect("quiz")
    if action == "back":
        return redirect("section", number - 1) if number > 1 else redirect("quiz")
    return (
        redirect("section", number + 1)
        if number < len(versions.sections_of(attempt))
        else redirect("review")
    )


def _autosave_reply(form: SectionForm, saved: attempts.Saved) -> dict[str, object]:
    stored = {
        question: write_answer(saved.answers[question])
        for question in form.fields
        if question in saved.answers
    }
    return {
        "stored": stored,
        "of": len(form.fields),
        "contested": sorted(saved.contested),
    }


def _section_form(
    attempt: Attempt, number: int, data: dict[str, str] | None = None
) -> SectionForm:
    sections = versions.sections_of(attempt)
    if not 1 <= number <= len(sections):
        raise Http404("no such section")
    first_number = 1 + sum(len(earlier.questions) for earlier in sections[: number - 1])
    return SectionForm(
        sections[number - 1], first_number=first_number, attempt=attempt, data=data
    )


def _section_page(
    request: HttpRequest,
    key: str,
    attempt: Attempt,
    form: SectionForm,
    number: int,
    *,
    refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    sections = versions.sections_of(attempt)
    questionnaire = versions.questionnaire_of(attempt.version)
    context = {
        "form": form,
        "intro": questionnaire.intro,
        "remaining": len(questionnaire.questions_of("full")) - form.first_number + 1,
        "section": form.section,
        "number": number,
        "sections": range(1, len(sections) + 1),
        "last": form.first_number + len(form.section.questions) - 1,
        "total": sum(len(each.questions) for each in sections),
        "key": spaced(key),
        "refused": refused,
    }
    # A save has no query to spare, and whoever sends a page has read there who will see its result, and that she may stop.
    if request.method != "POST":
        context |= {"offer": _offer(attempt, form, number)} | _shared(attempt)
    return render(request, "assessments/section.html", context, status=status)


def _shared(attempt: Attempt) -> dict[str, object]:
    """The coaches who will see the result of these answers, by name, and whether it will be held."""
    grants = [
        each
        for each in grant_queries.grants_of(attempt.owner)
        if each.participation.attempt_id == attempt.pk
    ]
    return {
        "shared_with": grant_queries.coaches_of(grants),
        "hold": grant_queries.hold_of_grants(grants),
    }


def _offer(attempt: Attempt, form: SectionForm, number: int) -> str | None:
    """docs/instrument.md section 2.9: once, on the first section after the short form, before anything there is answered."""
    questionnaire = versions.questionnaire_of(attempt.version)
    if (
        attempt.form != "full"
        or attempt.made_from_id
        or form.stored
        or number != len(questionnaire.sections_of("short")) + 1
    ):
        return None
    return stop_offer(questionnaire, attempt.answers)


def section_after_csrf_failure(request: HttpRequest) -> HttpResponse | None:
    """The section with the posted answers checked again and a new token, if that is what was refused; nothing is written."""
    match, key = request.resolver_match, key_of(request)
    if match is None or match.url_name != "section" or key is None:
        return None
    attempt = owners.open_attempt(key)
    if attempt is None:
        return None
    number = match.kwargs["number"]
    posted = _section_form(attempt, number, data=request.POST.dict())
    form = _section_form(attempt, number)
    form.hold(
        posted.seen, show=form.stored | posted.chosen
    )  # still on top of what was seen, so that the next press notices other windows
    return _section_page(request, key, attempt, form, number, refused=True, status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def review(request: HttpRequest, key: str) -> HttpResponse:
    attempt = owners.open_attempt(key)
    if attempt is None:
        return _review_of_finished(request, key)
    unanswered: list[str] = []
    too_few: list[str] = []
    if request.method == "POST":
        try:
            attempts.finish(
                attempt.owner, stop_early=request.POST.get("action") == "stop"
            )
        except attempts.NoOpenAttempt:
            pass
        except attempts.Unanswered as refusal:
            unanswered = refusal.questions
        except attempts.TooFew as refusal:
            too_few = refusal.skipped
        if not unanswered and not too_few:
            return redirect("result")
    context = {
        "attempt": attempt,
        "sections": answered_sections(
            versions.questionnaire_of(attempt.version), attempt.answers, attempt.form
        ),
        "unanswered": unanswered,
        "too_few": too_few,
    } | _shared(attempt)
    return render(
        request,
        "assessments/review.html",
        context,
        status=422 if unanswered or too_few else 200,
    )


def _review_of_finished(request: HttpRequest, key: str) -> HttpResponse:
    """The newest result's answers, each with a button that opens a corrected attempt."""
    result = owners.own_result(key)
    if result is None or request.method == "POST":
        return redirect("result" if result else "quiz")
    sections = answered_sections(
        versions.questionnaire_of(result.version),
        json.loads(result.answers),
        result.form,
    )
    context = {
        "result": result,
        "sections": sections,
        "hold": grant_queries.hold_on_result(result),
    }
    return render(request, "assessments/review_finished.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Enter the owner key; asks before another owner's key is replaced on this computer."""
    if request.method == "POST" and (
        refusal := too_often(request, "resume", most=MOST_KEYS)
    ):
        return refusal
    form = KeyForm(request.POST if request.method == "POST" else None)
    present = key_of(request)
    asks = False
    if form.is_valid():
        key = form.cleaned_data["key"]
        if owners.owner_by_key(key) is None:
            form.add_error(
                "key",
                "Nothing is kept under this key. It may have a slip in it, or its time may be over.",
            )
        elif (
            present in (None, key)
            or form.cleaned_data["replace"]
            or owners.owner_by_key(present or "") is None
        ):
            return set_owner_cookie(
                redirect("quiz"),
                key,
                shared_computer=form.cleaned_data["shared_computer"],
            )
        else:
            asks = True
    return render(
        request,
        "assessments/resume.html",
        {"form": form, "asks": asks},
        status=422 if form.errors else 200,
    )


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Finish and clear this computer: the cookie goes, what was saved stays under the key."""
    return delete_owner_cookie(
        render(request, "assessments/left.html", {"key": spaced(key_of(request) or "")})
    )
