"""A draft rehearsed: work that writes nothing."""

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
from assessments.engine import read_definition
from assessments.queries import answers, versions

PAGE, LINES = "text/html", "application/x-ndjson"
# Compressed or buffered by a proxy, the lines would wait for each other.
NOT_HELD_BACK = {"Content-Encoding": "identity", "X-Accel-Buffering": "no"}
FOUND = "admin/assessments/questionnaire/_rehearsal.html"


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
        """A POST, because it is work. Answers with a page when all is done or, to a script that asks for lines of JSON, with a
        line after every slice of the work."""
        draft = self.viewable(request, pk)
        questionnaire = self.scorable(request, draft)
        if questionnaire is None:
            return to_draft(pk)
        definition = versions.live_definition()
        live = read_definition(definition) if definition else None
        if request.get_preferred_type([PAGE, LINES]) == LINES:
            work = rehearsal.rehearsing(
                questionnaire, live=live, stored=answers.stored_answers()
            )
            people = rehearsal.people_in(live, answers.stored_answers_count())
            return StreamingHttpResponse(
                _lines(work, people), content_type=LINES, headers=NOT_HELD_BACK
            )
        found = rehearsal.rehearse(
            questionnaire, live=live, stored=answers.stored_answers()
        )
        context = self.page_context(request, draft, f"Rehearsal of “{draft}”") | _told(
            found
        )
        return TemplateResponse(
            request, "admin/assessments/questionnaire/rehearse.html", context
        )


def _lines(work: rehearsal.Work, people: int) -> Iterator[str]:
    """How many people of how many, line by line; the last line holds what was found as a piece of the page."""
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            yield (
                json.dumps({"found": render_to_string(FOUND, _told(end.value))}) + "\n"
            )
            return
        yield json.dumps({"done": done, "people": people}) + "\n"


def _told(found: rehearsal.Rehearsal) -> dict[str, Any]:
    return {
        "rehearsal": found,
        "people": rehearsal.PEOPLE,
        "least_shown": rehearsal.LEAST_SHOWN,
    }
