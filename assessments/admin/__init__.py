"""The admin: drafts, versions, quality, coaches and prompts of the guide.

Attempt, Result and ShareLink have no pages here: staff must not see individual results.
"""

from __future__ import annotations

from .coaches import CoachAdmin
from .prompts import ConversationPromptAdmin
from .quality import QualityAdmin
from .questionnaires import QuestionnaireAdmin
from .sections import SectionAdmin
from .versions import VersionAdmin

__all__ = [
    "CoachAdmin",
    "ConversationPromptAdmin",
    "QualityAdmin",
    "QuestionnaireAdmin",
    "SectionAdmin",
    "VersionAdmin",
]
