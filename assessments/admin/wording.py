"""A draft's statements: the lines they cover, how they read, how panels rate them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import ratings as rating_actions
from assessments.actions import versions
from assessments.admin.draft_pages import DraftPages, noticed
from assessments.admin.places import Places, question_url
from assessments.drafts.coverage import Coverage, coverage
from assessments.drafts.desirability import balances, form_pictures
from assessments.drafts.readability import mean_grade, readings
from assessments.engine.desirability import (
    MAX_APART,
    MAX_APART_ON_AVERAGE,
    MIN_RATERS,
)
from assessments.engine.place import Place
from assessments.engine.readability import counts_words, grades
from assessments.engine.wording import (
    MAX_GRADE,
    MAX_MEAN_GRADE,
    MAX_WORDS,
    MAX_WORDS_APART,
)
from assessments.models import Questionnaire, RatingPanel
from assessments.queries import ratings as rating_queries
from content.addresses import absolute_url

WORDING_LIMITS = {
    "max_words": MAX_WORDS,
    "max_words_apart": MAX_WORDS_APART,
    "max_grade": MAX_GRADE,
    "max_mean_grade": MAX_MEAN_GRADE,
    "min_raters": MIN_RATERS,
    "max_apart": MAX_APART,
    "max_mean_apart": MAX_APART_ON_AVERAGE,
}


class WordingPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/coverage/",
                view(require_safe(self.coverage)),
                name="assessments_questionnaire_coverage",
            ),
            path(
                "<int:pk>/panels/",
                view(require_safe(self.panels)),
                name="assessments_questionnaire_panels",
            ),
            path(
                "<int:pk>/panels/make/",
                view(require_POST(self.make_panel)),
                name="assessments_questionnaire_make_panel",
            ),
            path(
                "<int:pk>/panels/<int:panel>/close/",
                view(require_POST(self.close_panel)),
                name="assessments_questionnaire_close_panel",
            ),
        ]
        return [*own, *super().get_urls()]

    def coverage(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How questions cover the lines of the article, and how statements read.

        Only a draft that is a valid questionnaire shows the second part.
        """
        draft = self.viewable(request, pk)
        checked = versions.review_draft(draft)
        places = Places(draft, checked.rows, checked.lines)
        readable = checked.questionnaire
        context = (
            self.page_context(request, draft, f"Coverage and readability of “{draft}”")
            | WORDING_LIMITS
        )
        context |= {
            "groups": _grouped(coverage(checked.rows, checked.lines)),
            "readings": [
                (places.of(Place(question=reading.question)), reading)
                for reading in readings(readable)
            ]
            if readable
            else [],
            "mean_grade": mean_grade(readable) if readable else None,
            "counts_words": readable and counts_words(readable.language),
            "grades": readable and grades(readable.language),
        }
        return TemplateResponse(
            request, "admin/assessments/questionnaire/coverage.html", context
        )

    def panels(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rating links, and the ratings of each trade-off."""
        draft = self.viewable(request, pk)
        checked = versions.review_draft(draft)
        places = Places(draft, checked.rows, checked.lines)
        readable = checked.questionnaire
        context = (
            self.page_context(request, draft, f"Ratings of the statements of “{draft}”")
            | WORDING_LIMITS
        )
        context |= noticed(
            places, [finding for finding in checked.findings if finding.rule == "P10"]
        )
        context |= {
            "panels": [
                (panel, _address(panel)) for panel in rating_queries.panels_of(draft)
            ],
            "balances": [
                (places.of(Place(question=balance.question)), balance)
                for balance in balances(readable, checked.ratings)
            ]
            if readable
            else [],
            "forms": form_pictures(readable, checked.ratings) if readable else {},
            "wording_rated": checked.wording_rated,
            "may_make": request.user.has_perm("assessments.add_ratingpanel"),
            "may_close": request.user.has_perm("assessments.change_ratingpanel"),
        }
        return TemplateResponse(
            request, "admin/assessments/questionnaire/panels.html", context
        )

    def make_panel(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.viewable(request, pk)
        if not request.user.has_perm("assessments.add_ratingpanel"):
            raise PermissionDenied
        try:
            rating_actions.make_panel(draft, by=request.user)  # type: ignore[arg-type]
        except rating_actions.NothingToRate:
            self.message_user(
                request,
                "No link was made, because the draft has no statements yet. "
                "Add questions first.",
                messages.ERROR,
            )
        else:
            self.message_user(
                request,
                "The rating link is ready. It’s the first in the list, and it shows "
                "the statements as they are now.",
                messages.SUCCESS,
            )
        return _to_panels(draft)

    def close_panel(self, request: HttpRequest, pk: int, panel: int) -> HttpResponse:
        draft = self.viewable(request, pk)
        if not request.user.has_perm("assessments.change_ratingpanel"):
            raise PermissionDenied
        own_panel = rating_queries.panels_of(draft).filter(pk=panel).first()
        if own_panel is None:
            raise Http404
        rating_actions.close_panel(own_panel, by=request.user)  # type: ignore[arg-type]
        self.message_user(
            request,
            "That link is closed. Its ratings still count.",
            messages.SUCCESS,
        )
        return _to_panels(draft)


def _to_panels(draft: Questionnaire) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        reverse("admin:assessments_questionnaire_panels", args=[draft.pk])
    )


def _address(panel: RatingPanel) -> str:
    return absolute_url(reverse("rate", args=[panel.token]))


def _grouped(rows: list[Coverage]) -> list[tuple[str, list[tuple[Coverage, Any]]]]:
    """The rows by role and kind, with links to the questions that use them."""
    groups: dict[str, list[tuple[Coverage, Any]]] = {}
    for row in rows:
        kind = row.line.get_kind_display()
        heading = (
            f"{row.line.role}: {kind[0].lower()}{kind[1:]}" if row.line.role else kind
        )
        links = [
            [(use, question_url(use.section, use.number)) for use in uses]
            for uses in (row.trade_offs, row.enjoyment, row.shared)
        ]
        groups.setdefault(heading, []).append((row, links))
    return list(groups.items())
