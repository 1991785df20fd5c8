"""What staff may send to make a draft."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = (
    512 * 1024
)  # a questionnaire takes about 12 KB, and front servers refuse a megabyte before we could say why


class DefinitionFileForm(forms.Form):
    file = forms.FileField(
        label="Questionnaire file",
        help_text="A JSON file, as “Download this draft” and “Download the definition” make one. 512 KB at most.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": "Choose a file first.",
            "missing": "Choose a file first.",
            "invalid": "No file came with the page. Choose it once more.",
            "empty": "The file is empty. Choose another one.",
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise forms.ValidationError(
                "The file is larger than 512 KB, and no questionnaire is. Choose another one."
            )
        return file
