"""Small pieces of a report: where a strength is explained, exact numbers, the disclosure."""

from __future__ import annotations

from fractions import Fraction

from content import published
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments import report

register = template.Library()


@register.simple_tag
def strength_link(slug: str, name: str) -> SafeString | str:
    """The name as the version froze it, linked to today's paragraph about it if the article still has one."""
    found = published.current().strengths.get(slug)
    return format_html('<a href="{}">{}</a>', found.url, name) if found and found.url else name


@register.simple_tag
def disclosure() -> str:
    return report.DISCLOSURE


@register.filter
def exact(value: Fraction | int | None) -> str:
    return "" if value is None else report.plain(Fraction(value)).replace("-", "− ")
