"""The words of an outcome, for templates (assessments/results/outcome_words.py)."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.engine.outcomes import Outcome
from assessments.results.outcome_words import OUTCOME_WORDS, short_words

register = template.Library()

# The class draws the second sign of a role, beside its color.
_ROLES = (
    format_html('<span class="ruled">{}</span>', "project"),
    format_html('<span class="dotted">{}</span>', "product"),
)


@register.filter
def outcome_words(outcome: str | None) -> str:
    """The outcome as tables name it; nothing for None."""
    return short_words(outcome) if outcome else ""


@register.simple_tag
def headline(outcome: Outcome, *, owner: bool) -> SafeString:
    """The headline of a result, in the words for its owner or for anyone else."""
    words = OUTCOME_WORDS[outcome]
    role = "" if outcome.side is None else _ROLES[outcome.side]
    return format_html(words.own if owner else words.others, role=role)
