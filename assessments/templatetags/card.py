"""Template tags of the card: its words, and the site's address as people read it."""

from __future__ import annotations

from django import template

from assessments.results.card import card_lines
from assessments.results.report import Report

register = template.Library()


@register.simple_tag
def lines_of_card(report: Report) -> tuple[str, str]:
    return card_lines(report.outcome, role=report.named)


@register.filter
def without_scheme(address: str) -> str:
    """rolefit.example for https://rolefit.example."""
    return address.partition("://")[2]
