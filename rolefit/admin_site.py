"""The admin site. Its front page shows each member of staff what they may act on."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from assessments.actions import versions as version_actions
from assessments.actions.draft_reviews import drafts_to_review
from assessments.quality import dashboard
from assessments.quality.page import uncounted
from assessments.queries import coaches
from assessments.queries import versions as version_queries
from assessments.queries.overdue import overdue
from assessments.web import number_or_404
from content import published
from content.kept_form import kept_form
from content.review import page_statuses
from content.word_review import waiting_words


class RolefitAdminSite(AdminSite):
    site_header = site_title = "Rolefit"
    index_title = "Words and questions"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Hand back a posted form where the session has ended.

        Refuse rows chosen for an action whose keys are no numbers, and a field to find
        a row by that has no name: Django fails on both.
        """

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                    number_or_404(key)
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise BadRequest("a field without a name")
            return view(request, *args, **kwargs)

        protected: Any = super().admin_view(checked, cacheable)

        @wraps(protected)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if (
                not self.has_permission(request)
                and request.path != reverse("admin:logout")
                and (answer := kept_form(request, status=403))
            ):
                return answer
            return protected(request, *args, **kwargs)

        return kept

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send staff to allauth's sign-in, which has limits and second factors."""
        response: HttpResponse = secure_admin_login(super().login)(
            request, extra_context=extra_context
        )
        return response

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign out the way account pages do."""
        return (
            logout(request) if request.method == "POST" else redirect("account_logout")
        )

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page that coaches use, too."""
        return redirect("account_change_password")

    password_change_done = password_change

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, self.blocks(request) | (extra_context or {}))

    def blocks(self, request: HttpRequest) -> dict[str, Any]:
        """What the user's permissions cover; nothing else is even counted."""
        may, now = request.user.has_perm, timezone.now()
        blocks: dict[str, Any] = {}
        if may("content.change_sitewords") or may("content.publish_words"):
            blocks["missing_words"] = published.current().words.missing
        if may("content.view_wordsversion"):
            blocks["waiting_words"] = waiting_words()
        if may("content.view_page"):
            pages = blocks["pages"] = page_statuses()
            blocks["waiting_pages"] = [status for status in pages if status.waits]
            blocks["pages_to_review"] = [status for status in pages if status.request]
            blocks["may_publish_pages"] = may("content.publish_page")
        if may("assessments.change_coach"):
            blocks["waiting_coaches"] = coaches.requests()
        if not may("assessments.view_questionnaire") and not may(
            "assessments.view_quality"
        ):
            return blocks
        live = blocks["live"] = version_queries.newest_version()
        if may("assessments.view_questionnaire"):
            waiting = version_actions.waiting_drafts(live)
            blocks["waiting_drafts"] = waiting
            if may("assessments.publish_questionnaire"):
                blocks["drafts_to_review"] = drafts_to_review(waiting)
        if may("assessments.view_quality"):
            blocks["late_jobs"] = overdue(now=now)
            blocks["numbers"] = dashboard.numbers(live, now=now)
            blocks["alarms"] = dashboard.alarms(live, now=now) if live else []
            blocks["uncounted"] = uncounted(now=now)
        return blocks
