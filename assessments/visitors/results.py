"""The owner's results, and the page about the method."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import attempts, retention
from assessments.defaults import default_questionnaire
from assessments.defaults.simulated import simulated
from assessments.models import Result, Scope
from assessments.queries import grants as grant_queries
from assessments.queries import owners, versions
from assessments.queries import result_requests as request_queries
from assessments.results.evidence import outside_evidence
from assessments.results.report import report
from assessments.results.scoring_facts import scoring_facts
from assessments.visitors.follow_up import asking
from assessments.visitors.holding import held_page, seen_by
from assessments.visitors.kept_pages import hole, render_kept
from assessments.visitors.owner_cookie import for_owner
from assessments.visitors.taking import TOO_MANY_RESULTS
from assessments.web import key_card_html, owner_too_often
from assessments.zones import day_words
from content.published import for_everybody

MAX_REOPENED = 60  # per hour and owner


def _own_result(key: str, number: int | None = None) -> Result:
    result = owners.own_result(key, number)
    if result is None:
        raise Http404("no such result of this owner")
    return result


@require_safe
@for_owner
def result(request: HttpRequest, key: str, number: int | None = None) -> HttpResponse:
    """The newest result, or the one with this number.

    Without any result, redirects to the start page, which knows the open attempt.
    """
    own, earlier = owners.own_result_and_earlier(key, number)
    if own is None:
        if number is not None:
            raise Http404("no such result of this owner")
        return redirect("quiz")
    grants = grant_queries.grants_beside(own)
    if held := held_page(request, key, own, grants):
        return held
    earlier = (
        None if earlier and grant_queries.hold_on_result(earlier, grants) else earlier
    )
    facts: dict[str, object] = {
        "result": own,
        "earlier": earlier,
        "can_keep_longer": retention.can_keep_longer(own),
        **seen_by(own, grants),
    }
    if requests := request_queries.requests_beside(own):
        facts["requests"] = requests
    asked = asking(own)
    return render_kept(
        request,
        "assessments/result.html",
        facts,
        of=asked and (asked.consent is None, asked.questions is None, asked.asked_from),
        made=lambda: {
            "asking": asked,
            "report": report(own),
            "before": report(earlier, Scope.SUMMARY) if earlier else None,
            "key_card": hole("key_card"),
        },
        holes=lambda: {"key_card": key_card_html(key)},
    )


@require_POST
@for_owner
def keep(request: HttpRequest, key: str, number: int) -> HttpResponse:
    kept = retention.keep_longer(_own_result(key, number))
    messages.success(request, f"Kept until {day_words(kept.expires_at)}.")
    return redirect("result_number", number)


@require_POST
@for_owner
def correct(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Open a corrected attempt at the question that the owner wants to change."""
    result = _own_result(key, number)
    if grant_queries.hold_on_result(result):
        return redirect("result_number", number)
    if refusal := _reopened_too_often(request, result):
        return refusal
    try:
        attempt = attempts.correct(result)
    except attempts.TooManyResults:
        return _full(request, number)
    question = request.POST.get("question", "")
    section = versions.walk_of(attempt).section_with(question)
    if section is None:
        return redirect("review")
    return redirect(reverse("section", args=[section]) + f"#{question}")


@require_POST
@for_owner
def continue_to_full(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Open a full attempt that begins with the answers of a short result."""
    short = _own_result(key, number)
    if short.form != "short":
        raise Http404("only a short result can be carried on")
    if grant_queries.hold_on_result(short):
        return redirect("result_number", number)
    if refusal := _reopened_too_often(request, short):
        return refusal
    try:
        attempt = attempts.continue_to_full(short)
    except attempts.TooManyResults:
        return _full(request, number)
    gap = versions.walk_of(attempt).first_gap(attempt.answers)
    return redirect("section", gap) if gap else redirect("review")


def _reopened_too_often(request: HttpRequest, result: Result) -> HttpResponse | None:
    return owner_too_often(request, "reopen", owner=result.owner_id, most=MAX_REOPENED)


def _full(request: HttpRequest, number: int) -> HttpResponse:
    messages.error(request, TOO_MANY_RESULTS)
    return redirect("result_number", number)


@require_safe
@for_everybody
def method(request: HttpRequest) -> HttpResponse:
    """How the questionnaire is scored, and what it must not be used for.

    The numbers of the scoring are the published version's, or those of the default
    questionnaire. The simulated ones are always those of the default questionnaire.
    """
    version = versions.live_version()
    questionnaire = (
        versions.questionnaire_of(version) if version else default_questionnaire()
    )
    return render(
        request,
        "assessments/method.html",
        {
            "version": version,
            "scoring": scoring_facts(questionnaire),
            "simulated": simulated(),
            "other_questions": questionnaire.sha256 != simulated().questionnaire,
            "evidence": outside_evidence(questionnaire),
        },
    )
