"""The states of a page: shown as visitors saw them, compared, and restored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from content_editor.admin import ContentEditor
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from content import actions, published, queries
from content.difference import PageDifference, difference
from content.document import Document
from content.forms import DRAFT, ComparisonForm
from content.models import Page, PageVersion, SavedDraft
from content.seen_admin import SeenAdmin
from content.views import page_context


class StatesAdmin(SeenAdmin, ContentEditor):  # type: ignore[misc]
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/preview/",
                view(require_safe(self.preview)),
                name="content_page_preview",
            ),
            path(
                "<int:pk>/difference/",
                view(require_safe(self.difference)),
                name="content_page_difference",
            ),
            path(
                "<int:pk>/states/",
                view(require_safe(self.states)),
                name="content_page_states",
            ),
            path(
                "<int:pk>/states/<int:number>/",
                view(require_safe(self.state_preview)),
                name="content_page_state",
            ),
            path(
                "<int:pk>/states/<int:number>/restore/",
                view(require_POST(self.restore)),
                name="content_page_restore",
            ),
            path(
                "<int:pk>/drafts/<int:draft>/restore/",
                view(require_POST(self.restore_draft)),
                name="content_page_restore_draft",
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
        """A published state. The mark that the page was taken offline gives 404."""
        version = (
            self.viewable(request, pk)
            .versions.filter(number=number)
            .exclude(content="")
            .first()
        )
        if version is None:
            raise Http404
        return version

    def answer(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        status: int = 200,
        **more: Any,
    ) -> TemplateResponse:
        context = (
            self.admin_site.each_context(request)
            | {"title": title, "opts": self.opts, "media": self.media}
            | more
        )
        return TemplateResponse(
            request, f"admin/content/page/{template}.html", context, status=status
        )

    def show(
        self, request: HttpRequest, page: Page, document: Document, **more: Any
    ) -> HttpResponse:
        """Exactly what visitors would see, below a note that leads back."""
        current = queries.current_version(page)
        now = current.document().slug if current else document.slug
        state = published.load_site().with_document(document, instead_of=now)
        chapter = next(
            chapter for chapter in state.chapters if chapter.slug == document.slug
        )
        context = page_context(state, chapter) | {"row": page} | more
        return render(request, "content/preview.html", context)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = self.viewable(request, pk)
        return self.show(request, page, queries.draft(page))

    def state_preview(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = self.version(request, pk, number)
        return self.show(request, version.page, version.document(), version=version)

    def states(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who published each state and when, and what it changed."""
        page = self.viewable(request, pk)
        names = queries.strength_names()
        rows: list[tuple[PageVersion, PageDifference | None, int | None]] = []
        before: PageVersion | None = None
        for version in reversed(page.versions.select_related("published_by")):
            if version.is_offline:
                rows.append((version, None, None))
                continue
            changed = difference(
                before.document() if before else None, version.document(), names
            )
            rows.append((version, changed, before.number if before else None))
            before = version
        current = queries.current_version(page)
        context: dict[str, Any] = {
            "page": page,
            "rows": rows[::-1],
            "current": current,
            "drafts": page.drafts.select_related("saved_by"),
            "may_take_back": self.has_change_permission(request, page),
        }
        return self.answer(request, "states", f"States of “{page}”", **context)

    def difference(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What differs between two states, or between a state and the draft.

        By default from what visitors see to the draft.
        """
        page = self.viewable(request, pk)
        versions = page.versions.exclude(content="")
        saved = page.drafts.select_related("saved_by")
        versions_by_number: dict[str, PageVersion | SavedDraft] = {
            str(version.number): version for version in versions
        }
        drafts = {f"saved-{draft.pk}": draft for draft in saved}
        asked = {
            "before": next(iter(versions_by_number), DRAFT),
            "after": DRAFT,
        } | request.GET.dict()
        versions_by_number |= drafts
        form = ComparisonForm(asked, versions=versions, drafts=saved)
        context: dict[str, Any] = {"page": page, "form": form}
        if form.is_valid():
            names = (form.cleaned_data["before"], form.cleaned_data["after"])
            old, new = (
                queries.draft(page)
                if name == DRAFT
                else versions_by_number[name].document()
                for name in names
            )
            if names[0] == DRAFT != names[1]:
                # Restoring leaves the address alone.
                new = replace(new, slug=old.slug)
            context["difference"] = difference(old, new, queries.strength_names())
            # From the draft to an older state: the page offers to restore that state,
            # and says what restoring cannot bring back.
            if names[0] == DRAFT != names[1] and self.has_change_permission(
                request, page
            ):
                context |= {
                    "taken_back": versions_by_number[names[1]],
                    "saved_draft": drafts.get(names[1]),
                    "stays_apart": difference(
                        new, queries.as_draft(new), queries.strength_names()
                    ),
                }
        return self.answer(
            request,
            "difference",
            f"Changes in “{page}”",
            status=200 if form.is_valid() else 400,
            **context,
        )

    def restore_draft(self, request: HttpRequest, pk: int, draft: int) -> HttpResponse:
        page = self.viewable(request, pk)
        saved = page.drafts.filter(pk=draft).first()
        if saved is None:
            raise Http404
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        actions.restore_draft(saved, by=request.user)  # type: ignore[arg-type]
        self.message_user(
            request,
            "You restored the saved draft. The one it replaced is in the list of "
            "saved drafts.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))

    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        version = self.version(request, pk, number)
        if not self.has_change_permission(request, version.page):
            raise PermissionDenied
        actions.restore_page(version, by=request.user)  # type: ignore[arg-type]
        frozen = version.document()
        exception = (
            ""
            if queries.as_draft(frozen) == frozen
            else ", with today’s lists of strengths"
        )
        self.message_user(
            request,
            f"State {number} is the draft again{exception}. "
            "Publish it to show it to visitors.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))
