"""Sections of a draft with their questions.

The form depends on the kind of section. The right to change the draft is the right to
change its sections.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.db.models import ForeignKey, Model, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from assessments.actions import versions
from assessments.admin.draft_pages import WHOLE_NUMBERS
from assessments.admin.draft_publishing import (
    draft_bar,
    review_mark,
    to_where_a_button_leads,
)
from assessments.admin.places import Places
from assessments.models import Question, Questionnaire, Section
from content.bar import SAVE, ActionBar, ActionBarMixin
from content.inlines import FewNewRows
from content.models import Strength
from content.seen import SeenModelForm
from content.seen_admin import SeenAdmin, SeenInline

MAX_POSITION = 32_767  # sorts a new row last until _renumber() runs
STATEMENT_WIDGET = forms.Textarea(attrs={"rows": 2, "class": "statement"})
POSITION_HELP = "The place in the order. Leave it empty to put it last."


class PositionForm(SeenModelForm):
    """An empty position means the last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False

    def clean_position(self) -> int:
        position: int | None = self.cleaned_data["position"]
        return MAX_POSITION if position is None else position


class DraftSectionForm(PositionForm):
    def clean_questionnaire(self) -> Questionnaire:
        """Lock the draft of a new section: whoever deletes it waits."""
        draft: Questionnaire = self.cleaned_data["questionnaire"]
        if Questionnaire.objects.select_for_update().filter(pk=draft.pk).first():
            return draft
        raise forms.ValidationError("Someone has deleted this draft.")


class QuestionForm(PositionForm):
    """A statement is one line, even if it was pasted with line breaks."""

    def clean_statement(self) -> str:
        return " ".join(self.cleaned_data["statement"].split())

    def clean_other_statement(self) -> str:
        return " ".join(self.cleaned_data["other_statement"].split())


class TradeOffForm(QuestionForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("other_strength", "other_statement", "side"):
            if name in self.fields:
                self.fields[name].required = True


class DraftPermissions:
    """Permissions for parts of a draft: those for the draft itself."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(
            "assessments.view_questionnaire"
        ) or self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("assessments.change_questionnaire")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)


class QuestionInline(  # type: ignore[type-arg]
    DraftPermissions, SeenInline, FewNewRows, admin.StackedInline
):
    model = Question
    fk_name = "section"
    formfield_overrides = WHOLE_NUMBERS
    extra = 0
    form: type[QuestionForm] = QuestionForm

    def get_formset(
        self, request: HttpRequest, obj: Section | None = None, **kwargs: Any
    ) -> Any:
        labels = {
            "strength": "Line of the article",
            "statement": "Statement",
            "one_idea": "One idea only",
        }
        helps = {
            "statement": "At most 14 words. Make both sides about the same length.",
            "one_idea": "Check this once the statement says just one thing.",
        }
        kwargs |= {
            "widgets": {
                "statement": STATEMENT_WIDGET,
                "other_statement": STATEMENT_WIDGET,
            },
            "labels": (
                labels | {f"other_{name}": label for name, label in labels.items()}
            ),
            "help_texts": (
                helps
                | {f"other_{name}": text for name, text in helps.items()}
                | {"position": POSITION_HELP}
            ),
        }
        return super().get_formset(request, obj, **kwargs)

    def lines(self, field: str) -> Q:
        """The lines of the article that belong in a field of this form."""
        raise NotImplementedError

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name not in ("strength", "other_strength"):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        section = request.resolver_match.kwargs.get("object_id")  # type: ignore
        questions = Question.objects.filter(section=section)
        in_use = Q(pk__in=questions.values(db_field.name))
        rows = Strength.objects.filter(
            self.lines(db_field.name) & Q(retired=False) | in_use
        ).order_by("kind", "position", "pk")
        field = super().formfield_for_foreignkey(
            db_field, request, queryset=rows, **kwargs
        )
        # Choices instead of a queryset: the page reads the lines once, not once for
        # every question.
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in rows:
            groups.setdefault(row.get_kind_display(), []).append(
                (row.pk, f"{row.name} (retired)" if row.retired else row.name)
            )
        choices = [("", "Choose a line"), *groups.items()]
        field.choices = choices  # type: ignore[union-attr]
        return field

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in ("strength", "other_strength"):
            # Editors add lines in the article's part of the admin.
            for right in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{right}_related", False)
        return field


class TradeOffInline(QuestionInline):
    form = TradeOffForm
    verbose_name = "trade-off"
    fieldsets = (
        (None, {"fields": (("code", "position", "side"),)}),
        (
            "Project statement",
            {"classes": ("project",), "fields": ("strength", "statement", "one_idea")},
        ),
        (
            "Product statement",
            {
                "classes": ("product",),
                "fields": ("other_strength", "other_statement", "other_one_idea"),
            },
        ),
    )

    def lines(self, field: str) -> Q:
        return Q(
            role__slug="project-manager" if field == "strength" else "product-manager"
        )


class EnjoymentInline(QuestionInline):
    fieldsets = (
        (None, {"fields": (("code", "position"), "strength", "statement", "one_idea")}),
    )

    def lines(self, field: str) -> Q:
        return Q(kind=Strength.Kind.KEY)


class SharedSkillInline(EnjoymentInline):
    def lines(self, field: str) -> Q:
        return Q(kind=Strength.Kind.SHARED)


INLINES: dict[str, type[QuestionInline]] = {
    Section.Kind.TRADE_OFF: TradeOffInline,
    Section.Kind.ENJOYMENT: EnjoymentInline,
    Section.Kind.SHARED: SharedSkillInline,
}


@admin.register(Section)
class SectionAdmin(DraftPermissions, ActionBarMixin, SeenAdmin):
    form = DraftSectionForm
    formfield_overrides = WHOLE_NUMBERS
    fieldsets = (
        (None, {"fields": ("questionnaire", "kind", "stem", ("position", "in_short"))}),
        (
            "Answer labels, from left to right",
            {
                "classes": ("labels",),
                "description": (
                    "Use words for all five. A is on the left, B on the right."
                ),
                "fields": (("label_1", "label_2", "label_3", "label_4", "label_5"),),
            },
        ),
    )

    class Media:
        css = {"all": ["css/admin_questionnaire.css", "css/bar.css"]}

    def locked(self, request: HttpRequest, pk: Any) -> bool:
        """Lock the whole draft, as publishing does: saving renumbers its sections."""
        drafts = Questionnaire.objects.select_for_update()
        draft = drafts.filter(
            pk__in=Section.objects.filter(pk=pk).values("questionnaire")
        )
        return draft.first() is not None and Section.objects.filter(pk=pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # the page of the draft links here

    def get_inlines(
        self, request: HttpRequest, obj: Section | None = None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [INLINES[obj.kind]] if obj else []

    def get_form(
        self,
        request: HttpRequest,
        obj: Section | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        words = {
            "help_texts": {"position": POSITION_HELP},
            "widgets": {"stem": forms.TextInput(attrs={"class": "vTextField stem"})},
        }
        return super().get_form(request, obj, change, **words, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Section | None = None
    ) -> tuple[str, ...]:
        # A question of one kind does not fit another, so the kind cannot change.
        return ("questionnaire", "kind") if obj else ()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:assessments_questionnaire_changelist")
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        section = context.get("original")
        context["bar"] = ActionBar(
            "", "You add its questions after that.", ((SAVE, "Save"),)
        )
        if section is not None:
            draft = Questionnaire.objects.get(pk=section.questionnaire_id)
            checked = versions.review_draft(draft)
            places = Places(draft, checked.rows, checked.lines)
            own_findings = [
                finding
                for finding in checked.findings
                if places.of(finding.place).section == section.pk
            ]
            context |= {
                "draft": draft,
                **review_mark(request, draft, checked),
                "bar": draft_bar(request, draft, checked),
                "blocking": places.notices(
                    finding for finding in own_findings if finding.blocking
                ),
                "warnings": places.notices(
                    finding for finding in own_findings if not finding.blocking
                ),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def way_on(self, request: HttpRequest, obj: Any, button: str) -> HttpResponse:
        return to_where_a_button_leads(obj.questionnaire_id, button)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if empty := sum(
            not row.has_changed() for rows in formsets for row in rows.extra_forms
        ):
            self.message_user(
                request,
                "An empty question was left out. A question needs a statement."
                if empty == 1
                else f"{empty} empty questions were left out. Each needs a statement.",
                messages.WARNING,
            )
        section = form.instance
        _renumber(Question, section.questions.order_by("position", "pk"))
        _renumber(Section, section.questionnaire.sections.order_by("position", "pk"))
        # Last in the transaction: publishing locks this row while it reads the others.
        _changed(section.questionnaire, request)

    def delete_model(self, request: HttpRequest, obj: Section) -> None:
        super().delete_model(request, obj)
        _changed(obj.questionnaire, request)

    def response_post_save_change(
        self, request: HttpRequest, obj: Model
    ) -> HttpResponseRedirect:
        return HttpResponseRedirect(_draft_url(obj))

    def response_post_save_add(
        self, request: HttpRequest, obj: Model
    ) -> HttpResponseRedirect:
        """Continue with the questions of the new section."""
        return HttpResponseRedirect(
            reverse("admin:assessments_section_change", args=[obj.pk])
        )

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        section = self.get_object(request, unquote(object_id))
        response = super().delete_view(request, object_id, extra_context)
        return (
            HttpResponseRedirect(_draft_url(section))
            if section and response.status_code == HTTPStatus.FOUND
            else response
        )


def _changed(draft: Questionnaire, request: HttpRequest) -> None:
    draft.changed_by = request.user  # type: ignore[assignment]
    draft.save(update_fields=["changed_at", "changed_by"])


def _renumber(model: type[Section | Question], rows: Any) -> None:
    """Set the positions to 1, 2, 3 …"""
    moved = []
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            moved.append(row)
    model.objects.bulk_update(moved, ["position"])


def _draft_url(section: Any) -> str:
    return reverse(
        "admin:assessments_questionnaire_change", args=[section.questionnaire_id]
    )
