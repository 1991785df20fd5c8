"""The engine: a definition, one person's answers, and the result with its working.

docs/engine.md is its contract.
"""

from .checks import check, example_scores
from .definition import read_definition, validate
from .errors import DefinitionError, Fault, RequestError
from .findings import Finding
from .parts import (
    Answers,
    Constants,
    FormConstants,
    QuestionDefinition,
    RoleDefinition,
    SectionDefinition,
    Statement,
    StrengthDefinition,
)
from .questionnaire import Definition
from .request import parse_request
from .result import ScoredAnswers
from .scorers import SCORERS, guide, score, steps_to_lean, stop_offer, working
from .tally import longest_run
from .working import Working

__all__ = [
    "Answers",
    "Constants",
    "Definition",
    "DefinitionError",
    "Fault",
    "Finding",
    "FormConstants",
    "QuestionDefinition",
    "RequestError",
    "RoleDefinition",
    "SCORERS",
    "ScoredAnswers",
    "SectionDefinition",
    "Statement",
    "StrengthDefinition",
    "Working",
    "check",
    "example_scores",
    "guide",
    "longest_run",
    "parse_request",
    "read_definition",
    "score",
    "steps_to_lean",
    "stop_offer",
    "validate",
    "working",
]
