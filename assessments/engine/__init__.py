"""The engine: a definition, one person's answers, and the result with its whole working. See docs/engine.md."""

from .checks import check, example_scores
from .definition import read_definition, validate
from .errors import DefinitionError, Fault, RequestError
from .findings import Finding
from .parts import (
    Constants,
    FormConstants,
    Question,
    Role,
    Section,
    Statement,
    Strength,
)
from .questionnaire import Questionnaire
from .request import parse_request
from .result import Result
from .scorers import SCORERS, guide, score, steps_to_lean, stop_offer, working
from .working import Working

__all__ = [
    "SCORERS",
    "Constants",
    "DefinitionError",
    "Fault",
    "Finding",
    "FormConstants",
    "Question",
    "Questionnaire",
    "RequestError",
    "Result",
    "Role",
    "Section",
    "Statement",
    "Strength",
    "Working",
    "check",
    "example_scores",
    "guide",
    "parse_request",
    "read_definition",
    "score",
    "steps_to_lean",
    "stop_offer",
    "validate",
    "working",
]
