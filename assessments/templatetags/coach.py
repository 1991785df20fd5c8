"""Template filters of the coach's pages: points, roots, counts, and moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from django import template
from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone
from django.utils.formats import date_format

from assessments.engine.rounding import root, whole
from assessments.results.lean_figure import toward_words
from assessments.zones import clock

register = template.Library()


@register.filter
def points_toward(value: Fraction) -> str:
    """A signed number of points in words, rounded: 53 toward project."""
    return toward_words(whole(value))


@register.filter
def rounded(value: Fraction) -> int:
    return whole(value)


@register.filter
def rooted(square: Fraction) -> int:
    """The square root, rounded."""
    return root(square)


@register.filter
def number_word(count: int) -> str:
    """A count in words up to nine, and in figures from ten on."""
    return str(apnumber(count))


@register.filter
def namesake_number(number: int) -> str:
    """What follows a name that somebody else has, too; nothing for 0."""
    return f" ({number})" if number else ""


@register.filter
def moment(at: datetime) -> str:
    """Today and yesterday with the time, earlier moments as a day.

    The year is left out where it is this one.
    """
    local, today = timezone.localtime(at), timezone.localdate()
    for day, word in ((today, "today"), (today - timedelta(days=1), "yesterday")):
        if local.date() == day:
            return f"{word}, {clock(local)}"
    return date_format(local, "F j" if local.year == today.year else "F j, Y")
