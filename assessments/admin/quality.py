"""Pages about the quality of the questionnaire. They show sums, no single result."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import drafts, exports
from assessments.actions import sums as sum_actions
from assessments.engine import DefinitionError
from assessments.models import Form, RollUp, Version
from assessments.quality.cells import people_cell
from assessments.quality.page import headlines, quality_page, uncounted
from assessments.quality.weeks_form import WeeksForm
from assessments.queries import sums as sum_queries
from assessments.queries import versions

MAX_SLICES = 100  # of the roll-up in one request: 10,000 results


@admin.register(RollUp)
class QualityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Registered for the model that has the permission. Its rows are not listed."""

    class Media:
        css = {"all": ["css/admin_quality.css"]}

    def has_view_permission(
        self, request: HttpRequest, obj: RollUp | None = None
    ) -> bool:
        return request.user.has_perm("assessments.view_quality")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: RollUp | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RollUp | None = None
    ) -> bool:
        return False

    def has_draft_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessments.add_questionnaire")

    def get_urls(self) -> list[URLPattern]:
        """Replaces Django's own pages, which would show and change rows."""
        view = self.admin_site.admin_view
        form = "<int:number>/<str:form>/"
        return [
            path(
                "", view(require_safe(self.index)), name="assessments_rollup_changelist"
            ),
            path(
                "count/",
                view(require_POST(self.count)),
                name="assessments_rollup_count",
            ),
            path(form, view(require_safe(self.page)), name="assessments_rollup_page"),
            path(
                f"{form}draft/",
                view(require_POST(self.draft)),
                name="assessments_rollup_draft",
            ),
            path(
                f"{form}<str:table>.csv",
                view(require_POST(self.export)),
                name="assessments_rollup_export",
            ),
        ]

    def _authorise(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _version(self, request: HttpRequest, number: int, form: str) -> Version:
        self._authorise(request)
        if form not in Form.values:
            raise Http404
        return get_object_or_404(Version.objects.defer("definition"), number=number)

    def index(self, request: HttpRequest) -> HttpResponse:
        self._authorise(request)
        weeks = WeeksForm({}, today=timezone.now().date())
        weeks.is_valid()
        context = self._context(request, "Quality") | {
            "headlines": headlines(**weeks.cleaned_data),
            "weeks": weeks,
        }
        return TemplateResponse(
            request, "admin/assessments/quality/index.html", context
        )

    def page(self, request: HttpRequest, number: int, form: str) -> HttpResponse:
        version = self._version(request, number, form)
        weeks = WeeksForm(request.GET.dict(), today=timezone.now().date())
        context = self._context(
            request, f"Quality of version {number}, {Form(form).label.lower()}"
        )
        context |= {
            "version": version,
            "form": form,
            "waiting_from": sum_queries.waiting_from(version, form),
            "weeks": weeks,
            "may_draft": self.has_draft_permission(request)
            and version == versions.newest_version(),
        }
        if weeks.is_valid():
            context["quality"] = quality_page(version, form, **weeks.cleaned_data)
        return TemplateResponse(request, "admin/assessments/quality/page.html", context)

    def export(
        self, request: HttpRequest, number: int, form: str, table: str
    ) -> HttpResponse:
        version = self._version(request, number, form)
        weeks = WeeksForm(request.POST.dict(), today=timezone.now().date())
        if not weeks.is_valid():
            return HttpResponseBadRequest(
                "These weeks aren’t valid. Go back and choose others.",
                content_type="text/plain; charset=utf-8",
            )
        tables = quality_page(version, form, **weeks.cleaned_data).tables
        if table not in tables:
            raise Http404
        since, until = (
            date_format(weeks.cleaned_data[name], "F j, Y")
            for name in ("since", "until")
        )
        subject = (
            f"quality table “{tables[table].title}”, version {number}, "
            f"{Form(form).label.lower()}, {since} to {until}"
        )
        exports.record_export(subject, by=request.user)  # type: ignore[arg-type]
        response = HttpResponse(
            "\ufeff" + tables[table].as_csv(), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = (
            f'attachment; filename="rolefit-version-{number}-{form}-{table}.csv"'
        )
        return response

    def count(self, request: HttpRequest) -> HttpResponse:
        self._authorise(request)
        done = sum_actions.roll_up(now=timezone.now(), slices=MAX_SLICES)
        self.message_user(
            request,
            f"Looked at {people_cell(done.seen).text} new results. "
            "You’ll see them once their week is over and includes at least ten people.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:assessments_rollup_changelist"))

    def draft(self, request: HttpRequest, number: int, form: str) -> HttpResponse:
        """Begin a draft with the constants that these weeks suggest.

        They are computed again: the post is not trusted.
        """
        version = self._version(request, number, form)
        if (
            not self.has_draft_permission(request)
            or version != versions.newest_version()
        ):
            raise PermissionDenied
        weeks = WeeksForm(request.POST.dict(), today=timezone.now().date())
        proposal = (
            quality_page(version, form, **weeks.cleaned_data).proposal
            if weeks.is_valid()
            else None
        )
        page = reverse("admin:assessments_rollup_page", args=[number, form])
        if proposal is None:
            self.message_user(
                request,
                "No draft was made. These weeks suggest no new constants.",
                messages.ERROR,
            )
            return HttpResponseRedirect(page)
        try:
            draft = drafts.duplicate_with_constants(
                version,
                v_trade_off=proposal.v_trade_off,
                v_enjoyment=proposal.v_enjoyment,
                over_days=proposal.over_days,
                by=request.user,  # type: ignore[arg-type]
            )
        except DefinitionError as error:
            for fault in error.faults:
                self.message_user(
                    request, f"No draft was made: {fault.message}.", messages.ERROR
                )
            return HttpResponseRedirect(page)
        constants = (
            f"an error of {draft.v_trade_off} for one trade-off answer and of "
            f"{draft.v_enjoyment} for one enjoyment answer"
        )
        self.log_addition(
            request, draft, f"Started from version {number}, with {constants}."
        )
        self.message_user(
            request,
            f"This draft starts from version {number}, with {constants}. "
            "Visitors see it once you publish it.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(
            reverse("admin:assessments_questionnaire_change", args=[draft.pk])
        )

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "waiting": uncounted(now=timezone.now()),
            "open_from": sum_queries.open_from(),
        }
