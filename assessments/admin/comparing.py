"""Two questionnaires side by side: published versions, or a version and a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from assessments import engine
from assessments.actions import versions as version_actions
from assessments.admin.places import Places
from assessments.drafts.differences import DefinitionDifference, side_by_side
from assessments.models import Questionnaire, Version
from assessments.queries import versions as version_queries


class CompareForm(forms.Form):
    """The query string of the page: `version-<number>` or `draft-<pk>`, twice."""

    before = forms.ChoiceField(label="First")
    after = forms.ChoiceField(label="Second")
    only = forms.BooleanField(label="Show only differences", required=False)

    def __init__(
        self,
        data: dict[str, str],
        versions: QuerySet[Version],
        drafts: QuerySet[Questionnaire],
    ) -> None:
        super().__init__(data)
        self.versions, self.drafts = versions, drafts
        choices = [
            (
                "Published",
                [(f"version-{version.number}", str(version)) for version in versions],
            )
        ]
        choices += (
            [
                (
                    "Drafts",
                    [(f"draft-{draft.pk}", str(draft)) for draft in drafts],
                )
            ]
            if drafts
            else []
        )
        for name in ("before", "after"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_before(self) -> engine.Definition:
        return self._read("before")

    def clean_after(self) -> engine.Definition:
        return self._read("after")

    def title(self, name: str) -> str:
        """The label of the chosen option."""
        return next(
            words
            for _, group in self.fields[name].choices  # type: ignore[attr-defined]
            for value, words in group
            if value == self.data[name]
        )

    def _read(self, name: str) -> engine.Definition:
        kind, _, number = self.cleaned_data[name].partition("-")
        if kind == "version":
            return version_queries.questionnaire_of(self.versions.get(number=number))
        readable = version_actions.review_draft(
            self.drafts.get(pk=number)
        ).questionnaire
        if readable is None:
            raise forms.ValidationError(
                "This draft isn’t a complete questionnaire yet. Fix its findings first."
            )
        return readable


class ComparingPages(admin.ModelAdmin):  # type: ignore[type-arg]
    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(require_safe(self.compare))
        return [
            path("compare/", page, name="assessments_version_compare"),
            *super().get_urls(),
        ]

    def compare(self, request: HttpRequest) -> HttpResponse:
        """Compare the two chosen questionnaires. See _chosen() for the defaults."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_see_drafts = self.admin_site.get_model_admin(
            Questionnaire
        ).has_view_permission(request)
        versions = self.get_queryset(request)
        offered = (
            Questionnaire.objects.order_by("-changed_at", "-pk")
            if may_see_drafts
            else Questionnaire.objects.none()
        )
        form = CompareForm(_chosen(request, versions, offered), versions, offered)
        rows: list[tuple[str, DefinitionDifference]] = []
        if form.is_valid():
            before, after = form.cleaned_data["before"], form.cleaned_data["after"]
            places = Places(None, (), (*before.strengths, *after.strengths))
            rows = [
                (places.of(difference.place).words, difference)
                for difference in side_by_side(before, after)
                if difference.differs or not form.cleaned_data["only"]
            ]
        context = self.admin_site.each_context(request) | {
            "title": "Compare two questionnaires",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "rows": rows,
            "names": [form.title("before"), form.title("after")]
            if form.is_valid()
            else [],
            "differing": sum(difference.differs for _, difference in rows),
        }
        return TemplateResponse(
            request, "admin/assessments/version/compare.html", context
        )


def _chosen(request: HttpRequest, versions: Any, drafts: Any) -> dict[str, str]:
    """The query string, with defaults.

    The first is the live version; the second is the newest draft or, without drafts,
    the previous version.
    """
    newest = [
        f"version-{version.number}" for version in versions.order_by("-number")[:2]
    ]
    latest = drafts.first()
    defaults = {
        "before": newest[0] if newest else "",
        "after": f"draft-{latest.pk}" if latest else newest[-1] if newest else "",
    }
    return defaults | request.GET.dict()
