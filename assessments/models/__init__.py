"""What the questionnaire keeps. Rows change only through assessments.actions (drafts: through the admin)."""

from .attempts import Attempt, Owner, Result
from .limits import RateCount
from .quality import CountDay, ItemDay, RollUp, ScaleDay
from .questionnaires import Question, Questionnaire, Section, Version
from .sharing import Scope, ShareLink

__all__ = [
    "Attempt",
    "CountDay",
    "ItemDay",
    "Owner",
    "Question",
    "Questionnaire",
    "RateCount",
    "Result",
    "RollUp",
    "ScaleDay",
    "Scope",
    "Section",
    "ShareLink",
    "Version",
]
