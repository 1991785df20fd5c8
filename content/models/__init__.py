from __future__ import annotations

from .audit import AuditEntry
from .blocks import (
    BLOCKS,
    Block,
    CallToActionBlock,
    ComparisonBlock,
    ExampleBlock,
    IllustrationBlock,
    ListBlock,
    ProseBlock,
    ResponsibilitiesBlock,
    StrengthsBlock,
    WorkflowBlock,
)
from .pages import Page, PageVersion
from .roles import Role, Strength
from .site import SiteWords

__all__ = [
    "BLOCKS",
    "AuditEntry",
    "Block",
    "CallToActionBlock",
    "ComparisonBlock",
    "ExampleBlock",
    "IllustrationBlock",
    "ListBlock",
    "Page",
    "PageVersion",
    "ProseBlock",
    "ResponsibilitiesBlock",
    "Role",
    "SiteWords",
    "Strength",
    "StrengthsBlock",
    "WorkflowBlock",
]
