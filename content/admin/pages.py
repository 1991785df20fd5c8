"""The list of pages, and the form in which staff edit a page's draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from django.contrib import admin
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    URLField,
)
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from js_asset import Media

from content import actions, published
from content.admin.publishing import PublishingAdmin
from content.admin.uploads import PictureInput, UploadsAdmin
from content.findings import PageFinding
from content.inlines import FewNewRows
from content.kept_form import wants_json
from content.models import BLOCKS, Page, PageVersion, ProseBlock
from content.models.blocks import SANITIZE
from content.review import review_pages
from content.seen import SeenModelForm
from content.seen_admin import SeenInline

# Help texts that the models do not have, by field. Those of the models are part of
# migrations.
FIELD_HELP = {
    "intro": "A sentence or two before the rest. You can leave it empty.",
    "text": "The text above the button to the questions.",
    "kind": (
        "Names and texts come from Strengths. Change one there, and every page that "
        "lists it changes right away."
    ),
}


class BlockForm(SeenModelForm):
    def kind_of(self, name: str) -> str:
        return "picture" if name == "picture" else super().kind_of(name)

    def shown(self, name: str) -> Any:
        """Rich text as visitors would read it, and a picture with its words."""
        if name == "picture":
            return format_html(
                '<img src="{}" alt=""><p>Alternative text: {}</p>',
                self.instance.picture.thumbnail,
                self.instance.alternative or "none",
            )
        text = super().shown(name)
        if isinstance(self.instance, ProseBlock) and name == "text":
            return mark_safe(SANITIZE(text))  # noqa: S308
        return text


# Pages of the site that are not in the article, for links.
OTHER_PLACES = (
    ("/", "Home"),
    ("/quiz/", "The questions"),
    ("/call/", "The clarity call"),
    ("/method/", "How it’s scored"),
    ("/privacy/", "Privacy"),
    ("/accessibility/", "Accessibility"),
)


def link_places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Addresses of this site with their names, by page, for the dialog of links."""
    site = published.current()
    pages = [
        (
            chapter.title,
            [
                (chapter.url, f"{chapter.title} (the whole page)"),
                *(
                    (f"{chapter.url}#{slug}", site.strengths[slug].name)
                    for slug in chapter.document.strengths
                    if slug in site.strengths
                ),
            ],
        )
        for chapter in site.chapters
    ]
    return [*pages, ("Other pages", list(OTHER_PLACES))]


class BlockInline(SeenInline, FewNewRows, ContentEditorInline):  # type: ignore[misc]
    fk_name = "parent"
    form = BlockForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "picture":
            kwargs |= {
                "widget": PictureInput,
                "error_messages": {
                    "required": "Choose a picture.",
                    "invalid_choice": "This picture is gone. Choose it again.",
                },
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and not field.help_text:
            field.help_text = FIELD_HELP.get(db_field.name, "")
        return field


class PageForm(SeenModelForm):
    saves_itself = True

    class Meta:
        error_messages = {
            "slug": {
                "invalid": (
                    "Use lowercase letters without accents, numbers, and hyphens. "
                    "Don’t use spaces."
                ),
                "unique": (
                    "Another page has or had this address. Choose a different one."
                ),
            }
        }


class NonceMixin:
    """Puts the response's nonce on the editor's scripts.

    One of them is an inline import map, which our Content-Security-Policy runs only
    with the nonce.
    """

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response: HttpResponse = super().render_change_form(  # type: ignore[misc]
            request, context, *args, **kwargs
        )
        if not isinstance(response, TemplateResponse):
            return response
        # str() evaluates the lazy nonce; before that it is falsy.
        response.context_data["media"] = Media.from_media(  # type: ignore[index]
            response.context_data["media"]  # type: ignore[index]
        ).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        return response


@admin.register(Page)
class PageAdmin(NonceMixin, UploadsAdmin, PublishingAdmin):
    form = PageForm
    list_display = ("title", "address", "position", "in_navigation", "state")
    list_display_links = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "lead")}),
        (
            "Contents and search engines",
            {
                "classes": ("collapse",),
                "fields": ("nav_title", "description", "position", "in_navigation"),
            },
        ),
    )
    inlines = [BlockInline.create(model) for model in BLOCKS.values()]

    class Media:
        css = {"all": ["css/admin.css", "css/admin_pages.css"]}
        js = ["js/admin.js", "js/page_editor.js", "js/picture_input.js", "js/paste.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        newest = PageVersion.objects.filter(page=OuterRef("pk")).order_by("-number")
        offline = newest.annotate(
            offline=ExpressionWrapper(Q(content=""), BooleanField())
        ).values("offline")[:1]
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(
            published_number=Max("versions__number"),
            published_at=Subquery(newest.values("published_at")[:1]),
            offline=Subquery(offline),
        )

    def get_inlines(self, request: HttpRequest, obj: Page | None) -> list[Any]:
        """No blocks for staff who may not edit: the block editor needs its fields.

        They read the page by the links above the form.
        """
        return list(self.inlines) if self.may_edit(request, obj) else []

    def save_model(
        self, request: HttpRequest, obj: Page, form: Any, change: bool
    ) -> None:
        if change and not obj.drafts.exists():
            # The draft as it was before the first save that is kept.
            actions.keep_draft(Page.objects.get(pk=obj.pk), by=None)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        actions.keep_draft(
            form.instance,
            by=request.user,  # type: ignore[arg-type]
            by_itself=wants_json(request),
        )

    def may_edit(self, request: HttpRequest, page: Page | None) -> bool:
        return (
            self.has_change_permission(request, page)
            if page
            else self.has_add_permission(request)
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Page | None = None
    ) -> tuple[str, ...]:
        return ("slug",) if obj and self.is_published(obj) else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Page | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj and self.is_published(obj) else dict(self.prepopulated_fields)

    def has_delete_permission(
        self, request: HttpRequest, obj: Page | None = None
    ) -> bool:
        return super().has_delete_permission(request, obj) and not (
            obj and self.is_published(obj)
        )

    def is_published(self, page: Page) -> bool:
        """Whether the page was ever published: its address is known then."""
        return page.versions.exists()

    @admin.display(description="address", ordering="slug")
    def address(self, page: Page) -> str:
        return page.get_absolute_url()

    @admin.display(
        description="published", empty_value="Not yet", ordering="published_at"
    )
    def state(self, page: Any) -> str | None:
        if page.published_number is None:
            return None
        state = "Offline since" if page.offline else f"State {page.published_number},"
        return f"{state} {date_format(page.published_at, 'F j, Y')}"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["link_places"] = link_places()
        original = context.get("original")
        if original is not None:
            # Read from the database: `original` may carry values that the form refused.
            reviewed = review_pages([Page.objects.get(pk=original.pk)])[0]
            places = self.places(context["inline_admin_formsets"])
            context |= {
                "review": reviewed,
                "findings": [
                    (finding, self.place(finding, places))
                    for finding in reviewed.findings
                ],
                "may_publish": self.has_publish_permission(request),
                "may_edit": self.may_edit(request, original),
            }
            if not context["may_edit"]:
                # Skip the block editor: without blocks its script fails.
                return super(ContentEditor, self).render_change_form(
                    request, context, *args, **kwargs
                )
        return super().render_change_form(request, context, *args, **kwargs)

    def places(self, formsets: list[Any]) -> dict[Model, str]:
        """The form prefix of each saved block: the id of its part of the form."""
        forms = (form for formset in formsets for form in formset.formset.initial_forms)
        return {form.instance: form.prefix for form in forms}

    def place(self, finding: PageFinding, places: dict[Model, str]) -> str:
        if finding.block is None:
            return f"id_{finding.field}" if finding.field else ""
        return places.get(finding.block, "")
