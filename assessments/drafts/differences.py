"""The differences between two questionnaires, place by place, for an editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.engine import Questionnaire
from assessments.engine.parts import (
    FORM_LIMIT_NAMES,
    FORMS,
    FRACTION_NAMES,
    TRADE_OFF,
    Question,
    Section,
)


@dataclass(frozen=True, slots=True)
class DefinitionDifference:
    """One place with its text before and after.

    Findings name places the same way. The text is empty where the place is missing.
    """

    place: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def side_by_side(
    before: Questionnaire | None, after: Questionnaire
) -> list[DefinitionDifference]:
    """Every place of both questionnaires, equal or not.

    The order is that of `after`; removed places come last. Without `before`, every
    place is new.
    """
    old, new = _parts(before) if before else {}, _parts(after)
    places = [*new, *(place for place in old if place not in new)]
    return [
        DefinitionDifference(place, old.get(place, ""), new.get(place, ""))
        for place in places
    ]


def differences(
    before: Questionnaire | None, after: Questionnaire
) -> list[DefinitionDifference]:
    """Every place of side_by_side() whose text differs."""
    return [place for place in side_by_side(before, after) if place.differs]


def lines_that_differ(
    questionnaire: Questionnaire, today: Mapping[str, str]
) -> list[DefinitionDifference]:
    """The lines of the article that differ from the frozen ones.

    `today`: slug to name. `after` is empty where the article has dropped the line,
    `before` where the line is new.
    """
    frozen = {line.slug: line.name for line in questionnaire.strengths}
    slugs = [*frozen, *(slug for slug in today if slug not in frozen)]
    lines = [
        DefinitionDifference(
            f"strengths.{slug}", frozen.get(slug, ""), today.get(slug, "")
        )
        for slug in slugs
    ]
    return [line for line in lines if line.differs]


def _parts(questionnaire: Questionnaire) -> dict[str, str]:
    """Everything that a version freezes, as place to text."""
    texts = {
        "name": questionnaire.name,
        "language": questionnaire.language,
        "intro": questionnaire.intro,
    }
    texts |= {f"roles.{role.slug}": role.name for role in questionnaire.roles}
    texts |= {f"strengths.{line.slug}": line.name for line in questionnaire.strengths}
    texts["strengths"] = ", ".join(line.slug for line in questionnaire.strengths)
    for number, section in enumerate(questionnaire.sections):
        texts |= _section(f"sections[{number}]", section)
        for question in section.questions:
            texts |= dict(_question(questionnaire, question))
    constants = questionnaire.constants
    texts |= {
        f"constants.{name}": str(getattr(constants, name)) for name in FRACTION_NAMES
    }
    texts |= {
        f"constants.forms.{form}.{name}": str(getattr(constants.of(form), name))
        for form in FORMS
        for name in FORM_LIMIT_NAMES
    }
    return texts


def _section(place: str, section: Section) -> dict[str, str]:
    return {
        f"{place}.stem": section.stem,
        f"{place}.kind": section.kind.replace("_", "-"),
        f"{place}.labels": ", ".join(section.labels),
        f"{place}.in_short": "short and full form" if section.in_short else "full form",
        f"{place}.questions": ", ".join(question.id for question in section.questions),
    }


def _question(
    questionnaire: Questionnaire, question: Question
) -> Iterator[tuple[str, str]]:
    for place, statement in zip(question.places, question.statements, strict=True):
        yield (
            place,
            f"{statement.text} ({questionnaire.strength(statement.strength).name})",
        )
    if question.kind == TRADE_OFF:
        yield f"{question.id}.side", f"project statement on the {question.side}"
