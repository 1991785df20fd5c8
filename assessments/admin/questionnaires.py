"""Drafts: sections and questions edited, findings read, rehearsed, published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm, Textarea, TextInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from assessments import queries, rehearsal
from assessments.actions import publishing
from assessments.admin.places import link_of, words_of
from assessments.engine import Finding
from assessments.engine import Questionnaire as Definition
from assessments.models import Question, Questionnaire, Section
from content.models import Strength

CONSTANTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What one answer is worth", ("v_trade_off", "v_enjoyment", "trade_off_weight", "enjoyment_weight")),
    (
        "When we say clear, leans, sure",
        ("leans_z_squared", "clear_z_squared", "sure_z_squared", "stop_z_squared", "band_z_squared", "leans_floor", "clear_floor"),
    ),
    ("Words for interest and strengths", ("low_enjoyment", "high_enjoyment", "weak_pull", "strong_pull", "rank_gap")),
    ("Too few, too fast: full form", ("full_least_trade_offs", "full_least_enjoyment", "full_careless_run", "seconds_per_question")),
    ("Too few, too fast: short form", ("short_least_trade_offs", "short_least_enjoyment", "short_careless_run")),
)

NOT_SCORABLE = ("P1", "P2", "P6", "P13", "P14")  # rules without which there may be nothing to divide by


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "position", "side"),
                    ("strength", "one_idea"),
                    "statement",
                    ("other_strength", "other_one_idea"),
                    "other_statement",
                )
            },
        ),
    )

    def get_formset(self, request: HttpRequest, obj: Section | None = None, **kwargs: Any) -> Any:
        wide = TextInput(attrs={"class": "vTextField", "size": 90})
        return super().get_formset(request, obj, widgets={"statement": wide, "other_statement": wide}, **kwargs)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> ModelChoiceField[Any] | None:
        lines = Strength.objects.filter(retired=False).select_related("role").order_by("kind", "role__position", "position")
        if db_field.name == "other_strength":
            lines = lines.filter(role__position=2)
        return super().formfield_for_foreignkey(db_field, request, queryset=lines, **kwargs)


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    inlines = (QuestionInline,)
    fieldsets = (
        (None, {"fields": ("questionnaire", ("position", "kind", "in_short"), "stem")}),
        ("Answer labels, from left to right", {"fields": (("label_1", "label_2", "label_3", "label_4", "label_5"),)}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached through its draft

    def get_readonly_fields(self, request: HttpRequest, obj: Section | None = None) -> tuple[str, ...]:
        return ("questionnaire",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        draft = initial.get("questionnaire", "")
        if str(draft).isascii() and str(draft).isdigit():
            initial["position"] = Section.objects.filter(questionnaire=int(draft)).count() + 1
        return initial

    def save_model(self, request: HttpRequest, obj: Section, form: ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        obj.questionnaire.save(update_fields=["changed_at"])

    def response_post_save_change(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:assessments_questionnaire_change", args=[obj.questionnaire_id]))  # type: ignore[attr-defined]

    response_post_save_add = response_post_save_change


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    list_display = ("name", "language", "changed_at")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ("name", "language", "intro")}),
        *[(title, {"classes": ("collapse",), "fields": fields}) for title, fields in CONSTANTS],
    ]

    def get_form(self, request: HttpRequest, obj: Questionnaire | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, widgets={"intro": Textarea(attrs={"rows": 3, "cols": 90})}, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/publish/", view(self.publish), name="assessments_questionnaire_publish"),
            path("<int:pk>/rehearse/", view(require_POST(self.rehearse)), name="assessments_questionnaire_rehearse"),
            path("<int:pk>/preview/<int:number>/", view(require_GET(self.preview)), name="assessments_questionnaire_preview"),
        ]
        return [*own, *super().get_urls()]

    def viewable(self, request: HttpRequest, pk: int) -> Questionnaire:
        draft = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        return draft

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        draft = context.get("original")
        if draft is not None:
            context |= {"sections": _sections(draft), "findings": _described(draft), "may_publish": self.has_publish_permission(request)}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("assessments.publish_questionnaire"))

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks, with the findings and what differs from the live version; POST publishes."""
        draft = self.viewable(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                version = publishing.publish(draft, by=request.user)  # type: ignore[arg-type]
            except publishing.NotPublished as refusal:
                self.message_user(request, "Not published. These findings must be mended first.", messages.ERROR)
                return self._publish_page(request, draft, refusal.findings, status=422)
            self.message_user(
                request,
                f"Version {version.number} is live. New attempts take it from now on; results already given stay as they are.",
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse("admin:assessments_version_change", args=[version.pk]))
        return self._publish_page(request, draft, publishing.findings_of(draft))

    def _publish_page(self, request: HttpRequest, draft: Questionnaire, findings: list[Finding], status: int = 200) -> HttpResponse:
        live = queries.live_definition()
        context = self._context(request, draft, f"Publish “{draft}”") | {
            "findings": _placed(draft, findings),
            "blocked": any(finding.blocking for finding in findings),
            "differences": publishing.differences(Definition.from_json(live) if live else None, draft),
        }
        return TemplateResponse(request, "admin/assessments/questionnaire/publish.html", context, status=status)

    def rehearse(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Fixed probes, simulated people and every stored answer set replayed. A POST, because it is work; it writes nothing."""
        draft = self.viewable(request, pk)
        if any(finding.blocking and finding.rule in NOT_SCORABLE for finding in publishing.findings_of(draft)):
            self.message_user(request, "This draft is not yet a questionnaire that can be scored. Mend the findings first.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:assessments_questionnaire_change", args=[pk]))
        definition = publishing.assemble(draft)
        live = queries.live_definition()
        found = rehearsal.rehearse(definition, live=Definition.from_json(live) if live else None, stored=queries.stored_answers())
        context = self._context(request, draft, f"Rehearsal of “{draft}”") | {"rehearsal": found, "people": rehearsal.PEOPLE}
        return TemplateResponse(request, "admin/assessments/questionnaire/rehearse.html", context)

    def preview(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """A section of the draft as visitors would see it. Nothing can be sent from it and nothing is stored."""
        draft = self.viewable(request, pk)
        sections = list(draft.sections.prefetch_related("questions"))
        if not 1 <= number <= len(sections):
            raise Http404
        context = self._context(request, draft, f"Section {number} of {len(sections)}") | {
            "section": sections[number - 1],
            "questions": sections[number - 1].questions.all(),
            "number": number,
            "before": number - 1,
            "after": number + 1 if number < len(sections) else None,
        }
        return TemplateResponse(request, "admin/assessments/questionnaire/preview.html", context)

    def _context(self, request: HttpRequest, draft: Questionnaire, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": title, "draft": draft, "opts": self.opts}


def _sections(draft: Questionnaire) -> QuerySet[Section]:
    return draft.sections.prefetch_related("questions__strength", "questions__other_strength")


def _described(draft: Questionnaire) -> list[dict[str, Any]]:
    return _placed(draft, publishing.findings_of(draft))


def _placed(draft: Questionnaire, findings: list[Finding]) -> list[dict[str, Any]]:
    """Each finding with its place in words and the address where it can be mended."""
    sections = list(draft.sections.prefetch_related("questions"))
    strengths = dict(Strength.objects.values_list("slug", "pk"))
    return [{"finding": finding, "place": _link(draft, sections, strengths, finding.place)} for finding in findings]


def _link(draft: Questionnaire, sections: list[Section], strengths: dict[str, int], place: str) -> SafeString | str:
    address = link_of(draft, sections, strengths, place)
    return format_html('<a href="{}">{}</a>', address, words_of(place)) if address else words_of(place)
