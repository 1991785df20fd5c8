"""Pictures of the article: uploaded from the page editor, and shown in it."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditor
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from content import actions
from content.models import UploadedPicture
from content.pictures import MAX_FILE, PictureError


class PictureInput(forms.HiddenInput):
    """The uploaded picture of a block, and a button that uploads another.

    The script of the page editor sends the file by itself, so that the form of the page
    carries none: a form that comes back with errors would lose it.
    """

    # The label and the errors of the field are shown, unlike those of a hidden field.
    input_type = "picture"
    template_name = "admin/content/page/_picture_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # A form that comes back with errors holds whatever was sent.
        known = UploadedPicture.objects.all()
        picture = known.filter(pk=value).first() if str(value).isdecimal() else None
        return super().get_context(name, value, attrs) | {
            "picture": picture,
            "max_file": MAX_FILE,
            "address": reverse_lazy("admin:content_page_picture"),
        }

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        # The renderer of forms knows no templates of ours.
        context = self.get_context(name, value, attrs)
        return render_to_string(self.template_name, context)

    def id_for_label(self, id_: str) -> str:
        """The label names the button, because the field itself cannot be seen."""
        return f"{id_}-file" if id_ else id_


class UploadsAdmin(ContentEditor):  # type: ignore[misc]
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = path(
            "picture/",
            view(require_http_methods(["GET", "POST"])(self.picture)),
            name="content_page_picture",
        )
        return [own, *super().get_urls()]

    def picture(self, request: HttpRequest) -> HttpResponse:
        """Keep the file that was sent; say under which key, and where it is to see.

        A file that we don't take gets 422 and a sentence that says what to do. A GET
        says only that this person may send one: the server asks before it reads a file.
        """
        if not (
            self.has_add_permission(request) or self.has_change_permission(request)
        ):
            raise PermissionDenied
        if request.method == "GET":
            return HttpResponse(status=204)
        file = request.FILES.get("file")
        if file is None:
            return JsonResponse({"error": "Choose a file."}, status=422)
        try:
            picture = actions.add_picture(file.read(), now=timezone.now())
        except PictureError as error:
            return JsonResponse({"error": str(error)}, status=422)
        return JsonResponse(
            {"picture": picture.pk, "thumbnail": picture.thumbnail}, status=201
        )
