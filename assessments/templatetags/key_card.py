"""The tag of an owner key: {% key_card key as card %}."""

from __future__ import annotations

from django import template

from assessments.web import key_card

register = template.Library()
register.simple_tag(key_card)
