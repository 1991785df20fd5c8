"""The place of a finding: its words for an editor, and the admin address to fix it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from assessments.admin.constants import CONSTANT_LABELS
from assessments.engine import Finding
from assessments.engine import Strength as FrozenLine
from assessments.models import Questionnaire, Section
from content.models import Strength

QUESTION = re.compile(r"([A-Z][0-9]{1,3})(?:\.(project|product|side))?")
SECTION = re.compile(
    r"sections\[([0-9]+)\](?:\.questions\[([0-9]+)\](?:\.(\w+))?|\.(\w+)(?:\[[0-9]+\])?)?"
)
FORM_LIMIT = re.compile(r"constants\.forms\.(full|short)\.(\w+)")
INSIDE = re.compile(r"sections\[[0-9]+\][\w.\[\]]*")
CONSTANT = re.compile("|".join(rf"\b{name}\b" for name in CONSTANT_LABELS))
PARTS = {
    "project": "project statement",
    "product": "product statement",
    "side": "side of the project statement",
    "text": "statement",
    "strength": "line of the article",
    "id": "id",
    "stem": "stem",
    "kind": "kind of questions",
    "labels": "answer labels",
    "in_short": "in which forms",
    "questions": "questions and their order",
}
FORM_PARTS = {
    "key": "sides of the trade-offs about strengths",
    "interest": "sides of the trade-offs about interests",
    "trade_offs": "number of trade-offs",
    "enjoyment": "number of enjoyment questions",
    "desirability": "how good the sides look",
}
WHOLE = {
    "questionnaire": "The whole draft",
    "definition": "The whole draft",
    "statements": "All statements",
    "strengths": "The lists of the article",
    "roles": "The roles",
    "name": "Name",
    "language": "Language",
    "intro": "Intro",
}


@dataclass(frozen=True, slots=True)
class Place:
    words: str
    url: str
    section: int | None = None  # pk of its section


@dataclass(frozen=True, slots=True)
class FindingNotice:
    """One message of one rule, with every place that it concerns."""

    rule: str
    message: str
    places: tuple[Place, ...]


class Places:
    """The places of one draft, read once.

    For a version, which staff cannot edit, only the words are useful.
    """

    def __init__(
        self,
        draft: Questionnaire | None,
        sections: Iterable[Section],
        lines: Iterable[Strength | FrozenLine],
    ) -> None:
        self.draft_url = (
            reverse("admin:assessments_questionnaire_change", args=[draft.pk])
            if draft
            else ""
        )
        self.sections = list(sections)
        self.names = {line.slug: line.name for line in lines}
        self.codes: dict[str, tuple[Section, int]] = {}
        self.users: dict[str, tuple[int, int]] = {}
        for section in self.sections:
            for number, row in enumerate(section.questions.all()):
                self.codes.setdefault(row.code, (section, number))
                for line in (row.strength, row.other_strength):
                    if line:
                        self.users.setdefault(line.slug, (section.pk, number))

    def notices(self, findings: Iterable[Finding]) -> list[FindingNotice]:
        """Group findings with the same rule and message, such as unrated trade-offs."""
        grouped: dict[tuple[str, str], list[Place]] = {}
        for finding in findings:
            grouped.setdefault((finding.rule, finding.message), []).append(
                self.of(finding.place)
            )
        return [
            FindingNotice(rule, self.in_words(message), tuple(places))
            for (rule, message), places in grouped.items()
        ]

    def of(self, place: str) -> Place:
        """The place in words, with the address of the form that edits it."""
        if match := QUESTION.fullmatch(place):
            return self._question(match[1], match[2])
        if match := SECTION.fullmatch(place):
            return self._section(int(match[1]), match[2], match[3] or match[4])
        if match := FORM_LIMIT.fullmatch(place):
            name = f"{match[1]}_{match[2]}"
            return Place(
                f"{match[1].capitalize()} form: {CONSTANT_LABELS.get(name, match[2])}",
                f"{self.draft_url}#id_{name}",
            )
        head, _, tail = place.partition(".")
        if head == "constants":
            return Place(CONSTANT_LABELS.get(tail, tail), f"{self.draft_url}#id_{tail}")
        if head == "strengths" and tail:
            user = self.users.get(tail)
            return Place(
                f"Line “{self.names.get(tail, tail)}”",
                question_url(*user) if user else f"{self.draft_url}#sections",
            )
        if head in ("full", "short"):
            return Place(
                f"{head.capitalize()} form: {FORM_PARTS.get(tail, tail)}",
                f"{self.draft_url}#sections",
            )
        if head == "roles" and tail:
            return Place(f"Role “{tail}”", reverse("admin:content_role_changelist"))
        if head in ("strengths", "roles"):
            return Place(
                WHOLE[head],
                reverse(f"admin:content_{head.removesuffix('s')}_changelist"),
            )
        anchor = f"#id_{head}" if head in ("name", "language", "intro") else "#sections"
        return Place(WHOLE.get(head, head), self.draft_url + anchor)

    def _question(self, code: str, part: str | None) -> Place:
        words = f"Question {code}" + (f", {PARTS[part]}" if part else "")
        section, number = self.codes.get(code, (None, 0))
        return (
            Place(words, question_url(section.pk, number), section.pk)
            if section
            else Place(words, f"{self.draft_url}#sections")
        )

    def _section(self, number: int, question: str | None, part: str | None) -> Place:
        section = self.sections[number] if number < len(self.sections) else None
        words = f"Section {number + 1}"
        if question is not None:
            rows = list(section.questions.all()) if section else []
            index = int(question)
            words = (
                f"Question {rows[index].code}"
                if index < len(rows)
                else f"{words}, question {index + 1}"
            )
        words += f", {PARTS.get(part, part)}" if part else ""
        if section is None:
            return Place(words, f"{self.draft_url}#sections")
        return Place(
            words,
            question_url(section.pk, int(question))
            if question is not None
            else _section_url(section.pk),
            section.pk,
        )

    def in_words(self, message: str) -> str:
        named = INSIDE.sub(lambda match: self.of(match[0]).words, message)
        return CONSTANT.sub(lambda match: CONSTANT_LABELS[match[0]], named)


def question_url(section: int, number: int) -> str:
    """The form of the question with this number, from 0, in a section."""
    return f"{_section_url(section)}#questions-{number}"


def _section_url(section: int) -> str:
    return reverse("admin:assessments_section_change", args=[section])
