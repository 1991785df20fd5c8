"""One version's questionnaire: its parts, lookups, frozen text and hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .parts import (
    FORM_LIMIT_NAMES,
    FORMS,
    FRACTION_NAMES,
    FULL,
    SCORER,
    TRADE_OFF,
    Constants,
    QuestionDefinition,
    RoleDefinition,
    SectionDefinition,
    StrengthDefinition,
)
from .strict_json import dump


@dataclass(frozen=True, slots=True)
class Definition:
    """Roles, strengths, sections and constants (docs/instrument.md sections 1 and 4).

    The first role is the positive side of the scale. A draft may be built from its
    parts directly; `checks.check` then says whether it can be published.
    """

    name: str
    language: str
    intro: str
    roles: tuple[RoleDefinition, ...]
    strengths: tuple[StrengthDefinition, ...]
    sections: tuple[SectionDefinition, ...]
    constants: Constants
    scorer: str = SCORER
    sha256: str = field(init=False, compare=False)
    _json: str = field(init=False, repr=False, compare=False)
    _places: dict[str, tuple[SectionDefinition, QuestionDefinition]] = field(
        init=False, repr=False, compare=False
    )
    _strengths: dict[str, StrengthDefinition] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        text = dump(as_data(self))
        places = {
            question.id: (section, question)
            for section in self.sections
            for question in section.questions
        }
        object.__setattr__(self, "_json", text)
        object.__setattr__(
            self,
            "sha256",
            hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        )
        object.__setattr__(self, "_places", places)
        object.__setattr__(
            self, "_strengths", {strength.slug: strength for strength in self.strengths}
        )

    def __hash__(self) -> int:
        return hash(self.sha256)

    def to_json(self) -> str:
        """The canonical text; `sha256` is over its UTF-8 bytes.

        Keys are sorted, there are no spaces, and fractions are strings.
        """
        return self._json

    def sections_of(self, form: str) -> tuple[SectionDefinition, ...]:
        return tuple(
            section for section in self.sections if form == FULL or section.in_short
        )

    def questions_of(self, form: str) -> tuple[QuestionDefinition, ...]:
        return tuple(
            question
            for section in self.sections_of(form)
            for question in section.questions
        )

    def question(self, question_id: str) -> QuestionDefinition:
        """One question. Raises KeyError for an unknown id."""
        return self._places[question_id][1]

    def section_of(self, question_id: str) -> SectionDefinition:
        """The section that holds a question. Raises KeyError for an unknown id."""
        return self._places[question_id][0]

    def strength(self, slug: str) -> StrengthDefinition:
        """One strength. Raises KeyError for an unknown slug."""
        return self._strengths[slug]


def as_data(questionnaire: Definition) -> dict[str, object]:
    """The questionnaire as plain JSON values, as `read_definition` reads them."""
    return {
        "scorer": questionnaire.scorer,
        "name": questionnaire.name,
        "language": questionnaire.language,
        "intro": questionnaire.intro,
        "roles": [
            {"slug": role.slug, "name": role.name} for role in questionnaire.roles
        ],
        "strengths": [
            {"slug": line.slug, "name": line.name, "kind": line.kind, "role": line.role}
            for line in questionnaire.strengths
        ],
        "sections": [
            {
                "kind": section.kind,
                "stem": section.stem,
                "labels": list(section.labels),
                "in_short": section.in_short,
                "questions": [
                    _question_data(question) for question in section.questions
                ],
            }
            for section in questionnaire.sections
        ],
        "constants": {
            name: str(getattr(questionnaire.constants, name)) for name in FRACTION_NAMES
        }
        | {
            "forms": {
                form: {
                    name: getattr(questionnaire.constants.of(form), name)
                    for name in FORM_LIMIT_NAMES
                }
                for form in FORMS
            }
        },
    }


def _question_data(question: QuestionDefinition) -> dict[str, object]:
    if question.kind != TRADE_OFF:
        return {
            "id": question.id,
            "strength": question.statement.strength,
            "text": question.statement.text,
        }
    sides = [
        {"strength": statement.strength, "text": statement.text}
        for statement in question.statements
    ]
    # A draft may lack a side. Validation reports the None.
    return {
        "id": question.id,
        "side": question.side,
        "project": sides[0],
        "product": sides[1] if len(sides) > 1 else None,
    }
