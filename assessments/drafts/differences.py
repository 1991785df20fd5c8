"""What differs between two questionnaires, place by place, for the eye of whoever publishes."""

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
class Difference:
    """One place, as findings name places, with what stands there before and after; empty where there was nothing, or is no more."""

    place: Place
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def side_by_side(before: Definition | None, after: Definition) -> list[Difference]:
    """Every place of both, alike or not, in the order of the later questionnaire, what is gone last. `before` None: all of it is new."""
    old, new = _parts(before) if before else {}, _parts(after)
    places = [*new, *(place for place in old if place not in new)]
    return [
        Difference(place, old.get(place, ""), new.get(place, "")) for place in places
    ]


def differences(before: Definition | None, after: Definition) -> list[Difference]:
    """What differs of all this."""
    return [each for each in side_by_side(before, after) if each.differs]


def lines_that_differ(
    questionnaire: Definition, today: Mapping[str, str]
) -> list[Difference]:
    """Lines of the article whose text is not the frozen one; `after` is empty where the article lists the line no more, `before`
    where it is new. `today`: slug to name."""
    frozen = {line.slug: line.name for line in questionnaire.strengths}
    slugs = [*frozen, *(slug for slug in today if slug not in frozen)]
    named = [
        Difference(Place("strengths", slug), frozen.get(slug, ""), today.get(slug, ""))
        for slug in slugs
    ]
    return [each for each in named if each.differs]


def _parts(questionnaire: Definition) -> dict[Place, str]:
    """Everything that a version freezes, by place; a question that moves is the same question in another place."""
    found = {
        Place("name"): questionnaire.name,
        Place("language"): questionnaire.language,
        Place("intro"): questionnaire.intro,
    }
    found |= {Place("roles", role.slug): role.name for role in questionnaire.roles}
    found |= {
        Place("strengths", line.slug): line.name for line in questionnaire.strengths
    }
    found[Place("strengths")] = ", ".join(line.slug for line in questionnaire.strengths)
    for number, section in enumerate(questionnaire.sections):
        found |= _section(Place("sections", section=number), section)
        for question in section.questions:
            found |= dict(_question(questionnaire, question))
    constants = questionnaire.constants
    found |= {
        Place("constants", constant=name): str(getattr(constants, name))
        for name in FRACTION_NAMES
    }
    found |= {
        Place("constants", form=form, constant=name): str(
            getattr(constants.of(form), name)
        )
        for form in FORMS
        for name in FORM_LIMIT_NAMES
    }
    return found


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
