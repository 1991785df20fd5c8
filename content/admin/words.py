"""Roles, strengths and the site's words, and where all words are published."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from content import published, queries, word_actions
from content.actions import PublishError
from content.difference import words_difference
from content.forms import DRAFT, ComparisonForm
from content.models import Role, SiteWords, Strength, WordsVersion
from content.models.words import WordsState, draft_state, word_models
from content.views import landing_context, page_context
from content.word_review import WordsReview, review_words, waiting_words
from content.words_admin import WordsAdmin


@admin.register(WordsVersion)
class WordsVersionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The states of the words, and the page that publishes the drafts."""

    list_per_page = 25

    class Media:
        css = {"all": ["css/admin.css", "css/admin_pages.css"]}

    def get_urls(self) -> list[URLPattern]:
        """No pages of single rows: a state is shown as what it changed."""
        asks = require_http_methods(["GET", "HEAD", "POST"])
        views: list[tuple[str, Any, str]] = [
            ("", require_safe(self.changelist_view), "changelist"),
            ("difference/", require_safe(self.difference), "difference"),
            ("publish/", asks(self.publish), "publish"),
            ("preview/", require_safe(self.preview), "preview"),
            ("preview/<slug:slug>/", require_safe(self.preview), "preview_page"),
            ("<int:number>/", require_safe(self.state_preview), "state"),
            ("<int:number>/restore/", require_POST(self.restore), "restore"),
        ]
        return [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"content_wordsversion_{name}",
            )
            for route, view, name in views
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: WordsVersion | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: WordsVersion | None = None
    ) -> bool:
        return False

    def may_publish(self, request: HttpRequest) -> bool:
        return request.user.has_perm("content.publish_words")

    def may_restore(self, request: HttpRequest) -> bool:
        """Restoring writes drafts of every kind."""
        return request.user.has_perms(
            [
                f"{model._meta.app_label}.change_{model.model_name()}"
                for model in word_models()
            ]
        )

    def refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

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
            | {
                "title": title,
                "opts": self.opts,
                "media": self.media,
                "may_publish": self.may_publish(request),
                "may_restore": self.may_restore(request),
            }
            | more
        )
        return TemplateResponse(
            request, f"admin/content/words/{template}.html", context, status=status
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who published each state and when, and what it changed."""
        self.refuse_strangers(request)
        versions = WordsVersion.objects.select_related("published_by")
        page = Paginator(versions, self.list_per_page).get_page(
            request.GET.get(PAGE_VAR)
        )
        shown: list[Any] = list(page)
        # The last row of the page says what changed since the state before it.
        before = versions.filter(number__lt=shown[-1].number).first() if shown else None
        rows = [
            (
                version,
                words_difference(before.state(), version.state()) if before else None,
                before,
            )
            for version, before in pairwise([*shown, before])
        ]
        return self.answer(
            request,
            "states",
            "Published words",
            rows=rows,
            page=page,
            page_range=page.paginator.get_elided_page_range(page.number),
            waiting=waiting_words(),
        )

    def difference(self, request: HttpRequest) -> HttpResponse:
        """What differs between two states, or between a state and the drafts.

        By default from what visitors see to the drafts.
        """
        self.refuse_strangers(request)
        versions = {
            str(version.number): version
            for version in WordsVersion.objects.defer("content")
        }
        asked = {
            "before": next(iter(versions), DRAFT),
            "after": DRAFT,
        } | request.GET.dict()
        form = ComparisonForm(asked, versions=versions.values(), drafts=())
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            names = (form.cleaned_data["before"], form.cleaned_data["after"])
            old, new = (
                draft_state() if name == DRAFT else versions[name].state()
                for name in names
            )
            context["difference"] = words_difference(old, new)
            # From the drafts to an older state: the page offers to restore that state.
            if names[0] == DRAFT != names[1] and self.may_restore(request):
                context["restorable"] = versions[names[1]]
        return self.answer(
            request,
            "difference",
            "Changes in the words",
            status=200 if form.is_valid() else 400,
            **context,
        )

    def publish(self, request: HttpRequest) -> HttpResponse:
        """GET shows what would change and what blocks it; POST publishes just that."""
        self.refuse_strangers(request)
        if not self.may_publish(request):
            raise PermissionDenied
        if request.method != "POST":
            return self.ask(request)
        try:
            version = word_actions.publish_words(
                by=request.user,  # type: ignore[arg-type]
                seen=request.POST.get("seen", ""),
            )
        except PublishError as error:
            for finding in error.findings:
                self.message_user(request, finding, messages.ERROR)
            return self.ask(request, status=422)
        if version:
            text = f"You published the words, state {version.number}."
            self.message_user(request, text, messages.SUCCESS)
        else:
            text = "Nothing has changed since words were last published."
            self.message_user(request, text, messages.INFO)
        return HttpResponseRedirect(reverse("admin:content_wordsversion_changelist"))

    def ask(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        review: WordsReview = review_words()
        return self.answer(
            request,
            "publish",
            "Publish the words",
            status,
            review=review,
            chapters=published.current().chapters,
        )

    def restore(self, request: HttpRequest, number: int) -> HttpResponse:
        self.refuse_strangers(request)
        if not self.may_restore(request):
            raise PermissionDenied
        version = get_object_or_404(WordsVersion, number=number)
        try:
            word_actions.restore_words(version, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            self.message_user(
                request,
                f"We restored the drafts to state {number}. Publish the words to show "
                "them to visitors.",
                messages.SUCCESS,
            )
        return HttpResponseRedirect(reverse("admin:content_wordsversion_difference"))

    def preview(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        self.refuse_strangers(request)
        return self.show(request, draft_state(), slug)

    def state_preview(self, request: HttpRequest, number: int) -> HttpResponse:
        self.refuse_strangers(request)
        version = get_object_or_404(WordsVersion, number=number)
        return self.show(request, version.state(), version=version)

    def show(
        self,
        request: HttpRequest,
        words: WordsState,
        slug: str = "",
        version: WordsVersion | None = None,
    ) -> HttpResponse:
        """A page of today with these words, below a note that leads back."""
        site = published.load_site(words)
        everywhere = {"site": site.words, "roles": site.roles, "words_version": version}
        if not slug:
            context = landing_context() | {"chapters": site.chapters} | everywhere
            return render(request, "content/landing_preview.html", context)
        chapter = site.chapter(slug)
        if chapter is None:
            raise Http404
        context = page_context(site, chapter) | everywhere
        return render(request, "content/page_preview.html", context)


@admin.register(Role)
class RoleAdmin(WordsAdmin):
    list_display = ("name", "question", "position")
    readonly_fields = ("slug", "position")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # There are exactly two roles, and load_article makes both.
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Role | None = None
    ) -> bool:
        return False


@admin.register(Strength)
class StrengthAdmin(WordsAdmin):
    list_display = ("name", "kind", "role", "position", "retired")
    list_filter = ("kind", "role", "retired")
    search_fields = ("name", "text")
    empty_value_display = "Both roles"
    prepopulated_fields = {"slug": ("name",)}
    # Deleting many at once would skip the check whether a page names one of them.
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: Strength | None = None
    ) -> tuple[str, ...]:
        return ("slug", "kind", "role") if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Strength | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else dict(self.prepopulated_fields)

    def has_delete_permission(
        self, request: HttpRequest, obj: Strength | None = None
    ) -> bool:
        """Not for a strength that was ever published: staff retire it instead.

        The database itself protects a strength that a question uses.
        """
        return super().has_delete_permission(request, obj) and not (
            obj and queries.is_published(obj)
        )


@admin.register(SiteWords)
class SiteWordsAdmin(WordsAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        ("The site", {"fields": ("name", "strapline", "description", "footer")}),
        (
            "Clarity call and internship",
            {
                "fields": (
                    "call_heading",
                    "call_text",
                    "internship",
                    "call_button",
                    "booking_address",
                )
            },
        ),
        (
            "Privacy",
            {"fields": ("contact_email", "controller", "legal_basis", "processors")},
        ),
    )

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        # Whole sentences: they need more room than one line.
        if type(db_field) is models.CharField and (db_field.max_length or 0) >= 200:
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteWords.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(
        self, request: HttpRequest, obj: SiteWords | None = None
    ) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: SiteWords,
        form: ModelForm[SiteWords],
        change: bool,
    ) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the only row."""
        if SiteWords.objects.exists():
            return HttpResponseRedirect(
                reverse("admin:content_sitewords_change", args=(1,))
            )
        return super().changelist_view(request, extra_context)
