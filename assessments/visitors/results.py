"""The owner's results, and the page on method."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import attempts, retention
from assessments.defaults import default_questionnaire
from assessments.keys import spaced
from assessments.models import Result
from assessments.queries import grants as grant_queries
from assessments.queries import owners, versions
from assessments.results.report import report
from assessments.results.scoring_facts import scoring_words
from assessments.visitors.holding import held_page, seen_by
from assessments.visitors.owner_cookie import for_owner


def _own_result(key: str, number: int | None = None) -> Result:
    result = owners.own_result(key, number)
    if result is None:
        raise Http404("no such result of this owner")
    return result


@require_safe
@for_owner
def result(request: HttpRequest, key: str, number: int | None = None) -> HttpResponse:
    """The newest result, or the one of that number. Without any result yet, on to the open attempt."""
    found = owners.own_result(key, number)
    if found is None:
        if number is not None:
            raise Http404("no such result of this owner")
        return redirect("quiz")
    grants = grant_queries.grants_of(found.owner)
    if held := held_page(request, key, found, grants):
        return held
    context = {"report": report(found), "result": found, "key": spaced(key)} | seen_by(
        found, grants
    )
    return render(request, "assessments/result.html", context)


@require_POST
@for_owner
def keep(request: HttpRequest, key: str, number: int) -> HttpResponse:
    kept = retention.keep_longer(_own_result(key, number))
    messages.success(request, f"Kept until {kept.expires_at:%-d %B %Y}.")
    return redirect("result_number", number)


@require_POST
@for_owner
def correct(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Open a corrected attempt and go to the question that is to change."""
    result = _own_result(key, number)
    if grant_queries.hold_on_result(result):
        return redirect("result_number", number)
    attempt = attempts.correct(result)
    question = request.POST.get("question", "")
    for place, section in enumerate(versions.sections_of(attempt), 1):
        if any(question == each.id for each in section.questions):
            return redirect(reverse("section", args=[place]) + f"#{question}")
    return redirect("review")


@require_POST
@for_owner
def continue_to_full(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The questions that the short form left out: a full attempt that begins with the short result's answers."""
    short = _own_result(key, number)
    if short.form != "short":
        raise Http404("only a short result can be carried on")
    if grant_queries.hold_on_result(short):
        return redirect("result_number", number)
    attempt = attempts.continue_to_full(short)
    for place, section in enumerate(versions.sections_of(attempt), 1):
        if any(question.id not in attempt.answers for question in section.questions):
            return redirect("section", place)
    return redirect("review")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How it is scored, how good it is known to be, what it must not be used for: from the published version's own
    constants, or those of the questionnaire that comes with the software."""
    version = versions.live_version()
    questionnaire = (
        versions.questionnaire_of(version) if version else default_questionnaire()
    )
    return render(
        request,
        "assessments/method.html",
        {"version": version, "scoring": scoring_words(questionnaire)},
    )
