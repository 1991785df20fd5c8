"""The default questionnaire, as data: docs/instrument.md section 4 word for word."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assessments.engine import Definition, read_definition

DEFAULT_DEFINITION = Path(__file__).with_name("default.json")


@cache
def default_questionnaire() -> Definition:
    """The questionnaire that a new site starts with."""
    return read_definition(DEFAULT_DEFINITION.read_bytes())
