"""New drafts: from a published version, or from a definition file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from assessments import engine
from assessments.actions.versions import EXACT_CONSTANTS, FORM_CONSTANTS
from assessments.engine.place import Place
from assessments.engine.strict_json import JSONError, load_json
from assessments.models import Question, Questionnaire, Section, Version
from assessments.queries import versions
from content import published
from content.models import AuditEntry, Role, Strength

# The place of the definition itself.
WHOLE_DEFINITION = Place()
# Levels from a definition down to sections[0].questions[0].project.text.
MAX_DEPTH = 6


@transaction.atomic
def draft_from(
    source: engine.Definition,
    *,
    name: str,
    one_idea: bool,
    begun_from: Version | None = None,
    by: User | None = None,
) -> Questionnaire:
    """A new draft with everything of `source`.

    `one_idea` ticks "one idea only" for every statement, which is right for a source
    that has passed publishing. Without it, only statements are ticked that are already
    published here, or ticked in a draft, word for word.

    Raises engine.DefinitionError where the article lacks one of its lines, or a column
    cannot take one of its texts.
    """
    faults = list(_incompatibilities(source.to_json()))
    if faults:
        raise engine.DefinitionError(faults)
    lines = {line.slug: line for line in Strength.objects.all()}
    read = None if one_idea else _statements_read()
    constants = source.constants
    draft = Questionnaire.objects.create(
        begun_from=begun_from,
        changed_by=by,
        name=name,
        language=source.language,
        intro=source.intro,
        **{constant: str(getattr(constants, constant)) for constant in EXACT_CONSTANTS},
        **{
            f"{form}_{limit}": getattr(constants.of(form), limit)
            for form in ("full", "short")
            for limit in FORM_CONSTANTS
        },
    )
    for place, section in enumerate(source.sections, 1):
        labels = {
            f"label_{number}": label for number, label in enumerate(section.labels, 1)
        }
        row = Section.objects.create(
            questionnaire=draft,
            position=place,
            kind=section.kind,
            stem=section.stem,
            in_short=section.in_short,
            **labels,
        )
        for position, question in enumerate(section.questions, 1):
            first, *second = question.statements
            other = second[0] if second else None
            Question.objects.create(
                section=row,
                position=position,
                code=question.id,
                strength=lines[first.strength],
                statement=first.text,
                one_idea=read is None or (first.strength, first.text) in read,
                other_strength=lines[other.strength] if other else None,
                other_statement=other.text if other else "",
                other_one_idea=other is not None
                and (read is None or (other.strength, other.text) in read),
                side=question.side or "",
            )
    return draft


@transaction.atomic
def offer_default(default: engine.Definition) -> Questionnaire | None:
    """Make this edition of the default a draft, once on each site.

    Returns None where it is a version already or has been a draft: staff who have
    deleted the draft are not asked again. Raises engine.DefinitionError where the
    article has lost one of its lines.
    """
    offer = {
        "by": None,
        "act": AuditEntry.Act.MAKE,
        "subject": f"draft of the default questionnaire {default.sha256[:12]}",
    }
    if (
        Version.objects.filter(sha256=default.sha256).exists()
        or AuditEntry.objects.filter(**offer).exists()
    ):
        return None
    draft = draft_from(default, name=default.name, one_idea=True)
    AuditEntry.objects.create(**offer)
    return draft


@transaction.atomic
def duplicate(version: Version, *, by: User | None = None) -> Questionnaire:
    """A draft that begins as a published version: the way to edit what is live.

    Measured constants count as measured in the draft too. Raises engine.DefinitionError
    where the article has lost one of the version's lines since.
    """
    source = versions.questionnaire_of(version)
    draft = draft_from(
        source, name=source.name, one_idea=True, begun_from=version, by=by
    )
    if version.consistency_measured:
        _set_measured(
            draft,
            source.constants.v_trade_off,
            source.constants.v_enjoyment,
            over_days=version.steadiness_measured,
        )
    return draft


@dataclass(frozen=True, slots=True)
class Imported:
    """A new draft, and the names in its file that differ from the article's of today.

    The draft has the article's names. `renamed`: slug, name in the file, name in the
    article.
    """

    draft: Questionnaire
    renamed: tuple[tuple[str, str, str], ...]


@transaction.atomic
def duplicate_with_constants(
    version: Version,
    *,
    v_trade_off: Fraction,
    v_enjoyment: Fraction,
    over_days: bool,
    by: User | None = None,
) -> Questionnaire:
    """As duplicate, with these error variances of one answer, which count as measured.

    They are in button steps squared (docs/instrument.md section 2.4). `over_days` says
    whether enough people came back on another day. The version and its results stay as
    they are. Raises engine.DefinitionError as duplicate does.
    """
    draft = duplicate(version, by=by)
    _set_measured(draft, v_trade_off, v_enjoyment, over_days=over_days)
    return draft


def _set_measured(
    draft: Questionnaire,
    v_trade_off: Fraction,
    v_enjoyment: Fraction,
    *,
    over_days: bool,
) -> None:
    draft.v_trade_off = draft.measured_v_trade_off = str(v_trade_off)
    draft.v_enjoyment = draft.measured_v_enjoyment = str(v_enjoyment)
    draft.measured_over_days = over_days
    draft.save(
        update_fields=[
            "v_trade_off",
            "v_enjoyment",
            "measured_v_trade_off",
            "measured_v_enjoyment",
            "measured_over_days",
            "changed_at",
        ]
    )


@transaction.atomic
def import_draft(text: bytes, *, by: User | None = None) -> Imported:
    """A draft from a definition file, with the article's names of roles and lines.

    docs/engine.md describes the file. Raises engine.DefinitionError with every fault of
    it, those that the engine finds and those that this site's article and columns
    cause; then nothing is written.
    """
    try:
        source = engine.read_definition(text)
    except engine.DefinitionError as error:
        faulty_places = {fault.place for fault in error.faults}
        raise engine.DefinitionError(
            [
                *error.faults,
                *(
                    fault
                    for fault in _incompatibilities(text)
                    if fault.place not in faulty_places
                ),
            ]
        ) from None
    draft = draft_from(source, name=source.name, one_idea=False, by=by)
    site = published.load_words()
    today = {role.slug: role.name for role in site.roles} | {
        slug: line.name for slug, line in site.strengths.items()
    }
    named = {role.slug: role.name for role in source.roles} | {
        strength.slug: strength.name for strength in source.strengths
    }
    return Imported(
        draft,
        tuple(
            (slug, name, today[slug])
            for slug, name in named.items()
            if name != today.get(slug, name)
        ),
    )


def _statements_read() -> set[tuple[str, str]]:
    """Every statement that is published or ticked, with the slug of its strength."""
    rows = Question.objects.values_list(
        "one_idea",
        "strength__slug",
        "statement",
        "other_one_idea",
        "other_strength__slug",
        "other_statement",
    )
    read = {
        pair
        for one, slug, text, other, other_slug, other_text in rows
        for ticked, pair in ((one, (slug, text)), (other, (other_slug, other_text)))
        if ticked
    }
    for version in Version.objects.defer("definition"):
        questions = versions.questionnaire_of(version).questions_of("full")
        read |= {
            (statement.strength, statement.text)
            for question in questions
            for statement in question.statements
        }
    return read


def _incompatibilities(text: str | bytes) -> Iterator[engine.Fault]:
    """What this site's columns and article cannot take over from a definition.

    The definition may have other faults, too.
    """
    try:
        data = load_json(text)
    except JSONError:
        return
    for place, value in _leaves(data):
        column = _column_of(place)
        if column is None or not isinstance(value, str):
            continue
        model, name = column
        try:
            model._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            yield from (engine.Fault(place, message) for message in error.messages)
    lists = data if isinstance(data, dict) else {}
    yield from _lines_that_differ(
        lists,
        "roles",
        {role.slug: {} for role in Role.objects.all()},
        "the article has no role",
    )
    lines = {
        line.slug: {"kind": line.kind, "role": line.role.slug if line.role else None}
        for line in Strength.objects.select_related("role")
    }
    yield from _lines_that_differ(lists, "strengths", lines, "the article has no line")


def _lines_that_differ(
    data: dict[str, object],
    key: str,
    ours: dict[str, dict[str, str | None]],
    missing: str,
) -> Iterator[engine.Fault]:
    entries = data.get(key)
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        slug = entry.get("slug") if isinstance(entry, dict) else None
        if not isinstance(slug, str):
            continue
        if slug not in ours:
            yield engine.Fault(Place(key, number, part="slug"), f"{missing} “{slug}”")
            continue
        for name, value in ours[slug].items():
            if name in entry and entry[name] != value:
                yield engine.Fault(
                    Place(key, number, part=name),
                    f"the article says {value or 'none'} for “{slug}”",
                )


def _leaves(
    value: object, place: Place = WHOLE_DEFINITION, depth: int = 0
) -> Iterator[tuple[Place, object]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, place.key(key), depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, place.item(number), depth + 1)
    else:
        yield place, value


def _column_of(place: Place) -> tuple[type[Model], str] | None:
    """The column that a text of a definition goes to; None where any text fits.

    What a row can hold is narrower than what the engine can read.
    """
    if place.top != "sections":
        if place in (Place("name"), Place("language")):
            return Questionnaire, place.top
        is_column = place.constant in EXACT_CONSTANTS and not (place.form or place.part)
        return (Questionnaire, place.constant) if is_column else None
    if place.question is not None:
        if place.part == "id":
            return Question, "code"
        texts = ("text", "project.text", "product.text")
        return (Question, "statement") if place.part in texts else None
    if place.section is None:
        return None
    if place.part == "stem":
        return Section, "stem"
    is_label = place.part == "labels" and place.index is not None
    return (Section, "label_1") if is_label else None
