"""Names that people typed, so that they leave the order of the text around them alone.

On a page a name stands in <bdi>. These filters are for what cannot be written so.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assessments import typed

register = template.Library()
# For titles and attributes, which hold no elements.
register.filter("isolated", typed.isolated)


@register.filter
def join_names(names: Iterable[str]) -> SafeString:
    """Several names with "and" between them, each in its <bdi>."""
    return format_html_join(" and ", "<bdi>{}</bdi>", ((name,) for name in names))
