"""Rehearse a draft. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from assessments.admin.draft_pages import DraftPages, to_draft
from assessments.drafts import rehearsal
from assessments.drafts.rehearsal import in_tens
from assessments.engine import read_definition
from assessments.engine.statistics import MIN_CELL
from assessments.queries import answers, versions

HTML, NDJSON = "text/html", "application/x-ndjson"
# A proxy that compresses or buffers would hold the lines back.
UNBUFFERED = {"Content-Encoding": "identity", "X-Accel-Buffering": "no"}
RESULT_TEMPLATE = "admin/assessments/questionnaire/_rehearsal.html"


class RehearsalPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/rehearse/",
                view(require_POST(self.rehearse)),
                name="assessments_questionnaire_rehearse",
            ),
        ]
        return [*own, *super().get_urls()]

    def rehearse(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Respond with a page, or with lines of JSON if the page's script wants them.

        It is a POST, because it costs seconds of work.
        """
        draft = self.viewable(request, pk)
        questionnaire = self.scorable(request, draft)
        if questionnaire is None:
            return to_draft(pk)
        definition = versions.live_definition()
        live = read_definition(definition) if definition else None
        if request.get_preferred_type([HTML, NDJSON]) == NDJSON:
            work = rehearsal.rehearsing(
                questionnaire, live=live, stored=answers.stored_answers()
            )
            people = rehearsal.people_in(live, answers.stored_answers_count())
            return StreamingHttpResponse(
                _lines(work, people), content_type=NDJSON, headers=UNBUFFERED
            )
        rehearsed = rehearsal.rehearse(
            questionnaire, live=live, stored=answers.stored_answers()
        )
        context = self.page_context(request, draft, f"Rehearsal of “{draft}”")
        context |= _rehearsal_context(rehearsed)
        return TemplateResponse(
            request, "admin/assessments/questionnaire/rehearse.html", context
        )


def _lines(work: rehearsal.Work, people: int) -> Iterator[str]:
    """One line of progress per slice, in tens. The last line holds the result as HTML.

    The exact number of people would tell when one more is stored.
    """
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            html = render_to_string(RESULT_TEMPLATE, _rehearsal_context(end.value))
            yield json.dumps({"html": html}) + "\n"
            return
        yield json.dumps({"done": in_tens(done), "people": in_tens(people)}) + "\n"


def _rehearsal_context(rehearsed: rehearsal.Rehearsal) -> dict[str, Any]:
    return {
        "rehearsal": rehearsed,
        "people": rehearsal.PEOPLE,
        "min_shown": MIN_CELL,
    }
