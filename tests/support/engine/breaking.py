"""The default questionnaire with one change, and what the rules of publishing say of
it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessments.defaults import default_questionnaire
from assessments.engine import Definition, Finding, check
from tests.support.engine.cases import Json, make_questionnaire

DEFAULT = default_questionnaire()
NAMES = {strength.slug: strength.name for strength in DEFAULT.strengths}
PLACES = frozenset(
    place
    for question in DEFAULT.questions_of("full")
    for place in question.statement_names
)
LEVEL = [dict.fromkeys(PLACES, 4)] * 40  # desirability ratings that favor nobody


def findings(questionnaire: Definition, **given: Any) -> list[Finding]:
    return check(
        questionnaire,
        **({"lines": NAMES, "one_idea": PLACES, "ratings": LEVEL} | given),
    )


def places(
    change: Callable[[Json], object], rule: str, *, blocking: bool = True
) -> list[str]:
    """Where the rule is broken after the change. Every other rule must be silent."""
    found = findings(make_questionnaire(change))
    assert {(finding.rule, finding.blocking) for finding in found} == {(rule, blocking)}
    assert all(finding.message.endswith(".") for finding in found)
    return [str(finding.place) for finding in found]


def question(definition: Json, name: str) -> Json:
    return next(
        each
        for section in definition["sections"]
        for each in section["questions"]
        if each["id"] == name
    )


def set_text(name: str, side: str, text: str) -> Callable[[Json], None]:
    def change(definition: Json) -> None:
        found = question(definition, name)
        (found[side] if side else found)["text"] = text

    return change
