"""Template filters for hours, which name the time zone that they are read in."""

from __future__ import annotations

from django import template

from assessments import zones

register = template.Library()
register.filter("hour_words", zones.hour_words)
register.filter("zone_words", zones.zone_words)
