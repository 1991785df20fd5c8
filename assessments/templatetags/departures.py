"""Template filters that say what a coach has added, which goes with a grant."""

from __future__ import annotations

from django import template

from assessments.results import departure_words

register = template.Library()
register.filter("added_words", departure_words.added_words)
register.filter("left_with", departure_words.left_with)
