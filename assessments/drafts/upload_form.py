"""The form with which staff upload a questionnaire file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

# A questionnaire takes about 12 KB. Front servers refuse a megabyte without saying why.
MAX_UPLOAD_BYTES = 512 * 1024


class DefinitionFileForm(forms.Form):
    file = forms.FileField(
        label="Questionnaire file",
        help_text=(
            "A JSON file like those from “Download this draft” and “Download the "
            "definition”. At most 512 KB."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "invalid": "No file arrived. Choose it again.",
            "empty": "The file is empty. Choose another one.",
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                "The file is larger than 512 KB. Questionnaires are smaller, so choose "
                "another file."
            )
        return file
