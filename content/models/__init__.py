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
from .former import FormerWords
from .pages import OldAddress, Page, PageVersion, SavedDraft
from .pictures import Rendition, UploadedPicture
from .reviews import AbstractReviewRequest, ReviewRequest
from .roles import Role, Strength
from .site import RESULT_PLACEHOLDER, SiteWords
from .words import Wording, WordsVersion

__all__ = [
    "BLOCKS",
    "RESULT_PLACEHOLDER",
    "AbstractReviewRequest",
    "AuditEntry",
    "Block",
    "CallToActionBlock",
    "ComparisonBlock",
    "ExampleBlock",
    "FormerWords",
    "IllustrationBlock",
    "ListBlock",
    "OldAddress",
    "Page",
    "PageVersion",
    "PictureBlock",
    "ProseBlock",
    "QuotationBlock",
    "Rendition",
    "ResponsibilitiesBlock",
    "ReviewRequest",
    "Role",
    "SavedDraft",
    "SiteWords",
    "Strength",
    "StrengthsBlock",
    "UploadedPicture",
    "Wording",
    "WordsVersion",
    "WorkflowBlock",
]
