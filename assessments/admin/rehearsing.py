"""A draft rehearsed and tried: work that writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from assessments import queries, rehearsal
from assessments.actions import publishing
from assessments.admin.draft_pages import DraftPages, to_draft
from assessments.engine import Questionnaire as Definition

NOT_SCORABLE = ("P1", "P2", "P6", "P13", "P14")  # rules without which there may be nothing to divide by
PAGE, LINES = "text/html", "application/x-ndjson"
# Compressed or buffered by a proxy, the lines would wait for each other.
NOT_HELD_BACK = {"Content-Encoding": "identity", "X-Accel-Buffering": "no"}
FOUND = "admin/assessments/questionnaire/_rehearsal.html"


class RehearsalPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/rehearse/", view(require_POST(self.rehearse)), name="assessments_questionnaire_rehearse"),
            path("<int:pk>/preview/<int:number>/", view(require_safe(self.preview)), name="assessments_questionnaire_preview"),
        ]
        return [*own, *super().get_urls()]

    def rehearse(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """A POST, because it is work. Answers with a page when all is done or, to a script that asks for lines of JSON, with a
        line after every slice of the work."""
        draft = self.viewable(request, pk)
        checked = publishing.review(draft)
        if checked.questionnaire is None or any(finding.rule in NOT_SCORABLE for finding in checked.blocking):
            self.message_user(request, "This draft is not yet a questionnaire that can be scored. Mend the findings first.", messages.ERROR)
            return to_draft(pk)
        definition = queries.live_definition()
        live = Definition.from_json(definition) if definition else None
        if request.get_preferred_type([PAGE, LINES]) == LINES:
            work = rehearsal.rehearsing(checked.questionnaire, live=live, stored=queries.stored_answers())
            people = rehearsal.people_in(live, queries.stored_answers_count())
            return StreamingHttpResponse(_lines(work, people), content_type=LINES, headers=NOT_HELD_BACK)
        found = rehearsal.rehearse(checked.questionnaire, live=live, stored=queries.stored_answers())
        context = self.page_context(request, draft, f"Rehearsal of “{draft}”") | _told(found)
        return TemplateResponse(request, "admin/assessments/questionnaire/rehearse.html", context)

    def preview(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """A section of the draft as visitors would see it. Nothing can be sent from it and nothing is stored."""
        draft = self.viewable(request, pk)
        sections = list(draft.sections.prefetch_related("questions"))
        if not 1 <= number <= len(sections):
            raise Http404
        context = self.page_context(request, draft, f"Section {number} of {len(sections)}") | {
            "section": sections[number - 1],
            "questions": sections[number - 1].questions.all(),
            "number": number,
            "before": number - 1,
            "after": number + 1 if number < len(sections) else None,
        }
        return TemplateResponse(request, "admin/assessments/questionnaire/preview.html", context)


def _lines(work: rehearsal.Work, people: int) -> Iterator[str]:
    """How many people of how many, line by line; the last line holds what was found as a piece of the page."""
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            yield json.dumps({"found": render_to_string(FOUND, _told(end.value))}) + "\n"
            return
        yield json.dumps({"done": done, "people": people}) + "\n"


def _told(found: rehearsal.Rehearsal) -> dict[str, Any]:
    return {"rehearsal": found, "people": rehearsal.PEOPLE, "least_shown": rehearsal.LEAST_SHOWN}
