"""The place of a finding: its words for an editor, and the admin address to fix it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from assessments.admin.constants import CONSTANT_LABELS
from assessments.engine import Finding
from assessments.engine import StrengthDefinition as FrozenLine
from assessments.engine.place import Place
from assessments.models import Questionnaire, Section
from content.models import Strength

PARTS = {
    "project": "project statement",
    "product": "product statement",
    "project.text": "project statement",
    "product.text": "product statement",
    "project.strength": "line of the project statement",
    "product.strength": "line of the product statement",
    "side": "side of the project statement",
    "text": "statement",
    "strength": "line of the article",
    "id": "id",
    "stem": "stem",
    "kind": "kind of questions",
    "labels": "answer labels",
    "in_short": "forms",
    "questions": "questions and their order",
}
FORM_PARTS = {
    "key": "sides of the trade-offs about strengths",
    "interest": "sides of the trade-offs about interests",
    "trade_offs": "number of trade-offs",
    "enjoyment": "number of enjoyment questions",
    "shared": "number of shared-skill questions",
    "desirability": "ratings of the sides",
}
TOP_LEVEL_PARTS = {
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
class Spot:
    """A place in words, with the address of the form that repairs it."""

    words: str
    url: str
    section: int | None = None  # pk of its section


@dataclass(frozen=True, slots=True)
class FindingNotice:
    """One message of one rule, with every place that it concerns."""

    rule: str
    message: str
    places: tuple[Spot, ...]


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
        grouped: dict[tuple[str, str], list[Spot]] = {}
        for finding in findings:
            message = self.in_words(finding.message, finding.other)
            spots = grouped.setdefault((finding.rule, message), [])
            spots.append(self.of(finding.place))
        return [
            FindingNotice(rule, message, tuple(spots))
            for (rule, message), spots in grouped.items()
        ]

    def of(self, place: Place) -> Spot:
        """The place in words, with the address of the form that repairs it."""
        if isinstance(place.question, str):
            return self._question(place.question, place.part)
        if place.section is not None:
            return self._section(place.section, place.question, place.part)
        if place.constant:
            return self._constant(place.form, place.constant)
        if place.form:
            part = FORM_PARTS.get(place.part, place.part)
            words = f"{place.form.capitalize()} form: {part}"
            return Spot(words, f"{self.draft_url}#sections")
        if isinstance(place.entry, str):
            return self._entry(place.top, place.entry)
        if place.top in ("strengths", "roles"):
            lists = reverse(f"admin:content_{place.top.removesuffix('s')}_changelist")
            return Spot(TOP_LEVEL_PARTS[place.top], lists)
        own = place.top in ("name", "language", "intro")
        anchor = f"#id_{place.top}" if own else "#sections"
        return Spot(TOP_LEVEL_PARTS.get(place.top, str(place)), self.draft_url + anchor)

    def _constant(self, form: str, constant: str) -> Spot:
        name = f"{form}_{constant}" if form else constant
        label = CONSTANT_LABELS.get(name, constant)
        words = f"{form.capitalize()} form: {label}" if form else label
        return Spot(words, f"{self.draft_url}#id_{name}")

    def _entry(self, top: str, slug: str) -> Spot:
        if top == "roles":
            return Spot(f"Role “{slug}”", reverse("admin:content_role_changelist"))
        user = self.users.get(slug)
        url = question_url(*user) if user else f"{self.draft_url}#sections"
        return Spot(f"Line “{self.names.get(slug, slug)}”", url)

    def _question(self, code: str, part: str) -> Spot:
        words = f"Question {code}" + (f", {PARTS.get(part, part)}" if part else "")
        section, number = self.codes.get(code, (None, 0))
        if section is None:
            return Spot(words, f"{self.draft_url}#sections")
        return Spot(words, question_url(section.pk, number), section.pk)

    def _section(self, number: int, question: int | None, part: str) -> Spot:
        section = self.sections[number] if number < len(self.sections) else None
        words = f"Section {number + 1}"
        if question is not None:
            rows = list(section.questions.all()) if section else []
            # Two questions may have the same id, so the id doesn't say which is meant.
            words = (
                f"Question {rows[question].code}"
                if question < len(rows) and part != "id"
                else f"{words}, question {question + 1}"
            )
        words += f", {PARTS.get(part, part)}" if part else ""
        if section is None:
            return Spot(words, f"{self.draft_url}#sections")
        url = (
            _section_url(section.pk)
            if question is None
            else question_url(section.pk, question)
        )
        return Spot(words, url, section.pk)

    def in_words(self, message: str, other: Place | None) -> str:
        """The message, with the second place that it names in words."""
        if other is None:
            return message
        words = self.of(other).words
        if other.constant:  # the message has its name in quotes
            words = words.translate(str.maketrans("“”", "‘’"))
        return message.replace(other.constant or str(other), words)


def question_url(section: int, number: int) -> str:
    """The form of the question with this number, from 0, in a section."""
    return f"{_section_url(section)}#questions-{number}"


def _section_url(section: int) -> str:
    return reverse("admin:assessments_section_change", args=[section])
