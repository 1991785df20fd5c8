"""What every page about one draft needs: permission, findings and their places."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import PermissionDenied
from django.db.models import PositiveSmallIntegerField
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from assessments.actions import versions
from assessments.admin.places import Places
from assessments.engine import Definition, Finding
from assessments.models import Questionnaire
from assessments.web import WholeNumberField
from content.seen_admin import SeenAdmin

WHOLE_NUMBERS: dict[Any, Any] = {
    PositiveSmallIntegerField: {
        "form_class": WholeNumberField,
        "widget": AdminIntegerFieldWidget,
    }
}
# A draft that breaks one of these rules may make the scorer divide by zero.
NOT_SCORABLE = ("P2", "P13", "P14")


class DraftPages(SeenAdmin):
    class Media:
        css = {"all": ["css/admin_questionnaire.css"]}

    def viewable(self, request: HttpRequest, pk: int) -> Questionnaire:
        draft: Questionnaire | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        return draft

    def scorable(self, request: HttpRequest, draft: Questionnaire) -> Definition | None:
        """The draft as publishing would freeze it, or None and a message."""
        checked = versions.review_draft(draft)
        if checked.questionnaire is None or any(
            finding.rule in NOT_SCORABLE for finding in checked.blocking
        ):
            self.message_user(
                request,
                "This draft can’t be scored yet. Fix its findings first.",
                messages.ERROR,
            )
            return None
        return checked.questionnaire

    def page_context(
        self, request: HttpRequest, draft: Questionnaire, title: str
    ) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": title,
            "draft": draft,
            "opts": self.opts,
            "media": self.media,
        }


def to_draft(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        reverse("admin:assessments_questionnaire_change", args=[pk])
    )


def noticed(places: Places, findings: list[Finding]) -> dict[str, Any]:
    return {
        "blocking": places.notices(finding for finding in findings if finding.blocking),
        "warnings": places.notices(
            finding for finding in findings if not finding.blocking
        ),
    }
