"""What the questionnaire keeps. Rows change only through assessments.actions (drafts: through the admin)."""

from .attempts import Attempt, Form, Owner, Result
from .coaching import Coach, ConversationPrompt, Invitation, NextStep, Participation
from .limits import RateCount
from .quality import ClickDay, CountDay, ItemDay, RollUp, ScaleDay
from .questionnaires import Question, Questionnaire, Section, Version
from .ratings import PanelRating, RatingPanel
from .sharing import Scope, ShareLink

__all__ = [
    "Attempt",
    "ClickDay",
    "Coach",
    "ConversationPrompt",
    "CountDay",
    "Form",
    "Invitation",
    "ItemDay",
    "NextStep",
    "Owner",
    "PanelRating",
    "Participation",
    "Question",
    "Questionnaire",
    "RateCount",
    "RatingPanel",
    "Result",
    "RollUp",
    "ScaleDay",
    "Scope",
    "Section",
    "ShareLink",
    "Version",
]
