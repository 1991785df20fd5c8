"""Roles, strengths and the site's words: visitors see a saved change at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from content import actions, published, queries
from content.models import Role, SiteWords, Strength
from content.seen_admin import SeenAdmin


class LiveOnSaveAdmin(SeenAdmin):
    """An admin of words that public pages show without publishing.

    After a change it drops this process's copy of the site, and it records in the audit
    trail who changed what.
    """

    object_history_template = "admin/content/former_words.html"

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        before = type(obj).objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None:
            actions.keep_former_words(
                obj,
                {
                    name: before._meta.get_field(name).value_from_object(before)
                    for name in form.changed_data
                },
                by=request.user,  # type: ignore[arg-type]
            )
            actions.record_change(
                self.subject(before),
                _changes(before, obj, form.changed_data),
                by=request.user,  # type: ignore[arg-type]
            )
        transaction.on_commit(published.forget)

    def subject(self, row: Any) -> str:
        return f"{row._meta.verbose_name} “{row}”"

    def get_urls(self) -> list[URLPattern]:
        put_back = path(
            "<int:pk>/former/<int:former>/",
            self.admin_site.admin_view(require_POST(self.put_back)),
            name=f"content_{self.opts.model_name}_put_back",
        )
        return [put_back, *super().get_urls()]

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        former = queries.former_words(row) if row else []
        more = {
            "former": [
                (one, [(_label(row, name), one.values[name]) for name in one.values])
                for one in former
            ],
            "may_put_back": self.has_change_permission(request, row),
            "put_back": f"admin:content_{self.opts.model_name}_put_back",
        }
        return super().history_view(
            request, object_id, {**(extra_context or {}), **more}
        )

    def put_back(self, request: HttpRequest, pk: int, former: int) -> HttpResponse:
        """Give the fields that one save has changed their words before it."""
        row = self.get_object(request, str(pk))
        words = queries.former_words(row).filter(pk=former).first() if row else None
        if row is None or words is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            actions.put_back_words(words, row, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            self.message_user(
                request,
                "You restored the earlier wording. Visitors see it right away.",
                messages.SUCCESS,
            )
        return HttpResponseRedirect(
            reverse(f"admin:content_{self.opts.model_name}_history", args=[pk])
        )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(published.forget)


def _changes(
    before: Any, after: Any, names: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """The values of these fields before and after, by the form's name of the field."""
    fields = [before._meta.get_field(name) for name in names]
    return {
        str(field.verbose_name): (_words(before, field.name), _words(after, field.name))
        for field in fields
    }


def _label(row: Any, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _words(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


@admin.register(Role)
class RoleAdmin(LiveOnSaveAdmin):
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
class StrengthAdmin(LiveOnSaveAdmin):
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
        """Not for a strength that a published page names: staff retire it instead.

        The database itself protects a strength that a question uses.
        """
        return super().has_delete_permission(request, obj) and not (
            obj and queries.is_listed(obj)
        )


@admin.register(SiteWords)
class SiteWordsAdmin(LiveOnSaveAdmin):
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

    def subject(self, row: SiteWords) -> str:
        return "site words"

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
