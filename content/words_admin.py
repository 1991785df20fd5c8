"""Admin pages of words outside pages. What is saved is a draft.

Any app uses this for its models that derive from Wording.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from content import queries, word_actions
from content.difference import words_difference
from content.kept_form import wants_json
from content.models import Wording
from content.models.words import published_state
from content.seen_admin import SeenAdmin


class WordsAdmin(SeenAdmin):
    change_form_template = "admin/content/words/change_form.html"
    object_history_template = "admin/content/former_words.html"

    class Media:
        css = {"all": ["css/admin.css", "css/admin_pages.css"]}

    def locked(self, request: HttpRequest, pk: Any) -> bool:
        try:
            word_actions.lock_row(self.model, pk)
        except self.model.DoesNotExist:
            return False
        return True

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        before = type(obj).objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None:
            word_actions.keep_former_words(
                obj,
                {
                    name: before._meta.get_field(name).value_from_object(before)
                    for name in form.changed_data
                },
                by=request.user,  # type: ignore[arg-type]
            )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.tell_what_is_next(request)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if not wants_json(request):
            self.tell_what_is_next(request)
        return super().response_change(request, obj)

    def tell_what_is_next(self, request: HttpRequest) -> None:
        message = (
            "This is a draft. Visitors see no change until the words are published."
        )
        if request.user.has_perm("content.view_wordsversion"):
            publishes = request.user.has_perm("content.publish_words")
            view = "publish" if publishes else "difference"
            message = format_html(
                '{} <a href="{}">{}</a>',
                message,
                reverse(f"admin:content_wordsversion_{view}"),
                "Publish…" if publishes else "See unpublished changes",
            )
        self.message_user(request, message, messages.INFO)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("original") is not None:
            # Read from the database: the row may carry values that the form refused.
            row: Wording = self.model._base_manager.get(pk=context["original"].pk)
            name, key = row.model_name(), row.key
            live = published_state().get(name, {})
            shown = {key: live[key]} if key in live else {}
            context |= {
                "is_published": bool(shown),
                "row_difference": words_difference(
                    {name: shown}, {name: {key: row.freeze()}}
                ),
                "may_publish": request.user.has_perm("content.publish_words"),
                "may_edit": self.has_change_permission(request, row),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        put_back = path(
            "<int:pk>/former/<int:former>/",
            self.admin_site.admin_view(require_POST(self.put_back)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_put_back",
        )
        return [put_back, *super().get_urls()]

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        former = queries.former_words(row) if row else []
        more = {
            "former": [
                (one, [(_label(row, name), value) for name, value in known.items()])
                for one in former
                if (known := self.model.known(one.values))
            ],
            "may_put_back": self.has_change_permission(request, row),
            "put_back": f"admin:{self.opts.app_label}_{self.opts.model_name}_put_back",
        }
        return super().history_view(
            request, object_id, {**(extra_context or {}), **more}
        )

    def put_back(self, request: HttpRequest, pk: int, former: int) -> HttpResponse:
        """Give the fields that one save has changed their words before it."""
        row = self.get_object(request, str(pk))
        words = queries.former_words(row).filter(pk=former).first() if row else None
        if row is None or words is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            word_actions.put_back_words(words, row, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            self.message_user(
                request, "You restored the earlier wording.", messages.SUCCESS
            )
            self.tell_what_is_next(request)
        return HttpResponseRedirect(
            reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[pk]
            )
        )


def _label(row: Any, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]
