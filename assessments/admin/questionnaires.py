"""Drafts: findings read, tried, rehearsed, published. Their sections and questions are edited one section a page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.forms import ModelForm, Textarea
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, rehearsal
from assessments.actions import publishing
from assessments.admin.constants import GROUPS, HELP, LABELS
from assessments.admin.places import Places
from assessments.differences import differences
from assessments.engine import Finding, example_scores
from assessments.engine import Questionnaire as Definition
from assessments.models import Questionnaire

NOT_SCORABLE = ("P1", "P2", "P6", "P13", "P14")  # rules without which there may be nothing to divide by


class DraftForm(ModelForm):  # type: ignore[type-arg]
    def clean_intro(self) -> str:
        """Browsers send line ends of two characters, of which a definition takes one."""
        return str(self.cleaned_data["intro"]).replace("\r\n", "\n")


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = DraftForm
    list_display = ("name", "questions", "changed_at")
    search_fields = ("name",)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("name", "language", "intro")}),
        *((title, {"classes": ("collapse",), "description": words, "fields": names}) for title, words, names in GROUPS),
    )

    class Media:
        css = {"all": ["css/admin_questionnaire.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        return super().get_queryset(request).annotate(question_count=Count("sections__questions"))

    @admin.display(description="questions")
    def questions(self, draft: Any) -> int:
        return int(draft.question_count)

    def get_form(self, request: HttpRequest, obj: Questionnaire | None = None, change: bool = False, **kwargs: Any) -> Any:
        words = {"widgets": {"intro": Textarea(attrs={"rows": 4, "cols": 80})}, "labels": LABELS, "help_texts": HELP}
        return super().get_form(request, obj, change, **words, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            path("<int:pk>/publish/", view(safe_or_post(self.publish)), name="assessments_questionnaire_publish"),
            path("<int:pk>/rehearse/", view(require_POST(self.rehearse)), name="assessments_questionnaire_rehearse"),
            path("<int:pk>/preview/<int:number>/", view(require_safe(self.preview)), name="assessments_questionnaire_preview"),
        ]
        return [*own, *super().get_urls()]

    def viewable(self, request: HttpRequest, pk: int) -> Questionnaire:
        draft: Questionnaire | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        return draft

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessments.publish_questionnaire")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        original = context.get("original")
        if original is not None:
            # From the database: what a refused form holds may be no number at all.
            checked = publishing.review(Questionnaire.objects.get(pk=original.pk))
            context |= _noticed(Places(original, checked.rows, checked.lines), checked.findings)
            context |= {"sections": checked.rows, "may_publish": self.has_publish_permission(request)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Questionnaire) -> HttpResponseRedirect:
        """Back to the draft, where the findings are."""
        return HttpResponseRedirect(reverse("admin:assessments_questionnaire_change", args=[obj.pk]))

    response_post_save_add = response_post_save_change

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks, with the findings and what differs from the live version; POST publishes."""
        draft = self.viewable(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            checked = publishing.review(draft)
            return self._ask(request, draft, checked, checked.findings)
        try:
            version = publishing.publish(draft, by=request.user, seen=request.POST.get("seen", ""))  # type: ignore[arg-type]
        except publishing.NotPublished as refusal:
            self.message_user(request, "Nothing was published. See what stands in the way.", messages.ERROR)
            checked = publishing.review(draft)
            findings = dict.fromkeys([*refusal.findings, *checked.findings])
            return self._ask(request, draft, checked, list(findings), status=422)
        self.log_change(request, draft, f"Published as version {version.number}.")
        told = f"Version {version.number} is live. New attempts take it from now on; open ones and results stay on theirs."
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:assessments_version_change", args=[version.pk]))

    def _ask(
        self, request: HttpRequest, draft: Questionnaire, checked: publishing.Review, findings: list[Finding], status: int = 200
    ) -> HttpResponse:
        places = Places(draft, checked.rows, checked.lines)
        live, readable = queries.newest_version(), checked.questionnaire
        changed = differences(queries.questionnaire_of(live) if live else None, readable) if readable else []
        context = self._context(request, draft, f"Publish “{draft}”") | _noticed(places, findings)
        context |= {
            "live": live,
            "differences": [(places.of(each.place), each) for each in changed],
            "examples": example_scores(readable) if readable and not checked.blocking else [],
            "seen": readable.sha256 if readable else "",
        }
        return TemplateResponse(request, "admin/assessments/questionnaire/publish.html", context, status=status)

    def rehearse(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Fixed probes, simulated people and every stored answer set replayed. A POST, because it is work; it writes nothing."""
        draft = self.viewable(request, pk)
        checked = publishing.review(draft)
        if checked.questionnaire is None or any(finding.rule in NOT_SCORABLE for finding in checked.blocking):
            self.message_user(request, "This draft is not yet a questionnaire that can be scored. Mend the findings first.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:assessments_questionnaire_change", args=[pk]))
        live = queries.live_definition()
        found = rehearsal.rehearse(
            checked.questionnaire, live=Definition.from_json(live) if live else None, stored=queries.stored_answers()
        )
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
        return self.admin_site.each_context(request) | {"title": title, "draft": draft, "opts": self.opts, "media": self.media}


def _noticed(places: Places, findings: list[Finding]) -> dict[str, Any]:
    return {
        "blocking": places.notices(finding for finding in findings if finding.blocking),
        "warnings": places.notices(finding for finding in findings if not finding.blocking),
    }
