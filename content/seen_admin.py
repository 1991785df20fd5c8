"""Admin pages on which nobody overwrites what another has saved meanwhile.

See content/seen.py for how forms notice that.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from js_asset import Script

from content.actions import TOGETHER
from content.kept_form import typed_fields, wants_json
from content.seen import SeenForm, SeenFormSet, SeenModelForm


class SeenFields:
    """Puts the hidden field `seen` into the last fieldset of who may edit."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))  # type: ignore[misc]
        may_edit = (
            self.has_change_permission(request, obj)  # type: ignore[attr-defined]
            or self.has_add_permission(request, obj)  # type: ignore[attr-defined]
            if isinstance(self, admin.options.InlineModelAdmin)
            else obj is None or self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        )
        names = admin.utils.flatten_fieldsets(fieldsets)
        if may_edit and "seen" not in names:
            title, options = fieldsets[-1]
            fieldsets[-1] = (title, {**options, "fields": (*options["fields"], "seen")})
        if not may_edit:
            fieldsets = [
                (
                    title,
                    {
                        **options,
                        "fields": [
                            name for name in options["fields"] if name != "seen"
                        ],
                    },
                )
                for title, options in fieldsets
            ]
        return fieldsets


class SeenInline(SeenFields):
    form: Any = SeenModelForm
    formset: Any = SeenFormSet


class SeenAdmin(SeenFields, admin.ModelAdmin):  # type: ignore[type-arg]
    form: Any = SeenModelForm

    class Media:
        css = {"all": ["css/typing.css"]}
        js = [Script("js/typing.js", type="module")]

    def locked(self, request: HttpRequest, pk: Any) -> bool:
        """Lock the row until this transaction ends; False where there is none."""
        rows = self.model._base_manager.select_for_update().order_by("pk")
        return rows.filter(pk=pk).first() is not None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = self.get_object(request, unquote(object_id))
            gone = row is None or not self.locked(request, row.pk)
            if gone and self.has_change_permission(request):
                return self.deleted_meanwhile(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            row = self.get_object(request, unquote(object_id))
            gone = row is None or not self.locked(request, row.pk)
            if gone and self.has_delete_permission(request):
                message = f"Someone has already deleted this {self.opts.verbose_name}."
                self.message_user(request, message, messages.WARNING)
                name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
                return HttpResponseRedirect(reverse(f"admin:{name}"))
            return super().delete_view(request, object_id, extra_context)

    def deleted_meanwhile(self, request: HttpRequest) -> HttpResponse:
        """Say so, and show what was typed, so that it can be copied."""
        if wants_json(request):
            return JsonResponse({"problem": "deleted"}, status=HTTPStatus.GONE)
        return TemplateResponse(
            request,
            "admin/deleted_meanwhile.html",
            self.admin_site.each_context(request)
            | {
                "title": "Deleted while you were editing",
                "opts": self.opts,
                "typed": typed_fields(request),
            },
            status=HTTPStatus.GONE,
        )

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        setattr(request, "saved_forms", (form, formsets))  # noqa: B010

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record the change. Many saves by the page's script are one entry."""
        if wants_json(request):
            last = _entries(obj).filter(action_flag=CHANGE).first()
            if (
                last
                and last.user_id == request.user.pk
                and timezone.now() - last.action_time < TOGETHER
            ):
                return last
        return super().log_change(request, obj, message)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if wants_json(request):
            form, formsets = request.saved_forms  # type: ignore[attr-defined]
            words = self.words_after_saving(request, obj)
            return JsonResponse(saved_reply(form, formsets) | {"words": words})
        response = super().response_change(request, obj)
        self.tell_theirs(request)
        if "_continue" in request.POST and isinstance(response, HttpResponseRedirect):
            # A browser that returns to the same address would scroll to where it was.
            response["Location"] += "#content-start"
        return response

    def words_after_saving(self, request: HttpRequest, obj: Any) -> dict[str, str]:
        """Words for elements of the page that stays open, by their data-words."""
        return {}

    def tell_theirs(self, request: HttpRequest) -> None:
        if changed := theirs(*request.saved_forms):  # type: ignore[attr-defined]
            self.message_user(
                request,
                "Your changes are saved. These changed while you were editing, and "
                f"the newer text stays: {', '.join(changed)}.",
                messages.WARNING,
            )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        forms = [context["adminform"].form]
        for formset in context["inline_admin_formsets"]:
            forms += formset.formset.forms
        if request.method == "POST":
            asks = [
                form for form in forms if isinstance(form, SeenForm) and form.met.asks
            ]
            if wants_json(request):
                problem = "contested" if asks else "invalid"
                return JsonResponse({"problem": problem}, status=422)
            if asks:
                by = changed_by(context["original"], request)
                for form in asks:
                    form.changed_by = by
                response = super().render_change_form(request, context, *args, **kwargs)
                response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
                return response
        return super().render_change_form(request, context, *args, **kwargs)


def _entries(row: Model) -> Any:
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
    ).order_by("-action_time", "-pk")


def changed_by(row: Model | None, request: HttpRequest) -> str:
    """Who changed the row last, and when: somebody else if there is one."""
    if row is None:
        return ""
    entries = _entries(row).select_related("user")
    last = entries.exclude(user=request.user.pk).first()
    if last is None:
        return "you, in another window"
    name = last.user.get_full_name() or last.user.get_username()
    moment = date_format(timezone.localtime(last.action_time), "F j, Y, H:i")
    return f"{name}, {moment}"


def theirs(form: Any, formsets: Any) -> list[str]:
    """What stays as others have saved it, in the words of the page."""
    changed = form.theirs() if isinstance(form, SeenForm) else []
    for formset in formsets:
        for row in formset.forms:
            if isinstance(row, SeenForm) and (labels := row.theirs()):
                changed.append(f"{', '.join(labels)} of “{row.title()}”")
        changed += [f"“{title}” (deleted)" for title in getattr(formset, "deleted", [])]
    return changed


def saved_reply(form: Any, formsets: Any) -> dict[str, Any]:
    """What the page's script must know after it has saved: new values of hidden fields.

    Each is named as the page that was posted names it.
    """
    fields = {"seen": form.seen_after_saving(instance=form.instance)}
    for formset in formsets:
        if not isinstance(formset, SeenFormSet):
            continue
        pk = formset.model._meta.pk.name
        rows: list[Any] = formset.forms
        for place, row in zip(formset.places, rows, strict=True):
            if row.instance.pk is not None:
                prefix = f"{formset.prefix}-{place}"
                fields[f"{prefix}-{pk}"] = str(row.instance.pk)
                fields[f"{prefix}-seen"] = row.seen_after_saving(instance=row.instance)
    return {
        "saved": timezone.now().isoformat(),
        "fields": fields,
        "theirs": theirs(form, formsets),
    }
