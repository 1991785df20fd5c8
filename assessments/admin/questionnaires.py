"""Drafts: list, edit and check. Each section has a page of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from assessments.actions import versions as version_actions
from assessments.actions.draft_reviews import changed_since_asked, delete_drafts
from assessments.admin.constants import CONSTANT_GROUPS, CONSTANT_HELP, CONSTANT_LABELS
from assessments.admin.definition_files import DefinitionFilePages
from assessments.admin.draft_pages import WHOLE_NUMBERS, noticed, to_draft
from assessments.admin.draft_publishing import (
    DraftPublishingPages,
    draft_bar,
    review_mark,
    to_where_a_button_leads,
)
from assessments.admin.places import Places
from assessments.admin.rehearsing import RehearsalPages
from assessments.admin.trying import TryOutPages
from assessments.admin.wording import WordingPages
from assessments.drafts.desirability import balances
from assessments.drafts.differences import lines_that_differ
from assessments.models import Questionnaire, Version
from assessments.queries import versions as version_queries
from content.bar import SAVE, ActionBar, ActionBarMixin
from content.seen import SeenModelForm


class PublishedFilter(admin.SimpleListFilter):
    title = parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Published"), ("no", "Not yet")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Questionnaire]
    ) -> QuerySet[Questionnaire]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(published_as__isnull=self.value() == "no")


class ReadyFilter(admin.SimpleListFilter):
    title, parameter_name = "ready for review", "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Questionnaire]
    ) -> QuerySet[Questionnaire]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(review_request__isnull=self.value() == "no")


class DraftForm(SeenModelForm):
    def clean_intro(self) -> str:
        """Browsers send \\r\\n, a definition has \\n."""
        return str(self.cleaned_data["intro"]).replace("\r\n", "\n")


@admin.register(Questionnaire)
class QuestionnaireAdmin(
    ActionBarMixin,
    DraftPublishingPages,
    RehearsalPages,
    TryOutPages,
    WordingPages,
    DefinitionFilePages,
):
    form = DraftForm
    formfield_overrides = WHOLE_NUMBERS
    list_display = (
        "draft",
        "origin",
        "findings",
        "published",
        "author",
        "changed_at",
    )
    list_display_links = None
    empty_value_display = "None"  # in the filters
    list_select_related = (
        "begun_from",
        "published_as",
        "changed_by",
        "review_request",
    )
    list_filter = (
        PublishedFilter,
        ReadyFilter,
        ("begun_from", admin.RelatedOnlyFieldListFilter),
        ("changed_by", admin.RelatedOnlyFieldListFilter),
    )
    list_per_page = 25  # each is reviewed for the list
    search_fields = ("label", "note", "name")
    fieldsets: ClassVar[Any] = (
        ("This draft", {"fields": ("label", "note")}),
        ("What visitors see", {"fields": ("name", "language", "intro")}),
        *(
            (title, {"classes": ("collapse",), "description": words, "fields": names})
            for title, words, names in CONSTANT_GROUPS
        ),
    )

    class Media:
        css = {"all": ["css/bar.css"]}

    @admin.display(description="draft", ordering="pk")
    def draft(self, draft: Questionnaire) -> str:
        return format_html(
            '<a href="{}">{}</a><small>{}</small>',
            reverse("admin:assessments_questionnaire_change", args=[draft.pk]),
            draft,
            Truncator(draft.note or draft.name).chars(90),
        )

    @admin.display(description="begun from", ordering="begun_from__number")
    def origin(self, draft: Questionnaire) -> str:
        version = draft.begun_from
        return f"Version {version.number}" if version else "–"

    @admin.display(description="to fix")
    def findings(self, draft: Any) -> str:
        """What stands in the way of publishing; `review` is set for the list."""
        found = len(draft.review.blocking)
        return f"{found} finding{'s' if found > 1 else ''}" if found else "Nothing"

    @admin.display(description="published", ordering="published_as__number")
    def published(self, draft: Any) -> str:
        made, read = draft.published_as, draft.review.questionnaire
        same = draft.numbers.get(read.sha256) if read else None
        if made is None:
            words = f"Same as version {same}" if same else "Not yet"
        else:
            changed = "" if same == made.number else ", changed since"
            words = f"As version {made.number}{changed}"
        if not hasattr(draft, "review_request"):
            return words
        since = changed_since_asked(draft, draft.review.rows)
        return format_html(
            "{}<br><b>Ready for review</b>{}",
            words,
            ", changed since then" if since else "",
        )

    @admin.display(description="changed by", ordering="changed_by__first_name")
    def author(self, draft: Questionnaire) -> str:
        by = draft.changed_by
        return (by.get_full_name() or by.get_username()) if by else "–"

    def save_model(
        self, request: HttpRequest, obj: Questionnaire, form: Any, change: bool
    ) -> None:
        obj.changed_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Questionnaire) -> None:
        delete_drafts(Questionnaire.objects.filter(pk=obj.pk))

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[Questionnaire]
    ) -> None:
        delete_drafts(queryset)

    def get_form(
        self,
        request: HttpRequest,
        obj: Questionnaire | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        words = {
            "widgets": {
                "note": Textarea(attrs={"rows": 2, "cols": 80}),
                "intro": Textarea(attrs={"rows": 4, "cols": 80}),
            },
            "labels": CONSTANT_LABELS,
            "help_texts": CONSTANT_HELP,
        }
        return super().get_form(request, obj, change, **words, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        live = version_queries.newest_version()
        apart = (
            lines_that_differ(
                version_queries.questionnaire_of(live), version_queries.article_lines()
            )
            if live
            else []
        )
        response = super().changelist_view(
            request, {**(extra_context or {}), "apart": apart, "live": live}
        )
        if isinstance(response, TemplateResponse) and response.context_data:
            changelist = response.context_data.get("cl")
            _review(list(changelist.result_list) if changelist else [])
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["bar"] = ActionBar(
            "", "Save it first, then add its sections.", ((SAVE, "Save"),)
        )
        original = context.get("original")
        if original is not None:
            # Read from the database: a refused form may hold text instead of numbers.
            stored = Questionnaire.objects.get(pk=original.pk)
            checked = version_actions.review_draft(stored)
            context |= noticed(
                Places(original, checked.rows, checked.lines), checked.findings
            )
            rated = (
                balances(checked.questionnaire, checked.ratings)
                if checked.questionnaire
                else []
            )
            balance_of = {
                balance.question: balance for balance in rated if balance.raters
            }
            context |= {
                "sections": [
                    (
                        row,
                        [
                            (question, balance_of.get(question.code))
                            for question in row.questions.all()
                        ],
                    )
                    for row in checked.rows
                ],
                "may_publish": self.has_publish_permission(request),
                **review_mark(request, stored, checked),
                "bar": draft_bar(request, stored, checked),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def way_on(self, request: HttpRequest, obj: Any, button: str) -> HttpResponse:
        return to_where_a_button_leads(obj.pk, button)

    def response_post_save_change(
        self, request: HttpRequest, obj: Questionnaire
    ) -> HttpResponseRedirect:
        """Return to the draft, which shows the findings."""
        return to_draft(obj.pk)

    response_post_save_add = response_post_save_change


def _review(drafts: list[Any]) -> None:
    """What the columns of the list need: each draft's review, and the versions."""
    numbers = dict(Version.objects.values_list("sha256", "number"))
    reviews = version_actions.review_drafts(drafts)
    for draft, review in zip(drafts, reviews, strict=True):
        draft.review, draft.numbers = review, numbers
