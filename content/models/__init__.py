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
from .former import FormerWords
from .pages import Page, PageVersion, SavedDraft
from .roles import Role, Strength
from .site import RESULT_PLACEHOLDER, SiteWords

__all__ = [
    "BLOCKS",
    "RESULT_PLACEHOLDER",
    "AuditEntry",
    "Block",
    "CallToActionBlock",
    "ComparisonBlock",
    "ExampleBlock",
    "FormerWords",
    "IllustrationBlock",
    "ListBlock",
    "Page",
    "PageVersion",
    "ProseBlock",
    "ResponsibilitiesBlock",
    "Role",
    "SavedDraft",
    "SiteWords",
    "Strength",
    "StrengthsBlock",
    "WorkflowBlock",
]
