"""A questionnaire as it stands in one version: order of sections and questions, lookups, frozen form and its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .definition import as_data, read
from .parts import FULL, SCORER, Constants, Question, Role, Section, Strength
from .strict_json import dump


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Roles, strengths, sections and constants of one version (docs/instrument.md sections 1 and 4).

    The first role is the positive side of the scale. A draft may be built from its parts directly;
    `checks.check` then says whether it can be published.
    """

    name: str
    language: str
    intro: str
    roles: tuple[Role, ...]
    strengths: tuple[Strength, ...]
    sections: tuple[Section, ...]
    constants: Constants
    scorer: str = SCORER
    sha256: str = field(init=False, compare=False)
    _json: str = field(init=False, repr=False, compare=False)
    _places: dict[str, tuple[Section, Question]] = field(
        init=False, repr=False, compare=False
    )
    _strengths: dict[str, Strength] = field(init=False, repr=False, compare=False)

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

    @classmethod
    def from_json(cls, text: str | bytes) -> Questionnaire:
        """Read a definition (docs/engine.md). Raises DefinitionError, which lists every fault with its place."""
        return cls(**read(text))

    def to_json(self) -> str:
        """The canonical text: sorted keys, no spaces, fractions as strings. `sha256` is over its UTF-8 bytes."""
        return self._json

    def sections_of(self, form: str) -> tuple[Section, ...]:
        return tuple(
            section for section in self.sections if form == FULL or section.in_short
        )

    def questions_of(self, form: str) -> tuple[Question, ...]:
        return tuple(
            question
            for section in self.sections_of(form)
            for question in section.questions
        )

    def question(self, question_id: str) -> Question:
        """Raises KeyError for an id that this questionnaire does not have."""
        return self._places[question_id][1]

    def section_of(self, question_id: str) -> Section:
        """The section a question stands in. Raises KeyError for an unknown id."""
        return self._places[question_id][0]

    def strength(self, slug: str) -> Strength:
        """Raises KeyError for a slug that this questionnaire does not have."""
        return self._strengths[slug]
