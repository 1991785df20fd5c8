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
    abandoned,
    kept_attempts,
    resumable,
    visible_results,
)
from .coaching import (
    Client,
    Coach,
    ConversationPrompt,
    Departure,
    Invitation,
    MutedAddress,
    NextStep,
    Participation,
    PersonalLink,
    ResultRequest,
)
from .limits import RateCount
from .quality import ClickDay, CountDay, ItemDay, RollUp, ScaleDay
from .questionnaires import (
    DraftReviewRequest,
    Question,
    Questionnaire,
    Section,
    Version,
)
from .ratings import PanelRating, RatingPanel
from .sharing import Scope, ShareLink, usable_links

__all__ = [
    "Attempt",
    "Choice",
    "ClickDay",
    "Client",
    "Coach",
    "ConversationPrompt",
    "CountDay",
    "Departure",
    "DraftReviewRequest",
    "FollowUp",
    "Form",
    "Invitation",
    "ItemDay",
    "MutedAddress",
    "NextStep",
    "Owner",
    "PanelRating",
    "Participation",
    "PersonalLink",
    "Question",
    "Questionnaire",
    "RateCount",
    "RatingPanel",
    "Result",
    "ResultRequest",
    "RollUp",
    "ScaleDay",
    "Scope",
    "Section",
    "ShareLink",
    "Version",
    "Wish",
    "abandoned",
    "kept_attempts",
    "resumable",
    "usable_links",
    "visible_results",
]
