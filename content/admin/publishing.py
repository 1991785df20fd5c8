"""Pages are published and taken offline, each time after a page that asks first."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from content import actions, findings, queries
from content.admin.states import StatesAdmin
from content.document import fingerprint
from content.forms import PagesForm
from content.models import Page
from content.review import review_batch, review_pages
from content.review_requests import (
    ReviewForm,
    ReviewMail,
    mail_publishers,
    unmailed_words,
)


class PublishingAdmin(StatesAdmin):
    actions = ["publish_selected"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        pages_that_ask = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            path(
                "publish/",
                view(pages_that_ask(self.publish)),
                name="content_page_publish",
            ),
            path(
                "<int:pk>/withdraw/",
                view(pages_that_ask(self.withdraw)),
                name="content_page_withdraw",
            ),
            path(
                "<int:pk>/review/",
                view(pages_that_ask(self.review)),
                name="content_page_review",
            ),
        ]
        return [*own, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deletion: most pages were published and are taken offline instead.

        A page that never was can be deleted from its own form.
        """
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("content.publish_page")

    @admin.action(description="Publish the selected pages…", permissions=["publish"])
    def publish_selected(
        self, request: HttpRequest, queryset: QuerySet[Page]
    ) -> HttpResponse:
        chosen = urlencode([("page", page.pk) for page in queryset])
        return HttpResponseRedirect(f"{reverse('admin:content_page_publish')}?{chosen}")

    def publish(self, request: HttpRequest) -> HttpResponse:
        """GET shows what would change and what blocks it; POST publishes just that."""
        if not (
            self.has_publish_permission(request) and self.has_view_permission(request)
        ):
            raise PermissionDenied
        form = PagesForm(request.GET)
        if not form.is_valid():
            raise Http404
        pages = list(form.cleaned_data["page"])
        if request.method != "POST":
            return self.ask(request, pages)
        ready, refused = review_batch(pages)
        try:
            versions = actions.publish_pages(
                # Where nothing can be published, this says why.
                [review.page for review in ready] or pages,
                by=request.user,  # type: ignore[arg-type]
                seen=request.POST.get("seen", ""),
            )
        except actions.PublishError as error:
            for finding in error.findings:
                self.message_user(request, finding, messages.ERROR)
            return self.ask(request, pages, status=422)
        for version in versions:
            self.message_user(
                request,
                f"“{version.page}” is published as state {version.number}.",
                messages.SUCCESS,
            )
        for review in refused:
            self.message_user(
                request,
                f"“{review.page}” isn’t published: {review.findings[0]}.",
                messages.WARNING,
            )
        if not versions:
            self.message_user(
                request, "Nothing has changed since you last published.", messages.INFO
            )
        return HttpResponseRedirect(
            reverse("admin:content_page_changelist")
            if len(pages) > 1
            else reverse("admin:content_page_change", args=(pages[0].pk,))
        )

    def ask(
        self, request: HttpRequest, pages: list[Page], status: int = 200
    ) -> HttpResponse:
        """Show the drafts that can be published together, and those that cannot."""
        ready, refused = review_batch(pages)
        context = {
            "page": pages[0] if len(pages) == 1 else None,
            "reviews": [*ready, *refused],
            "changing": [review for review in ready if review.waits],
            "refused": refused,
            "seen": fingerprint(review.document for review in ready if review.document),
            "ready": any(review.waits for review in ready),
            "blocking": bool(refused),
        }
        title = (
            f"Publish “{pages[0]}”"
            if len(pages) == 1
            else f"Publish {len(pages)} pages"
        )
        return self.answer(request, "publish", title, status, **context)

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what changes and asks for a comment; POST marks the draft ready."""
        page = self.viewable(request, pk)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        if request.method != "POST":
            return self.ask_for_comment(request, page, ReviewForm())
        form = ReviewForm(request.POST)
        review = review_pages([page])[0]
        if not (review.findings or review.waits) or not form.is_valid():
            return self.ask_for_comment(request, page, form, status=422)
        comment, by = form.cleaned_data["comment"], cast(User, request.user)
        try:
            actions.ask_for_review(
                page, comment=comment, by=by, seen=request.POST.get("seen", "")
            )
        except actions.PublishError as error:
            for finding in error.findings:
                self.message_user(request, finding, messages.ERROR)
            page = self.viewable(request, pk)
            return self.ask_for_comment(request, page, form, status=422)
        self.message_user(
            request,
            "The draft is marked as ready for review. If you change it, mark it again.",
            messages.SUCCESS,
        )
        where = f"{reverse('admin:content_page_publish')}?page={page.pk}"
        mail = ReviewMail(
            "the draft of",
            page.title,
            where,
            comment,
            by,
            blocked=bool(review.findings),
        )
        if refused := mail_publishers(Page, mail):
            self.message_user(request, unmailed_words(refused), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))

    def ask_for_comment(
        self, request: HttpRequest, page: Page, form: ReviewForm, status: int = 200
    ) -> HttpResponse:
        # Before the rest: what changes while this page is made counts as not seen.
        seen = queries.draft_fingerprint(page)
        review = review_pages([page])[0]
        return self.answer(
            request,
            "review",
            f"Ask for a review of “{page}”",
            status,
            page=page,
            form=form,
            review=review,
            nothing=not review.findings and not review.waits,
            seen=seen,
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks; POST takes the page offline."""
        page = self.viewable(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.answer(
                request,
                "withdraw",
                f"Take “{page}” offline",
                page=page,
                current=queries.current_version(page),
                linking=findings.linking_pages(page),
            )
        try:
            actions.withdraw_page(page, by=request.user)  # type: ignore[arg-type]
        except actions.PublishError as error:
            for finding in error.findings:
                self.message_user(request, finding, messages.ERROR)
        else:
            self.message_user(
                request,
                f"“{page}” is offline. Publish its draft to bring it back.",
                messages.SUCCESS,
            )
        return HttpResponseRedirect(reverse("admin:content_page_change", args=(pk,)))
