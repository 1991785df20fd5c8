"""What a scope shows, for lists."""

from __future__ import annotations

from django import template

from assessments.scopes import left_out_at, shown_at

register = template.Library()
register.filter("shown_at", shown_at)
register.filter("left_out_at", left_out_at)
