"""For staff: drafts and versions, how good they are, coaches, and what the guide suggests to ask. Attempt, Result and ShareLink are not here, and never will be."""

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
