"""A member of staff tries out a draft, as visitors would take it. Nothing is stored."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from assessments.admin.draft_pages import DraftPages, to_draft
from assessments.answering import section_context
from assessments.drafts.try_out import Tampered, Ticket, TryOut, TryOutStartForm
from assessments.engine import Definition, score
from assessments.engine.outcomes import Outcome
from assessments.engine.parts import SHORT
from assessments.engine.reply import Reply
from assessments.models import Questionnaire, Scope
from assessments.results.report import answered_sections, report_of
from assessments.results.scoring_facts import scoring_facts

TAMPERED = (
    "We received something that our page doesn’t send, so the try-out starts over."
)
CHANGED = (
    "Someone has changed the draft since you started. The try-out starts over with the "
    "draft as it is now."
)


class TryOutPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
        view = self.admin_site.admin_view(safe_or_post(self.preview))
        return [
            path("<int:pk>/preview/", view, name="assessments_questionnaire_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks for the form. Later pages answer a POST with all answers so far."""
        draft = self.viewable(request, pk)
        questionnaire = self.scorable(request, draft)
        if questionnaire is None:
            return to_draft(pk)
        if request.method != "POST":
            return _start(
                request,
                draft,
                questionnaire,
                TryOutStartForm(scoring=scoring_facts(questionnaire)),
            )
        data = request.POST.dict()
        if "ticket" not in data:
            return _begin(request, draft, questionnaire, data)
        try:
            ticket = Ticket.read(str(data["ticket"]))
            if ticket.draft != draft.pk:
                raise Tampered
            if ticket.sha256 != questionnaire.sha256:
                return _start(
                    request,
                    draft,
                    questionnaire,
                    TryOutStartForm(scoring=scoring_facts(questionnaire)),
                    CHANGED,
                )
            return _step(
                request, draft, TryOut.carried(questionnaire, ticket, data), data
            )
        except Tampered:
            return _start(
                request,
                draft,
                questionnaire,
                TryOutStartForm(scoring=scoring_facts(questionnaire)),
                TAMPERED,
            )


def _begin(
    request: HttpRequest,
    draft: Questionnaire,
    questionnaire: Definition,
    data: dict[str, Any],
) -> HttpResponse:
    form = TryOutStartForm(data, scoring=scoring_facts(questionnaire))
    if not form.is_valid():
        return _start(request, draft, questionnaire, form)
    ticket = Ticket(
        draft.pk, questionnaire.sha256, form.cleaned_data["form"], int(time.time())
    )
    return _section(request, draft, TryOut(questionnaire, ticket, {}), 1)


def _step(
    request: HttpRequest, draft: Questionnaire, tried: TryOut, data: dict[str, Any]
) -> HttpResponse:
    """Show the section that was asked for, the next section, or the result."""
    if "look" in data:
        number = tried.section_number(data["look"], minimum=0)
        first_page = reverse("admin:assessments_questionnaire_preview", args=[draft.pk])
        return (
            _section(request, draft, tried, number)
            if number
            else HttpResponseRedirect(first_page)
        )
    form = SHORT if data.get("action") == "stop" else tried.ticket.form
    if form == tried.ticket.form:
        number = tried.section_number(data.get("section", ""))
        if not tried.section_form(number, ask=True).is_valid():
            return _section(request, draft, tried, number, ask=True)
        if number + 1 in tried.walk.numbers:
            return _section(request, draft, tried, number + 1)
    gap = tried.first_gap(form)
    return (
        _section(request, draft, tried, gap, ask=True)
        if gap
        else _result(request, draft, tried, form)
    )


def _start(
    request: HttpRequest,
    draft: Questionnaire,
    questionnaire: Definition,
    form: TryOutStartForm,
    refusal: str = "",
) -> HttpResponse:
    context = {"draft": draft, "form": form, "refusal": refusal}
    return TemplateResponse(
        request,
        "admin/assessments/questionnaire/try.html",
        context,
        status=422 if refusal or form.errors else 200,
    )


def _section(
    request: HttpRequest,
    draft: Questionnaire,
    tried: TryOut,
    number: int,
    *,
    ask: bool = False,
) -> HttpResponse:
    form = tried.section_form(number, ask=ask)
    context = _carried(draft, tried) | section_context(tried.walk, number, form)
    context |= {
        "others": tried.hidden(without=form),
        "offer": tried.walk.offer(number, tried.answers),
    }
    return TemplateResponse(
        request,
        "admin/assessments/questionnaire/try_section.html",
        context,
        status=422 if ask else 200,
    )


def _result(
    request: HttpRequest, draft: Questionnaire, tried: TryOut, form: str
) -> HttpResponse:
    questionnaire = tried.questionnaire
    answers = {
        question.id: tried.answers[question.id]
        for question in questionnaire.questions_of(form)
    }
    seconds = max(int(time.time()) - tried.ticket.began, 0)
    result = score(questionnaire, answers, form=form, seconds=seconds)
    reply = Reply.from_data(result.reply())
    context = _carried(draft, tried)
    if reply.outcome == Outcome.TOO_FEW:
        sections = list(enumerate(answered_sections(questionnaire, answers, form), 1))
        skipped = [
            (number, row)
            for number, section in sections
            for row in section.rows
            if row.skipped
        ]
        context |= {"skipped": skipped}
        return TemplateResponse(
            request,
            "admin/assessments/questionnaire/try_too_few.html",
            context,
            status=422,
        )
    context |= {
        "report": report_of(questionnaire, reply, answers, Scope.ANSWERS),
        "last": len(questionnaire.sections_of(form)),
    }
    return TemplateResponse(
        request, "admin/assessments/questionnaire/try_result.html", context
    )


def _carried(draft: Questionnaire, tried: TryOut) -> dict[str, Any]:
    return {"draft": draft, "ticket": str(tried.ticket), "everything": tried.hidden()}
