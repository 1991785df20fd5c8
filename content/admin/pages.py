"""The list of pages, and the form in which staff edit a page's draft."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import (
    CharField,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    URLField,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import smart_split, unescape_string_literal
from js_asset import Media

from content import actions, published, queries
from content.admin.publishing import PublishingAdmin
from content.admin.uploads import PictureInput, UploadsAdmin
from content.bar import (
    PREVIEW,
    PUBLISH,
    REVIEW,
    SAVE,
    ActionBar,
    ActionBarMixin,
    saved_at_words,
)
from content.findings import PageFinding
from content.inlines import FewNewRows
from content.kept_form import wants_json
from content.models import BLOCKS, Page, PageVersion, ProseBlock, ReviewRequest
from content.models.blocks import SANITIZE
from content.moments import moment_words
from content.review import (
    DraftState,
    PageReview,
    PageStatus,
    page_statuses,
    review_pages,
)
from content.seen import SeenModelForm
from content.seen_admin import SeenInline

MAX_SEARCH_WORDS = 20  # of one search: each looks into every kind of block
# Help texts that the models do not have, by field. Those of the models are part of
# migrations.
FIELD_HELP = {
    "intro": "A sentence or two before the rest. You can leave it empty.",
    "text": "The text above the button to the questions.",
    "kind": (
        "Names and texts come from Strengths. Change one there, and publish the words: "
        "every page that lists it changes."
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


def statuses_of(request: HttpRequest) -> list[PageStatus]:
    """The status of every page, read once for a request."""
    if not hasattr(request, "page_statuses"):
        request.page_statuses = page_statuses()  # type: ignore[attr-defined]
    statuses: list[PageStatus] = request.page_statuses  # type: ignore[attr-defined]
    return statuses


class DraftStateFilter(admin.SimpleListFilter):
    title = "draft"
    parameter_name = "draft"
    # What can be chosen beside the state of a draft.
    MORE = (("blocked", "Can’t be published"), ("review", "Ready for review"))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*DraftState.choices, *self.MORE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> Any:
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(
            pk__in=[
                status.page.pk
                for status in statuses_of(request)
                if status.state == chosen
                or (chosen == "blocked" and status.waits and status.findings)
                or (chosen == "review" and status.request)
            ]
        )


def bar_note(review: PageReview) -> str:
    """What visitors see beside this draft, or what stands in the way."""
    if len(review.findings) == 1:
        return f"Fix one thing before publishing: {review.findings[0]}."
    if review.findings:
        return f"Fix {len(review.findings)} things before publishing."
    if request := ReviewRequest.objects.filter(page=review.page).first():
        return f"Ready for review since {moment_words(request.asked_at)}."
    if review.current is None:
        return "Draft. Visitors don’t see this page."
    seen = f"state {review.current.number}"
    if review.waits:
        return f"Draft. Visitors still see {seen}."
    return f"Live. Visitors see this as {seen}."


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


def searched_fields(model: type[Model]) -> list[str]:
    """The fields of a block that hold words or addresses that an editor has typed."""
    return [
        field.name
        for field in model._meta.fields
        if isinstance(field, CharField | TextField)
        and not field.choices
        and field.name != "region"
    ]


def containing(fields: Sequence[str], text: str) -> Q:
    """Match rows with this text, in any case, in one of the fields."""
    return Q.create([(f"{name}__icontains", text) for name in fields], connector=Q.OR)


class PageForm(SeenModelForm):
    """A draft needs a title alone. Publishing asks for the rest."""

    saves_itself = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", "nav_title", "description", "lead", "position"):
            if name in self.fields:
                self.fields[name].required = False

    def clean_slug(self) -> str:
        """Empty means the address that the page has, or one made from its title."""
        title = self.cleaned_data.get("title", "")
        typed: str = self.cleaned_data["slug"]
        return typed or self.initial.get("slug") or queries.free_slug(title)

    def clean_position(self) -> int:
        position: int | None = self.cleaned_data["position"]
        return queries.last_position() + 1 if position is None else position

    class Meta:
        widgets = {"description": AdminTextareaWidget(attrs={"rows": 3})}
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
class PageAdmin(ActionBarMixin, NonceMixin, UploadsAdmin, PublishingAdmin):
    form = PageForm
    list_display = (
        "title",
        "status",
        "address",
        "position",
        "menu",
    )
    list_display_links = ("title",)
    list_filter = (DraftStateFilter,)
    search_fields = ("title", "nav_title", "slug", "lead", "description")
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
        css = {"all": ["css/admin.css", "css/admin_pages.css", "css/bar.css"]}
        js = ["js/admin.js", "js/page_editor.js", "js/picture_input.js", "js/paste.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        newest = PageVersion.objects.filter(page=OuterRef("pk")).order_by("-number")
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(
            published_number=Max("versions__number"),
            published_at=Subquery(newest.values("published_at")[:1]),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Page], search_term: str
    ) -> tuple[QuerySet[Page], bool]:
        """Find each word of a search in the page itself or in one of its blocks.

        Words in quotes are one. What follows MAX_SEARCH_WORDS is ignored. Subqueries
        find the blocks: joins would multiply rows.
        """
        for text in islice(smart_split(search_term), MAX_SEARCH_WORDS):
            if text[0] in "\"'" and text[0] == text[-1]:
                text = unescape_string_literal(text)  # noqa: PLW2901
            found = containing(self.search_fields, text)
            for block in BLOCKS.values():
                blocks = block.objects.filter(containing(searched_fields(block), text))
                found |= Q(pk__in=blocks.values("parent"))
            queryset = queryset.filter(found)
        return queryset, False

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = {"position": queries.last_position() + 1}
        return last | super().get_changeform_initial_data(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        statuses = {status.page.pk: status for status in statuses_of(request)}
        for page in changelist.result_list:
            page.status = statuses[page.pk]
        return changelist

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
    def address(self, page: Any) -> str:
        shown, drafted = page.status.shown, page.get_absolute_url()
        if shown is None or shown.url == drafted:
            return drafted
        return f"{shown.url}, {drafted} in the draft"

    @admin.display(description="in the menu", ordering="in_navigation")
    def menu(self, page: Page) -> str:
        return "Yes" if page.in_navigation else "No"

    @admin.display(description="state", ordering="published_at")
    def status(self, page: Any) -> str:
        return render_to_string(
            "admin/content/page/_status.html", {"status": page.status, "page": page}
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["link_places"] = link_places()
        context["bar"] = self.bar(request, None)
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
                "may_delete": self.has_delete_permission(request, original),
                "bar": self.bar(request, reviewed),
            }
            if not context["may_edit"]:
                # Skip the block editor: without blocks its script fails.
                return super(ContentEditor, self).render_change_form(
                    request, context, *args, **kwargs
                )
        return super().render_change_form(request, context, *args, **kwargs)

    def bar(self, request: HttpRequest, review: PageReview | None) -> ActionBar:
        """`review` is None for a page that is not saved yet."""
        blocked = review is not None and bool(review.findings)
        if not self.has_publish_permission(request):
            last = (REVIEW, "Ready for review…")
        else:
            last = (PUBLISH, "See what to fix" if blocked else "Publish…")
        # A form that comes back with what was posted is not saved.
        refused = request.method == "POST"
        newest = review.page.drafts.first() if review and not refused else None
        return ActionBar(
            saved_at_words(newest.saved_at) if newest else "",
            bar_note(review) if review else "A title is enough for a draft.",
            ((SAVE, "Save"), (PREVIEW, "Preview"), last),
        )

    def words_after_saving(self, request: HttpRequest, obj: Page) -> dict[str, str]:
        bar = self.bar(request, review_pages([Page.objects.get(pk=obj.pk)])[0])
        return {"note": bar.note, "last": bar.buttons[-1][1]}

    def way_on(self, request: HttpRequest, obj: Page, button: str) -> HttpResponse:
        if button == PREVIEW:
            address = reverse("admin:content_page_preview", args=(obj.pk,))
        elif button == REVIEW:
            address = reverse("admin:content_page_review", args=(obj.pk,))
        elif review_pages([obj])[0].findings:
            self.message_user(
                request,
                "The draft is saved. Fix what’s listed below before you publish it.",
                messages.WARNING,
            )
            change = reverse("admin:content_page_change", args=(obj.pk,))
            address = f"{change}#content-start"
        else:
            address = f"{reverse('admin:content_page_publish')}?page={obj.pk}"
        return HttpResponseRedirect(address)

    def places(self, formsets: list[Any]) -> dict[Model, str]:
        """The form prefix of each saved block: the id of its part of the form."""
        forms = (form for formset in formsets for form in formset.formset.initial_forms)
        return {form.instance: form.prefix for form in forms}

    def place(self, finding: PageFinding, places: dict[Model, str]) -> str:
        if finding.block is None:
            return f"id_{finding.field}" if finding.field else ""
        return places.get(finding.block, "")
