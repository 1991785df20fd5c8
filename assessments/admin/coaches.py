"""Coaches: requests and workspaces.

Staff approve, decline and close with buttons. Deleting a request declines it, too,
without a mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
)
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from assessments.actions import coach_erasure, coaches
from assessments.models import Coach
from assessments.typed import AddressField, NameField, isolated
from content.seen import SeenModelForm
from content.seen_admin import SeenAdmin

_log = logging.getLogger(__name__)


class CoachForm(SeenModelForm):
    class Meta:
        model = Coach
        fields = ("name", "email", "works_with")
        # A manager judges the whole sentence.
        widgets: ClassVar[Any] = {"works_with": AdminTextareaWidget(attrs={"rows": 3})}
        # As in a request, so that one address is one coach.
        field_classes: ClassVar[Any] = {"name": NameField, "email": AddressField}

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if len(email) > coaches.MAX_EMAIL_LENGTH:
            raise ValidationError(coaches.EMAIL_TOO_LONG)
        return email


class StatusFilter(admin.SimpleListFilter):
    title = parameter_name = "status"
    statuses: ClassVar[dict[str, tuple[str, Q]]] = {
        "waiting": ("Waits for an answer", Q(approved_at=None)),
        "open": ("Open workspace", Q(approved_at__isnull=False, closed_at=None)),
        "closed": ("Closed workspace", Q(closed_at__isnull=False)),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, words) for value, (words, _) in self.statuses.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Coach]
    ) -> QuerySet[Coach]:
        _, matches = self.statuses.get(self.value() or "", ("", Q()))
        return queryset.filter(matches)


@admin.register(Coach)
class CoachAdmin(SeenAdmin):
    form = CoachForm
    list_display = ("name", "email", "works", "status", "asked_at")
    list_filter = (StatusFilter,)
    search_fields = ("name", "email", "id__exact")
    search_help_text = "Name, email address, or the number in the audit trail."
    fields = (
        "name",
        "email",
        "works_with",
        "asked_at",
        "approved_at",
        "approved_by",
        "closed_at",
        "closed_by",
        "erased_at",
        "trail",
    )
    change_form_template = "admin/assessments/coach/change_form.html"

    @admin.display(description="who they work with", ordering="works_with")
    def works(self, coach: Coach) -> str:
        return Truncator(coach.works_with).chars(80)

    @admin.display(description="in the audit trail")
    def trail(self, coach: Coach) -> str | None:
        return coaches.in_trail(coach) if coach.pk else None

    @admin.display(description="status", ordering="approved_at")
    def status(self, coach: Coach) -> str:
        if coach.approved_at is None:
            return "Waits for an answer"
        return "Open workspace" if coach.closed_at is None else "Closed workspace"

    def get_readonly_fields(
        self, request: HttpRequest, obj: Coach | None = None
    ) -> tuple[str, ...]:
        # After approval the account has the address. A change here would not reach it.
        own = (
            "asked_at",
            "approved_at",
            "approved_by",
            "closed_at",
            "closed_by",
            "erased_at",
            "trail",
        )
        if obj and obj.erased_at:
            return ("name", "email", "works_with", *own)
        return ("email", *own) if obj and obj.approved_at else own

    def has_delete_permission(
        self, request: HttpRequest, obj: Coach | None = None
    ) -> bool:
        """Only a request can be deleted. A workspace holds grants: staff close it."""
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.approved_at is None
        )

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Write nothing: the admin's own history would keep the name."""
        return []

    def delete_model(self, request: HttpRequest, obj: Coach) -> None:
        coaches.decline_request(obj, by=request.user)  # type: ignore[arg-type]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/approve/",
                view(require_POST(self.approve)),
                name="assessments_coach_approve",
            ),
            path(
                "<int:pk>/decline/",
                view(require_POST(self.decline)),
                name="assessments_coach_decline",
            ),
            path(
                "<int:pk>/mail/",
                view(require_POST(self.mail_again)),
                name="assessments_coach_mail",
            ),
            path(
                "<int:pk>/close/",
                view(require_POST(self.close)),
                name="assessments_coach_close",
            ),
            path(
                "<int:pk>/new-password/",
                view(require_POST(self.new_password)),
                name="assessments_coach_new_password",
            ),
            path(
                "<int:pk>/erase/",
                view(require_POST(self.erase)),
                name="assessments_coach_erase",
            ),
            path(
                "<int:pk>/open/",
                view(require_POST(self.open)),
                name="assessments_coach_open",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        coach: Coach | None = context.get("original")
        may_change = coach is not None and self.has_change_permission(request, coach)
        context |= {
            "may_approve": (
                may_change and coach is not None and coach.approved_at is None
            ),
            "may_decline": (
                coach is not None
                and coach.approved_at is None
                and settings.MAIL_GOES_OUT
                and self.has_delete_permission(request, coach)
            ),
            "may_mail": (
                may_change
                and coach is not None
                and settings.MAIL_GOES_OUT
                and bool(coaches.first_password_link(coach))
            ),
            "may_close": (
                may_change
                and coach is not None
                and coach.approved_at is not None
                and coach.closed_at is None
            ),
            "may_open": (
                may_change
                and coach is not None
                and coach.closed_at is not None
                and coach.erased_at is None
            ),
            "may_erase": (
                may_change
                and coach is not None
                and coach.closed_at is not None
                and not coach_erasure.why_not_erasable(coach)
            ),
        }
        if (
            may_change
            and coach is not None
            and coach.user
            and not settings.MAIL_GOES_OUT
        ):
            context["why_no_new_password"] = coaches.why_no_new_password(coach)
        return super().render_change_form(request, context, *args, **kwargs)

    def changeable(self, request: HttpRequest, pk: int) -> Coach:
        coach: Coach | None = self.get_object(request, str(pk))
        if coach is None:
            raise Http404
        if not self.has_change_permission(request, coach):
            raise PermissionDenied
        return coach

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        coach = self.changeable(request, pk)
        try:
            link = coaches.approve_coach(
                coach,
                by=request.user,  # type: ignore[arg-type]
            )
        except coaches.AlreadyApproved:
            self.message_user(
                request,
                f"{isolated(str(coach))} already has a workspace.",
                messages.INFO,
            )
        except coaches.NotApprovable as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            coach.refresh_from_db()
            done = f"{isolated(str(coach))} now has a workspace."
            if settings.MAIL_GOES_OUT:
                self.tell(request, coach, done, coaches.mail_approval)
            else:
                next_step = (
                    "This site doesn’t send email. Make a password link below."
                    if link
                    else "They sign in with the account that they already have."
                )
                self.message_user(request, f"{done} {next_step}", messages.SUCCESS)
        return self.back(pk)

    def decline(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete a request, and tell its author by mail."""
        coach = self.changeable(request, pk)
        if not settings.MAIL_GOES_OUT or not self.has_delete_permission(request, coach):
            raise PermissionDenied
        try:
            coaches.decline_request(coach, by=request.user)  # type: ignore[arg-type]
        except coaches.NotWaiting:
            self.message_user(
                request, "Someone has answered this request.", messages.INFO
            )
        else:
            self.tell(request, coach, "The request is deleted.", coaches.mail_refusal)
        return HttpResponseRedirect(reverse("admin:assessments_coach_changelist"))

    def mail_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mail the way in once more, until the coach has chosen a password."""
        coach = self.changeable(request, pk)
        if not settings.MAIL_GOES_OUT or not coaches.first_password_link(coach):
            raise PermissionDenied
        self.tell(request, coach, "", coaches.mail_approval)
        return self.back(pk)

    def tell(
        self,
        request: HttpRequest,
        coach: Coach,
        done: str,
        mail: Callable[[Coach], None],
    ) -> None:
        """Mail the coach, and say what is done and whether the mail server took it."""
        try:
            mail(coach)
        except coaches.NotMailed:
            _log.exception("No mail to coach %s", coach.pk)
            told = (
                f"We couldn’t email {coach.email}, because our mail server failed. "
                "Tell them yourself, or try again later."
            )
            level = messages.WARNING
        else:
            told, level = f"We emailed {coach.email}.", messages.SUCCESS
        self.message_user(request, f"{done} {told}".strip(), level)

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        coach = self.changeable(request, pk)
        coaches.close_workspace(coach, by=request.user)  # type: ignore[arg-type]
        self.message_user(
            request,
            f"The workspace of {isolated(str(coach))} is closed. Invitations and links "
            "have stopped working, and clients can see results that were held.",
            messages.SUCCESS,
        )
        return self.back(pk)

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        coach = self.changeable(request, pk)
        coaches.open_workspace(coach, by=request.user)  # type: ignore[arg-type]
        self.message_user(
            request,
            f"The workspace of {isolated(str(coach))} is open again.",
            messages.SUCCESS,
        )
        return self.back(pk)

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Erase a coach who asked for it, once the workspace is closed."""
        coach = self.changeable(request, pk)
        if coach.closed_at is None:
            raise PermissionDenied
        raise_if_reauthentication_required(request, app="")
        try:
            coach_erasure.erase_coach(
                coach,
                by=request.user,  # type: ignore[arg-type]
            )
        except coach_erasure.NotErasable as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(
                request,
                "The coach is erased. Only numbers and days are left.",
                messages.SUCCESS,
            )
        return self.back(pk)

    def back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:assessments_coach_change", args=[pk])
        )

    def new_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a link for a new password, once.

        It is not in a message, because messages travel in a cookie. It opens an
        account, so the manager gives the password or second factor again.
        """
        coach = self.changeable(request, pk)
        raise_if_reauthentication_required(request, app="")
        try:
            link = coaches.new_password_link(
                coach,
                by=request.user,  # type: ignore[arg-type]
            )
        except coaches.NoNewPassword as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self.back(pk)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": coach,
            "title": "New password",
            "link": link,
        }
        response = TemplateResponse(
            request, "admin/assessments/coach/new_password.html", context
        )
        add_never_cache_headers(response)
        return response
