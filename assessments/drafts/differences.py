"""The differences between two questionnaires, place by place, for an editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.engine import Definition
from assessments.engine.parts import (
    FORM_LIMIT_NAMES,
    FORMS,
    FRACTION_NAMES,
    TRADE_OFF,
    QuestionDefinition,
    SectionDefinition,
)
from assessments.engine.place import Place


@dataclass(frozen=True, slots=True)
class DefinitionDifference:
    """One place with its text before and after.

    Findings name places the same way. The text is empty where the place is missing.
    """

    place: Place
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def side_by_side(
    before: Definition | None, after: Definition
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
    before: Definition | None, after: Definition
) -> list[DefinitionDifference]:
    """Every place of side_by_side() whose text differs."""
    return [place for place in side_by_side(before, after) if place.differs]


def lines_that_differ(
    questionnaire: Definition, today: Mapping[str, str]
) -> list[DefinitionDifference]:
    """The lines of the article that differ from the frozen ones.

    `today`: slug to name. `after` is empty where the article has dropped the line,
    `before` where the line is new.
    """
    frozen = {line.slug: line.name for line in questionnaire.strengths}
    slugs = [*frozen, *(slug for slug in today if slug not in frozen)]
    lines = [
        DefinitionDifference(
            Place("strengths", slug), frozen.get(slug, ""), today.get(slug, "")
        )
        for slug in slugs
    ]
    return [line for line in lines if line.differs]


def _parts(questionnaire: Definition) -> dict[Place, str]:
    """Everything that a version freezes, as place to text."""
    texts = {
        Place("name"): questionnaire.name,
        Place("language"): questionnaire.language,
        Place("intro"): questionnaire.intro,
    }
    texts |= {Place("roles", role.slug): role.name for role in questionnaire.roles}
    texts |= {
        Place("strengths", line.slug): line.name for line in questionnaire.strengths
    }
    texts[Place("strengths")] = ", ".join(line.slug for line in questionnaire.strengths)
    for number, section in enumerate(questionnaire.sections):
        texts |= _section(Place("sections", section=number), section)
        for question in section.questions:
            texts |= dict(_question(questionnaire, question))
    constants = questionnaire.constants
    texts |= {
        Place("constants", constant=name): str(getattr(constants, name))
        for name in FRACTION_NAMES
    }
    texts |= {
        Place("constants", form=form, constant=name): str(
            getattr(constants.of(form), name)
        )
        for form in FORMS
        for name in FORM_LIMIT_NAMES
    }
    return texts


def _section(place: Place, section: SectionDefinition) -> dict[Place, str]:
    return {
        place.key("stem"): section.stem,
        place.key("kind"): section.kind.replace("_", "-"),
        place.key("labels"): ", ".join(section.labels),
        place.key("in_short"): "short and full form"
        if section.in_short
        else "full form",
        place.key("questions"): ", ".join(
            question.id for question in section.questions
        ),
    }


def _question(
    questionnaire: Definition, question: QuestionDefinition
) -> Iterator[tuple[Place, str]]:
    for name, statement in zip(
        question.statement_names, question.statements, strict=True
    ):
        line = questionnaire.strength(statement.strength).name
        yield Place.read(name), f"{statement.text} ({line})"
    if question.kind == TRADE_OFF:
        side = f"project statement on the {question.side}"
        yield Place(question=question.id, part="side"), side
