"""Published versions: view, download, begin a draft. No page changes a version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from assessments.actions import drafts, exports
from assessments.admin.comparing import ComparingPages
from assessments.admin.constants import CONSTANT_GROUPS, CONSTANT_LABELS
from assessments.drafts.differences import lines_that_differ
from assessments.engine import (
    Constants,
    Definition,
    DefinitionError,
    QuestionDefinition,
)
from assessments.engine.parts import LEFT
from assessments.models import Version
from assessments.queries import versions as version_queries


@admin.register(Version)
class VersionAdmin(ComparingPages):
    list_display = (
        "number",
        "name",
        "live",
        "published_at",
        "publisher",
        "fingerprint",
    )
    fields = readonly_fields = ("number", "name", "published_at", "publisher", "sha256")

    class Media:
        css = {"all": ["css/admin_questionnaire.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        # Not queries.versions.live_version(): for some seconds it may still name an
        # older version than another process has published.
        newest = Version.objects.order_by("-number").values("number")[:1]
        versions = super().get_queryset(request).annotate(newest=Subquery(newest))
        return versions.defer("definition").select_related("published_by")

    @admin.display(description="live", boolean=True)
    def live(self, version: Any) -> bool:
        return bool(version.number == version.newest)

    @admin.display(description="published by")
    def publisher(self, version: Version) -> str:
        return str(version.published_by or "Came with the software")

    @admin.display(description="fingerprint")
    def fingerprint(self, version: Version) -> str:
        return version.sha256[:12]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Version | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Version | None = None
    ) -> bool:
        return False

    def has_duplicate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessments.add_questionnaire")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/duplicate/",
                view(require_POST(self.duplicate)),
                name="assessments_version_duplicate",
            ),
            path(
                "<int:pk>/definition.json",
                view(require_POST(self.definition)),
                name="assessments_version_definition",
            ),
        ]
        return [*own, *super().get_urls()]

    def viewable(self, request: HttpRequest, pk: int) -> Version:
        version: Version | None = self.get_object(request, str(pk))
        if version is None:
            raise Http404
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        return version

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        version: Version = context["original"]
        questionnaire = version_queries.questionnaire_of(version)
        context |= {
            "questionnaire": questionnaire,
            "sections": [
                (
                    section,
                    [_row(questionnaire, question) for question in section.questions],
                )
                for section in questionnaire.sections
            ],
            "constants": [
                (
                    title,
                    [
                        (
                            CONSTANT_LABELS[name],
                            _constant(questionnaire.constants, name),
                        )
                        for name in names
                    ],
                )
                for title, _, names in CONSTANT_GROUPS
            ],
            "is_live": self.live(version),
            "apart": (
                lines_that_differ(questionnaire, version_queries.article_lines())
                if self.live(version)
                else []
            ),
            "may_duplicate": self.has_duplicate_permission(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def duplicate(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.viewable(request, pk)
        if not self.has_duplicate_permission(request):
            raise PermissionDenied
        try:
            draft = drafts.duplicate(
                version,
                by=request.user,  # type: ignore[arg-type]
            )
        except DefinitionError as error:
            for fault in error.faults:
                self.message_user(
                    request, f"No draft was made: {fault.message}.", messages.ERROR
                )
            return HttpResponseRedirect(
                reverse("admin:assessments_version_change", args=[pk])
            )
        self.log_addition(request, draft, f"Started from version {version.number}.")
        self.message_user(
            request,
            f"This draft starts from version {version.number}. "
            "Visitors see it once you publish it.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(
            reverse("admin:assessments_questionnaire_change", args=[draft.pk])
        )

    def definition(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Download a version. It is a POST, because an audit entry records who did."""
        version = self.viewable(request, pk)
        definition = exports.export_definition(
            version,
            by=request.user,  # type: ignore[arg-type]
        )
        response = HttpResponse(definition, content_type="application/json")
        response["Content-Disposition"] = (
            f'attachment; filename="rolefit-version-{version.number}.json"'
        )
        return response


def _row(
    questionnaire: Definition, question: QuestionDefinition
) -> tuple[str, list[tuple[str, str, str]]]:
    """The question's id, and its statements from left to right.

    A statement has its side (empty outside a trade-off), its text and its line.
    """
    if question.side is None:
        return question.id, [
            (
                "",
                question.statement.text,
                questionnaire.strength(question.statement.strength).name,
            )
        ]
    sides = ("project", question.project), ("product", question.product)
    ordered = sides if question.side == LEFT else sides[::-1]
    return question.id, [
        (side, statement.text, questionnaire.strength(statement.strength).name)
        for side, statement in ordered
    ]


def _constant(constants: Constants, name: str) -> str:
    """The value of a constant, by the name of its column in a draft."""
    form, _, limit = name.partition("_")
    return str(
        getattr(constants.of(form), limit)
        if form in ("full", "short")
        else getattr(constants, name)
    )
