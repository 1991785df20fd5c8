"""Questionnaires as files: upload one as a draft, download a draft."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import drafts, exports, versions
from assessments.admin.draft_pages import DraftPages, to_draft
from assessments.admin.places import Places
from assessments.drafts.upload_form import DefinitionFileForm
from assessments.engine import DefinitionError


class DefinitionFilePages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            path(
                "upload/",
                view(safe_or_post(self.upload)),
                name="assessments_questionnaire_upload",
            ),
            path(
                "<int:pk>/definition.json",
                view(require_POST(self.definition)),
                name="assessments_questionnaire_definition",
            ),
        ]
        return [*own, *super().get_urls()]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """GET asks for a file. POST makes a draft, or lists all that is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = (
            DefinitionFileForm(request.POST, request.FILES)
            if request.method == "POST"
            else DefinitionFileForm()
        )
        error: DefinitionError | None = None
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                imported = drafts.import_draft(
                    file.read(),
                    by=request.user,  # type: ignore[arg-type]
                )
            except DefinitionError as refusal:
                error = refusal
            else:
                self.log_addition(request, imported.draft, "Uploaded as a file.")
                self._confirm(request, file.name, imported)
                return to_draft(imported.draft.pk)
        context = self.admin_site.each_context(request) | {
            "title": "Upload a questionnaire file",
            "opts": self.opts,
            "media": self.media,
        }
        context |= {"form": form, "faults": error.faults if error else ()}
        status = 422 if form.errors or error else 200
        return TemplateResponse(
            request,
            "admin/assessments/questionnaire/upload.html",
            context,
            status=status,
        )

    def _confirm(
        self, request: HttpRequest, file: str, imported: drafts.Imported
    ) -> None:
        self.message_user(
            request,
            f"This draft comes from the file “{file}”. "
            "Visitors see it once you publish it.",
            messages.SUCCESS,
        )
        if imported.renamed:
            names = "; ".join(
                f"“{name_in_file}” in the file is “{name_today}” in the article"
                for _, name_in_file, name_today in imported.renamed
            )
            self.message_user(
                request,
                f"The draft uses the article’s names: {names}.",
                messages.WARNING,
            )

    def definition(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Download a draft. It is a POST, because an audit entry records who did."""
        draft = self.viewable(request, pk)
        try:
            definition = exports.export_draft(
                draft,
                by=request.user,  # type: ignore[arg-type]
            )
        except DefinitionError as error:
            checked = versions.review_draft(draft)
            places = Places(draft, checked.rows, checked.lines)
            for fault in error.faults:
                place = places.of(fault.place).words
                message = places.in_words(fault.message, fault.other)
                self.message_user(
                    request, f"No file was made. {place}: {message}.", messages.ERROR
                )
            return to_draft(pk)
        response = HttpResponse(definition, content_type="application/json")
        response["Content-Disposition"] = (
            f'attachment; filename="rolefit-draft-{draft.pk}.json"'
        )
        return response
