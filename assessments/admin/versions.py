"""Published versions: to look at, to take away, to begin a draft from. Nothing here changes one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from assessments import queries
from assessments.actions import publishing
from assessments.models import Version


@admin.register(Version)
class VersionAdmin(admin.ModelAdmin):
    list_display = ("number", "name", "published_at", "published_by", "fingerprint")
    change_form_template = "admin/assessments/version/change_form.html"
    fields = ("number", "name", "sha256", "published_at", "published_by")
    readonly_fields = fields

    @admin.display(description="fingerprint")
    def fingerprint(self, version: Version) -> str:
        return version.sha256[:12]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/duplicate/", view(require_POST(self.duplicate)), name="assessments_version_duplicate"),
            path("<int:pk>/definition.json", view(require_safe(self.definition)), name="assessments_version_definition"),
        ]
        return [*own, *super().get_urls()]

    def viewable(self, request: HttpRequest, pk: int) -> Version:
        version = self.get_object(request, str(pk))
        if version is None:
            raise Http404
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        return version

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        version = context["original"]
        context |= {
            "questionnaire": queries.questionnaire_of(version),
            "may_duplicate": request.user.has_perm("assessments.add_questionnaire"),
        }
        response: TemplateResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[assignment]
        return response

    def duplicate(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.viewable(request, pk)
        if not request.user.has_perm("assessments.add_questionnaire"):
            raise PermissionDenied
        draft = publishing.duplicate(version, name=version.name)
        self.message_user(request, f"This draft begins as version {version.number}. Visitors see it once you publish.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:assessments_questionnaire_change", args=[draft.pk]))

    def definition(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.viewable(request, pk)
        response = HttpResponse(version.definition, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="rolefit-version-{version.number}.json"'
        return response
