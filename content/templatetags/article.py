"""How pages draw roles, strengths and workflows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content.document import Step, Strengths
from content.published import Role, Site, Strength

register = template.Library()

LINES = {"project": "ruled", "product": "dotted"}
ROLE_WORD = re.compile(r"\b(project|product)\b", re.IGNORECASE)
LANES = {"project": 22, "team": 85, "product": 148}  # y of each lane in pixels
LANES_START = 15  # per cent of the width that the names of the lanes take


@register.filter
def mark_roles(title: str) -> SafeString:
    """Underline the word project with the ruled line and product with the dotted one."""
    parts = ROLE_WORD.split(title)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html('<span class="{}">{}</span>', LINES[part.lower()], part)
                if part.lower() in LINES
                else part,
            )
            for part in parts
        ),
    )


@register.filter
def listed(block: Strengths, state: Site) -> list[Strength]:
    """The strengths of a block, under their names of today."""
    return [
        state.strengths[slug] for slug in block.strengths if slug in state.strengths
    ]


@register.filter
def key_strengths(role: Role, state: Site) -> list[Strength]:
    return [
        found
        for found in state.strengths.values()
        if found.kind == "key" and found.role == role.slug and not found.retired
    ]


@dataclass(frozen=True)
class LanePoint:
    number: int
    actor: str
    x: str  # per cent
    y: int  # pixels
    next_x: str  # of the step after; nothing for the last one
    next_y: int


@register.filter
def lane_points(steps: Sequence[Step]) -> list[LanePoint]:
    """Where each step of a workflow stands on the lane of the one who acts."""
    width = (100 - LANES_START) / len(steps) if steps else 0
    across = [
        f"{LANES_START + width * (place + 0.5):g}%" for place in range(len(steps))
    ] + [""]
    down = [LANES[step.actor] for step in steps] + [0]
    return [
        LanePoint(
            place + 1,
            step.actor,
            across[place],
            down[place],
            across[place + 1],
            down[place + 1],
        )
        for place, step in enumerate(steps)
    ]


@register.filter
def actor_name(actor: str, roles: Sequence[Role]) -> str:
    return next((role.name for role in roles if role.sign == actor), "The team")
