"""How pages draw roles, strengths and workflows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content.document import Strengths, WorkflowStep
from content.published import PublishedRole, PublishedStrength, Site

register = template.Library()

LINE_STYLES = {"project": "ruled", "product": "dotted"}
ROLE_WORD = re.compile(r"\b(project|product)\b", re.IGNORECASE)
# y of each lane, in pixels
LANES = {"project": 22, "team": 85, "product": 148}
# Percentage of the width that the names of the lanes take.
LANES_START = 15


@register.filter
def mark_roles(title: str) -> SafeString:
    """Underline the word project with a ruled line, and product with a dotted one."""
    parts = ROLE_WORD.split(title)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    '<span class="{}">{}</span>', LINE_STYLES[part.lower()], part
                )
                if part.lower() in LINE_STYLES
                else part,
            )
            for part in parts
        ),
    )


@register.filter
def listed(block: Strengths, state: Site) -> list[PublishedStrength]:
    """The strengths of a block, with their names of today."""
    return [
        state.strengths[slug] for slug in block.strengths if slug in state.strengths
    ]


@register.filter
def key_strengths(role: PublishedRole, state: Site) -> list[PublishedStrength]:
    return [
        strength
        for strength in state.strengths.values()
        if (strength.kind, strength.role) == ("key", role.slug) and not strength.retired
    ]


@dataclass(frozen=True)
class LanePoint:
    number: int
    actor: str
    # Percentage of the width, such as "20%".
    x: str
    # Pixels.
    y: int
    # The same of the next step; "" and 0 for the last step.
    next_x: str
    next_y: int


@register.filter
def lane_points(steps: Sequence[WorkflowStep]) -> list[LanePoint]:
    """The point of each step of a workflow, on the lane of the role that acts."""
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
def actor_name(actor: str, roles: Sequence[PublishedRole]) -> str:
    return next((role.name for role in roles if role.sign == actor), "The team")
