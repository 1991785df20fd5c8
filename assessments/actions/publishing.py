"""From draft rows to a Version that never changes, and back from a Version to a new draft."""

from __future__ import annotations

import json
from fractions import Fraction

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from assessments import engine, queries
from assessments.models import Question, Questionnaire, Section, Version
from content.models import Role, Strength

EXACT_CONSTANTS = tuple(name for name in engine.Constants.__dataclass_fields__ if name not in ("full", "short"))
KINDS = tuple(Strength.Kind.values)  # in the order of the definition
FORM_CONSTANTS = tuple(engine.FormConstants.__dataclass_fields__)


class UnknownLines(Exception):
    """A questionnaire to make a draft from names lines that the article does not have."""


class NotPublished(Exception):
    """The checks found something that blocks publishing, or nothing has changed. `findings` lists all of it."""

    def __init__(self, findings: list[engine.Finding]) -> None:
        super().__init__("; ".join(f"{finding.rule} {finding.place}: {finding.message}" for finding in findings))
        self.findings = findings


def assemble(draft: Questionnaire) -> engine.Questionnaire:
    """The draft as the engine reads it, with today's names of roles and strengths. Strengths that no question uses and that
    are retired stay out. Raises engine.DefinitionError where the rows do not make a questionnaire at all."""
    sections = list(draft.sections.prefetch_related("questions__strength", "questions__other_strength"))
    used = {each.pk for section in sections for q in section.questions.all() for each in (q.strength, q.other_strength) if each}
    strengths = [row for row in Strength.objects.select_related("role") if not row.retired or row.pk in used]
    return engine.Questionnaire(
        name=draft.name,
        language=draft.language,
        intro=draft.intro,
        roles=tuple(engine.Role(role.slug, role.name) for role in Role.objects.order_by("position")),
        strengths=tuple(
            engine.Strength(row.slug, row.name, row.kind, row.role.slug if row.role else None)
            for row in sorted(
                strengths, key=lambda row: (KINDS.index(row.kind), row.role.position if row.role else 3, row.position, row.pk)
            )
        ),
        sections=tuple(
            engine.Section(
                kind=section.kind,
                stem=section.stem,
                labels=tuple(section.labels),
                in_short=section.in_short,
                questions=tuple(_question(question, section.kind) for question in section.questions.all()),
            )
            for section in sections
        ),
        constants=engine.Constants(
            **{name: Fraction(getattr(draft, name)) for name in EXACT_CONSTANTS},
            full=engine.FormConstants(*(getattr(draft, f"full_{name}") for name in FORM_CONSTANTS)),
            short=engine.FormConstants(*(getattr(draft, f"short_{name}") for name in FORM_CONSTANTS)),
        ),
    )


def _question(row: Question, kind: str) -> engine.Question:
    statements = [engine.Statement(row.strength.slug, row.statement)]
    if row.other_strength:
        statements.append(engine.Statement(row.other_strength.slug, row.other_statement))
    return engine.Question(row.code, kind, tuple(statements), row.side or None)


def one_idea_places(draft: Questionnaire) -> frozenset[str]:
    """The statements that staff have ticked as "one idea only", named as the engine's checks name them."""
    places = set()
    for row in Question.objects.filter(section__questionnaire=draft).select_related("section"):
        if row.section.kind == Section.Kind.TRADE_OFF:
            places |= {f"{row.code}.project"} if row.one_idea else set()
            places |= {f"{row.code}.product"} if row.other_one_idea else set()
        elif row.one_idea:
            places.add(row.code)
    return frozenset(places)


def findings_of(draft: Questionnaire) -> list[engine.Finding]:
    """Everything that the rules of publishing (INSTRUMENT.md section 1.4) say about a draft, blocking findings first."""
    try:
        questionnaire = engine.Questionnaire.from_json(assemble(draft).to_json())
    except engine.DefinitionError as error:
        return [engine.Finding("P1", fault.place, fault.message, blocking=True) for fault in error.faults]
    names = dict(Strength.objects.values_list("slug", "name"))
    found = engine.check(questionnaire, lines=names, one_idea=one_idea_places(draft))
    return sorted(found, key=lambda finding: not finding.blocking)


@transaction.atomic
def publish(draft: Questionnaire, *, by: User | None) -> Version:
    """Freeze a draft as the next Version, which every new attempt takes from then on.

    `by` is None only for the questionnaire that comes with the software. Raises NotPublished.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=draft.pk)
    blocking = [finding for finding in findings_of(locked) if finding.blocking]
    if blocking:
        raise NotPublished(blocking)
    questionnaire = assemble(locked)
    newest = Version.objects.order_by("-number").first()
    if newest and newest.sha256 == questionnaire.sha256:
        raise NotPublished(
            [engine.Finding("P16", "questionnaire", f"Nothing differs from version {newest.number}, which is live.", blocking=True)]
        )
    version = Version.objects.create(
        number=newest.number + 1 if newest else 1,
        name=questionnaire.name,
        definition=questionnaire.to_json(),
        sha256=questionnaire.sha256,
        published_at=timezone.now(),
        published_by=by,
    )
    transaction.on_commit(queries.forget_live_version)
    return version


@transaction.atomic
def draft_from(source: engine.Questionnaire, *, name: str, one_idea: bool) -> Questionnaire:
    """A new draft with everything of `source`. Raises UnknownLines where the article lacks one of its lines.

    `one_idea` ticks "one idea only" for every statement: right for a source that has passed publishing.
    """
    strengths = {row.slug: row for row in Strength.objects.all()}
    used = {statement.strength for question in source.questions_of("full") for statement in question.statements}
    if unknown := sorted(used - strengths.keys()):
        raise UnknownLines(f"The article has no line called {', '.join(unknown)}.")
    constants = source.constants
    draft = Questionnaire.objects.create(
        name=name,
        language=source.language,
        intro=source.intro,
        **{constant: str(getattr(constants, constant)) for constant in EXACT_CONSTANTS},
        **{f"{form}_{limit}": getattr(constants.of(form), limit) for form in ("full", "short") for limit in FORM_CONSTANTS},
    )
    for place, section in enumerate(source.sections, 1):
        labels = {f"label_{number}": label for number, label in enumerate(section.labels, 1)}
        row = Section.objects.create(
            questionnaire=draft, position=place, kind=section.kind, stem=section.stem, in_short=section.in_short, **labels
        )
        for position, question in enumerate(section.questions, 1):
            other = question.statements[1] if len(question.statements) == 2 else None
            Question.objects.create(
                section=row,
                position=position,
                code=question.id,
                strength=strengths[question.statements[0].strength],
                statement=question.statements[0].text,
                one_idea=one_idea,
                other_strength=strengths[other.strength] if other else None,
                other_statement=other.text if other else "",
                other_one_idea=one_idea and other is not None,
                side=question.side or "",
            )
    return draft


@transaction.atomic
def duplicate(version: Version, *, name: str) -> Questionnaire:
    """A draft that begins as a published version: the only way to edit what is live."""
    return draft_from(queries.questionnaire_of(version), name=name, one_idea=True)


def differences(live: engine.Questionnaire | None, draft: Questionnaire) -> list[tuple[str, str, str]]:
    """What publishing would change: place, live wording, draft wording; everything is new where nothing is live."""
    before, after = (_flat(json.loads(each.to_json())) if each else {} for each in (live, assemble(draft)))
    return [(place, before.get(place, ""), after.get(place, "")) for place in {**before, **after} if before.get(place) != after.get(place)]


def _flat(value: object, place: str = "") -> dict[str, str]:
    """Every leaf of a definition by its place; questions and strengths are named, not numbered, so that a move is no change."""
    if isinstance(value, dict):
        return _joined(place, list(value.items()))
    if isinstance(value, list):
        return _joined(place, [(_name(each, number), each) for number, each in enumerate(value, 1)])
    return {place: str(value)}


def _joined(place: str, children: list[tuple[str, object]]) -> dict[str, str]:
    return {leaf: text for name, child in children for leaf, text in _flat(child, f"{place}.{name}" if place else name).items()}


def _name(each: object, number: int) -> str:
    return str(each.get("id") or each.get("slug") or number) if isinstance(each, dict) else str(number)
