"""Pages: blocks edited as a draft, looked at, and published."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe
from js_asset import Media

from content import actions, published, queries
from content.models import BLOCKS, Page, PageVersion
from content.views import page_context


class NonceMixin:
    """The editors' import map is an inline script, which our policy runs only with the nonce of this response."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> TemplateResponse:
        response: TemplateResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        # str() reads the lazy nonce, which is falsy before.
        response.context_data["media"] = Media.from_media(response.context_data["media"]).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined, index]
        return response


@admin.register(Page)
class PageAdmin(NonceMixin, ContentEditor):  # type: ignore[misc]
    list_display = ("title", "address", "position", "in_navigation", "state")
    list_display_links = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "lead")}),
        ("Contents and search engines", {"classes": ("collapse",), "fields": ("nav_title", "description", "position", "in_navigation")}),
    )
    inlines = [ContentEditorInline.create(model) for model in BLOCKS.values()]
    actions = ["publish_selected"]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        newest = PageVersion.objects.filter(page=OuterRef("pk")).order_by("-number")
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(published_number=Max("versions__number"), published_at=Subquery(newest.values("published_at")[:1]))

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        return ("slug",) if obj and self.is_published(obj) else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj and self.is_published(obj) else dict(self.prepopulated_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.is_published(obj))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("content.publish_page")

    def is_published(self, page: Page) -> bool:
        return page.versions.exists()

    @admin.display(description="address", ordering="slug")
    def address(self, page: Page) -> str:
        return page.get_absolute_url()

    @admin.display(description="published", empty_value="Not yet", ordering="published_at")
    def state(self, page: Any) -> str | None:
        return f"State {page.published_number}, {page.published_at:%-d %B %Y}" if page.published_number else None

    @admin.action(description="Publish the selected pages", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        self.publish(request, list(queryset))

    def publish(self, request: HttpRequest, pages: list[Page]) -> None:
        try:
            versions = actions.publish_pages(pages, by=request.user)  # type: ignore[arg-type]
        except actions.PublishError as error:
            for finding in error.findings:
                self.message_user(request, finding, messages.ERROR)
            return
        for version in versions:
            self.message_user(request, f"“{version.page}” is published, as state {version.number}.", messages.SUCCESS)
        if not versions:
            self.message_user(request, "Nothing has changed since the last publishing.", messages.INFO)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(require_safe(self.preview)), name="content_page_preview"),
            path("<int:pk>/publish/", self.admin_site.admin_view(require_POST(self.publish_one)), name="content_page_publish"),
            path("<int:pk>/states/", self.admin_site.admin_view(require_safe(self.states)), name="content_page_states"),
            path("<int:pk>/states/<int:number>/", self.admin_site.admin_view(require_safe(self.state_preview)), name="content_page_state"),
            path(
                "<int:pk>/states/<int:number>/restore/", self.admin_site.admin_view(require_POST(self.restore)), name="content_page_restore"
            ),
        ]
        return [*own, *super().get_urls()]

    def viewable(self, request: HttpRequest, pk: int) -> Page:
        page: Page | None = self.get_object(request, str(pk))
        if page is None:
            raise Http404
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        return page

    def version(self, request: HttpRequest, pk: int, number: int) -> PageVersion:
        version = self.viewable(request, pk).versions.filter(number=number).first()
        if version is None:
            raise Http404
        return version

    def show(self, request: HttpRequest, document: Any) -> HttpResponse:
        """Exactly what visitors would get, from the same template."""
        state = published.load().with_document(document)
        chapter = next(chapter for chapter in state.chapters if chapter.slug == document.slug)
        return render(request, "content/page.html", page_context(state, chapter))

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, queries.draft(self.viewable(request, pk)))

    def publish_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = self.viewable(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        self.publish(request, [page])
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))

    def states(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = self.viewable(request, pk)
        context = self.admin_site.each_context(request) | {
            "title": f"Published states of “{page}”",
            "page": page,
            "opts": self.opts,
            "versions": page.versions.select_related("published_by"),
            "may_restore": self.has_change_permission(request, page),
        }
        return TemplateResponse(request, "admin/content/page/states.html", context)

    def state_preview(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        return self.show(request, self.version(request, pk, number).document())

    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = self.version(request, pk, number)
        if not self.has_change_permission(request, version.page):
            raise PermissionDenied
        actions.restore_page(version, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, f"State {number} is the draft again. Visitors see it once you publish.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))
