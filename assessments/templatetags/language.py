"""The tag for a page that shows the words of a questionnaire in its own language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.models import Version
from assessments.queries import versions

register = template.Library()


@register.simple_tag
def language_attributes(language: Version | str) -> SafeString | str:
    """The attributes `lang` and `dir`, for a version or a language tag; none for ""."""
    if isinstance(language, Version):
        language = versions.questionnaire_of(language).language
    if not language:
        return ""
    direction = "rtl" if language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)
