"""The rows of the questionnaire.

Pages write them through assessments.actions. Staff edit drafts in the admin.
"""

from .attempts import (
    Attempt,
    Choice,
    FollowUp,
    Form,
    Owner,
    Result,
    Wish,
    kept_attempts,
    resumable,
    visible_results,
)
from .coaching import Coach, ConversationPrompt, Invitation, NextStep, Participation
from .limits import RateCount
from .quality import ClickDay, CountDay, ItemDay, RollUp, ScaleDay
from .questionnaires import Question, Questionnaire, Section, Version
from .ratings import PanelRating, RatingPanel
from .sharing import Scope, ShareLink, usable_links

__all__ = [
    "Attempt",
    "Choice",
    "ClickDay",
    "Coach",
    "ConversationPrompt",
    "CountDay",
    "FollowUp",
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
    "Wish",
    "kept_attempts",
    "resumable",
    "usable_links",
    "visible_results",
]
