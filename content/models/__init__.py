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
    PictureBlock,
    ProseBlock,
    QuotationBlock,
    ResponsibilitiesBlock,
    StrengthsBlock,
    WorkflowBlock,
)
from .pages import Page, PageVersion
from .pictures import Rendition, UploadedPicture
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
    "IllustrationBlock",
    "ListBlock",
    "Page",
    "PageVersion",
    "PictureBlock",
    "ProseBlock",
    "QuotationBlock",
    "Rendition",
    "ResponsibilitiesBlock",
    "Role",
    "SiteWords",
    "Strength",
    "StrengthsBlock",
    "UploadedPicture",
    "WorkflowBlock",
]
