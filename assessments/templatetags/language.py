"""The tag for a page that shows the words of a questionnaire in its own language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def language_attributes(tag: str) -> SafeString | str:
    """The attributes `lang` and `dir` for a language tag such as "ar"; none for ""."""
    if not tag:
        return ""
    direction = "rtl" if tag.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', tag, direction)
