"""Places in a questionnaire: what faults, findings and differences are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .parts import FORMS

_STEP = re.compile(r"\[([0-9]{1,9})\]|\.?([^.\[]+|.+)")
# The keys at the top of a definition, and names for larger parts of it.
_TOPS = frozenset(
    ("scorer", "name", "language", "intro", "roles", "strengths", "sections")
    + ("constants", "definition", "questionnaire", "statements")
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `str` gives the form that exported files, forms and tests know.

    - a question by its id: `T3`, `T3.project`, `T3.side`
    - a section or a question by its position from 0: `sections[0].labels[2]`,
      `sections[0].questions[1].project.text`
    - a constant: `constants.v_trade_off`, `constants.forms.full.careless_run`
    - a rule about one form: `full.key`
    - an entry of a list, by slug or by position: `strengths.risk-management`,
      `roles[0].slug`
    - anything else by the word at its top: `name`, `statements`, `questionnaire`
    """

    top: str = ""
    entry: str | int | None = None
    section: int | None = None
    question: str | int | None = None
    form: str = ""
    constant: str = ""
    part: str = ""
    index: int | None = None  # of an answer label

    def __str__(self) -> str:
        steps = []
        if isinstance(self.question, str):
            steps.append(self.question)
        elif self.form and not self.top:
            steps.append(self.form)
        else:
            steps.append(self.top + self._position(self.section))
        if isinstance(self.question, int):
            steps.append(f"questions{self._position(self.question)}")
        if isinstance(self.entry, str):
            steps.append(self.entry)
        elif self.entry is not None:
            steps[-1] += self._position(self.entry)
        if self.top == "constants" and self.form:
            steps += ["forms", self.form]
        steps += [step for step in (self.constant, self.part) if step]
        return ".".join(steps) + self._position(self.index)

    @staticmethod
    def _position(position: int | None) -> str:
        return "" if position is None else f"[{position}]"

    def key(self, key: str) -> Place:
        """The value under a key of the object at this place."""
        if not (self.top or self.question or self.form):
            return self._first(key)
        if self.top == "constants" and not self.part:
            if self.constant == "forms" and key in FORMS:
                return replace(self, constant="", form=key)
            if not self.constant:
                return replace(self, constant=key)
        if self.top in ("roles", "strengths") and self.entry is None:
            return replace(self, entry=key)
        return replace(self, part=f"{self.part}.{key}" if self.part else key)

    def item(self, position: int) -> Place:
        """The item of the list at this place, by its position from 0."""
        if self.top == "sections" and self.section is None:
            return replace(self, section=position)
        if self.part == "questions" and self.question is None:
            return replace(self, question=position, part="")
        if self.top in ("roles", "strengths") and self.entry is None:
            return replace(self, entry=position)
        return replace(self, index=position)

    def _first(self, key: str) -> Place:
        if key in _TOPS:
            return Place(top=key)
        return Place(form=key) if key in FORMS else Place(question=key)

    @classmethod
    def read(cls, text: str) -> Place:
        """The place with this text; `str` gives the text back."""
        place = cls()
        for position, key in _STEP.findall(text):
            place = place.item(int(position)) if position else place.key(key)
        return place
