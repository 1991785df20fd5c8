"""Coaches: who has asked, who has a workspace. Approving is one button; declining is deleting the request."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from assessments.actions import accounts
from assessments.models import Coach


@admin.register(Coach)
class CoachAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "email", "works_with", "asked_at", "approved")
    list_filter = (("approved_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "email")
    fields = ("name", "email", "works_with", "asked_at", "approved_at", "approved_by")
    change_form_template = "admin/assessments/coach/change_form.html"

    @admin.display(description="has a workspace", boolean=True, ordering="approved_at")
    def approved(self, coach: Coach) -> bool:
        return coach.approved_at is not None

    def get_readonly_fields(self, request: HttpRequest, obj: Coach | None = None) -> tuple[str, ...]:
        # The account has the address by then: changing it here would only look as if it changed there.
        own = ("asked_at", "approved_at", "approved_by")
        return ("email", *own) if obj and obj.approved_at else own

    def has_delete_permission(self, request: HttpRequest, obj: Coach | None = None) -> bool:
        """A request can be declined. A workspace holds what clients have granted: the account is closed instead."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.approved_at is None)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}

    def get_urls(self) -> list[URLPattern]:
        approve = self.admin_site.admin_view(require_POST(self.approve))
        new_password = self.admin_site.admin_view(require_POST(self.new_password))
        return [
            path("<int:pk>/approve/", approve, name="assessments_coach_approve"),
            path("<int:pk>/new-password/", new_password, name="assessments_coach_new_password"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        coach: Coach | None = context.get("original")
        may_change = coach is not None and self.has_change_permission(request, coach)
        context |= {
            "may_approve": may_change and coach is not None and coach.approved_at is None,
            "password_link": accounts.first_password_link(coach) if coach is not None and may_change else "",
        }
        if may_change and coach is not None and coach.user and not context["password_link"] and not accounts.mail_goes_out():
            context["why_no_new_password"] = accounts.why_no_new_password(coach)
        return super().render_change_form(request, context, *args, **kwargs)

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        coach: Coach | None = self.get_object(request, str(pk))
        if coach is None:
            raise Http404
        if not self.has_change_permission(request, coach):
            raise PermissionDenied
        try:
            accounts.approve_coach(coach, by=request.user)  # type: ignore[arg-type]
        except accounts.AlreadyApproved:
            self.message_user(request, f"{coach} has a workspace already.", messages.INFO)
        except accounts.NotApprovable as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            told = "A mail is on its way." if accounts.mail_goes_out() else "This site sends no mail: hand over the link below."
            self.message_user(request, f"{coach} has a workspace now. {told}", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:assessments_coach_change", args=[pk]))

    def new_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link stands on the answer alone, and nowhere afterwards: not in a message, which would travel in a cookie."""
        coach: Coach | None = self.get_object(request, str(pk))
        if coach is None:
            raise Http404
        if not self.has_change_permission(request, coach):
            raise PermissionDenied
        try:
            link = accounts.new_password_link(coach, by=request.user)  # type: ignore[arg-type]
        except accounts.NoNewPassword as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:assessments_coach_change", args=[pk]))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": coach, "title": "A new password", "link": link}
        response = TemplateResponse(request, "admin/assessments/coach/new_password.html", context)
        add_never_cache_headers(response)
        return response
