"""The questionnaire for staff: drafts and versions; and coaches. Attempt, Result and ShareLink are not here, and never will be."""

from __future__ import annotations

from .coaches import CoachAdmin
from .questionnaires import QuestionnaireAdmin
from .sections import SectionAdmin
from .versions import VersionAdmin

__all__ = ["CoachAdmin", "QuestionnaireAdmin", "SectionAdmin", "VersionAdmin"]
