"""Reading a definition: from JSON to a questionnaire, with every fault collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Final, TypeVar

from .errors import DefinitionError, Fault
from .numbers import read_exact
from .parts import (
    BUTTON_SIDES,
    FORM_LIMIT_NAMES,
    FORMS,
    FRACTION_NAMES,
    SECTION_KINDS,
    SHARED,
    SHARED_SKILL,
    STRENGTH_KINDS,
    TRADE_OFF,
    Constants,
    FormConstants,
    QuestionDefinition,
    RoleDefinition,
    SectionDefinition,
    Statement,
    StrengthDefinition,
)
from .place import Place
from .questionnaire import Definition, as_data
from .scorers import SCORERS
from .strict_json import JSONError, ObjectWithRepeats, load_json, quoted

MAX_LIMIT = 1000  # no form is that long
# A small file can hold a million faults, which would take minutes to list.
MAX_FAULTS = 2000
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MISSING: Final = object()

_POSITIVE = (
    "v_trade_off",
    "v_enjoyment",
    "trade_off_weight",
    "leans_z_squared",
    "clear_z_squared",
    "sure_z_squared",
)
Entry = TypeVar("Entry")


def read_definition(text: str | bytes) -> Definition:
    """Read a definition (docs/engine.md).

    Raises DefinitionError, which lists every fault with its place. A scorer that
    `SCORERS` does not name is such a fault.
    """
    try:
        data = load_json(text)
    except JSONError as error:
        raise DefinitionError([Fault(Place("definition"), str(error))]) from None
    return _checked(data)


def validate(questionnaire: Definition) -> None:
    """Raise DefinitionError where `read_definition` would refuse this questionnaire."""
    _checked(as_data(questionnaire))


def _checked(data: object) -> Definition:
    reader = _Reader()
    questionnaire = reader.definition(data)
    faults = [*reader.faults, *_faults_between(questionnaire)]
    if faults:
        raise DefinitionError(faults)
    return questionnaire


class _Reader:
    """Reads a definition value by value.

    A fault is noted with its place, and a harmless value replaces the bad one, so that
    reading goes on and finds the other faults.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def definition(self, value: object) -> Definition:
        keys = (
            "scorer",
            "name",
            "language",
            "intro",
            "roles",
            "strengths",
            "sections",
            "constants",
        )
        data = self.fields(value, Place(), keys)
        return Definition(
            scorer=self.choice(data["scorer"], Place("scorer"), tuple(SCORERS)),
            name=self.text(data["name"], Place("name")),
            language=self.text(data["language"], Place("language")),
            intro=self.text(data["intro"], Place("intro"), blank=True),
            roles=self.items(data["roles"], Place("roles"), self.role, length=2),
            strengths=self.items(data["strengths"], Place("strengths"), self.strength),
            sections=self.items(data["sections"], Place("sections"), self.section),
            constants=self.constants(data["constants"], Place("constants")),
        )

    def role(self, value: object, place: Place) -> RoleDefinition:
        data = self.fields(value, place, ("slug", "name"))
        return RoleDefinition(
            self.slug(data["slug"], place.key("slug")),
            self.text(data["name"], place.key("name")),
        )

    def strength(self, value: object, place: Place) -> StrengthDefinition:
        data = self.fields(value, place, ("slug", "name", "kind", "role"))
        kind = self.choice(data["kind"], place.key("kind"), STRENGTH_KINDS)
        role: str | None = None
        if kind != SHARED:
            role = self.slug(data["role"], place.key("role"))
        elif data["role"] is not None:
            self.fault(
                place.key("role"),
                "a shared skill belongs to no role, so this must be null",
            )
        return StrengthDefinition(
            self.slug(data["slug"], place.key("slug")),
            self.text(data["name"], place.key("name")),
            kind,
            role,
        )

    def section(self, value: object, place: Place) -> SectionDefinition:
        data = self.fields(
            value, place, ("kind", "stem", "labels", "in_short", "questions")
        )
        kind = self.choice(data["kind"], place.key("kind"), SECTION_KINDS)
        stem = self.text(data["stem"], place.key("stem"))
        labels = self.items(data["labels"], place.key("labels"), self.text, length=5)
        if not isinstance(data["in_short"], bool) and data["in_short"] is not _MISSING:
            self.fault(place.key("in_short"), "must be true or false")
        # Which keys a question has depends on the kind of its section.
        questions = (
            self.items(
                data["questions"], place.key("questions"), partial(self.question, kind)
            )
            if kind
            else ()
        )
        return SectionDefinition(
            kind, stem, labels, data["in_short"] is True, questions
        )

    def question(self, kind: str, value: object, place: Place) -> QuestionDefinition:
        return (
            self.trade_off(value, place)
            if kind == TRADE_OFF
            else self.rating(value, place, kind)
        )

    def trade_off(self, value: object, place: Place) -> QuestionDefinition:
        data = self.fields(value, place, ("id", "side", "project", "product"))
        statements = (
            self.statement(data["project"], place.key("project")),
            self.statement(data["product"], place.key("product")),
        )
        side = self.choice(data["side"], place.key("side"), BUTTON_SIDES)
        return QuestionDefinition(
            self.slug(data["id"], place.key("id")), TRADE_OFF, statements, side
        )

    def rating(self, value: object, place: Place, kind: str) -> QuestionDefinition:
        data = self.fields(value, place, ("id", "strength", "text"))
        statement = Statement(
            self.slug(data["strength"], place.key("strength")),
            self.text(data["text"], place.key("text")),
        )
        return QuestionDefinition(
            self.slug(data["id"], place.key("id")), kind, (statement,)
        )

    def statement(self, value: object, place: Place) -> Statement:
        data = self.fields(value, place, ("strength", "text"))
        return Statement(
            self.slug(data["strength"], place.key("strength")),
            self.text(data["text"], place.key("text")),
        )

    def constants(self, value: object, place: Place) -> Constants:
        data = self.fields(value, place, (*FRACTION_NAMES, "forms"))
        fractions = {
            name: self.fraction(data[name], place.key(name)) for name in FRACTION_NAMES
        }
        forms = self.fields(data["forms"], place.key("forms"), FORMS)
        full, short = (
            self.form_constants(forms[form], place.key("forms").key(form))
            for form in FORMS
        )
        return Constants(**fractions, full=full, short=short)

    def form_constants(self, value: object, place: Place) -> FormConstants:
        data = self.fields(value, place, FORM_LIMIT_NAMES)
        return FormConstants(
            *(self.limit(data[name], place.key(name)) for name in FORM_LIMIT_NAMES)
        )

    def fields(
        self, value: object, place: Place, keys: tuple[str, ...]
    ) -> dict[str, object]:
        """The values of exactly these keys.

        A missing key is noted once; its value is `_MISSING`, which no later check
        reports.
        """
        if not isinstance(value, dict):
            if value is not _MISSING:
                self.fault(
                    Place("definition") if place == Place() else place,
                    f"must be an object with the keys {', '.join(keys)}",
                )
            return dict.fromkeys(keys, _MISSING)
        if isinstance(value, ObjectWithRepeats):
            for key in value.repeated:
                self.fault(place.key(quoted(key)), "appears more than once")
        for key in value:
            if key not in keys:
                self.fault(place.key(quoted(key)), "is an unknown key")
        for key in keys:
            if key not in value:
                self.fault(place.key(key), "is missing")
        return {key: value.get(key, _MISSING) for key in keys}

    def items(
        self,
        value: object,
        place: Place,
        read_item: Callable[[object, Place], Entry],
        *,
        length: int | None = None,
    ) -> tuple[Entry, ...]:
        if not isinstance(value, list):
            if value is not _MISSING:
                self.fault(place, "must be a list")
            return ()
        if length is not None and len(value) != length:
            self.fault(place, f"must have exactly {length} entries, not {len(value)}")
        return tuple(
            read_item(item, place.item(index)) for index, item in enumerate(value)
        )

    def text(self, value: object, place: Place, *, blank: bool = False) -> str:
        if value is _MISSING:
            return ""
        if not isinstance(value, str):
            self.fault(place, "must be text")
            return ""
        if not blank and not value.strip():
            self.fault(place, "must not be empty")
        if any(
            ord(character) < 32
            and character != "\n"
            or "\ud800" <= character <= "\udfff"
            for character in value
        ):
            self.fault(place, "contains a character that cannot be printed")
        return value

    def slug(self, value: object, place: Place) -> str:
        if isinstance(value, str) and _SLUG.fullmatch(value):
            return value
        if value is not _MISSING:
            self.fault(
                place, "must be 1 to 100 letters a to z, digits, hyphens or underscores"
            )
        return ""

    def choice(self, value: object, place: Place, choices: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in choices:
            return value
        if value is not _MISSING:
            self.fault(place, f"must be {' or '.join(choices)}")
        return ""

    def fraction(self, value: object, place: Place) -> Fraction:
        if isinstance(value, str):
            with suppress(ValueError):
                return read_exact(value, decimals=False)
        if value is not _MISSING:
            self.fault(place, 'must be a fraction in quotes, such as "5/4" or "15"')
        return Fraction(1)

    def limit(self, value: object, place: Place) -> int:
        if type(value) is int and 1 <= value <= MAX_LIMIT:
            return value
        if value is not _MISSING:
            self.fault(place, f"must be a whole number from 1 to {MAX_LIMIT}")
        return 1

    def fault(self, place: Place, message: str) -> None:
        if len(self.faults) == MAX_FAULTS:
            raise DefinitionError(
                [
                    *self.faults,
                    Fault(
                        Place("definition"),
                        f"has more than these {MAX_FAULTS} faults. Fix these first",
                    ),
                ]
            )
        self.faults.append(Fault(place, message))


def _faults_between(parts: Definition) -> Iterator[Fault]:
    """Faults that involve more than one value.

    They are repeated names, references to nothing, and divisors that are 0. Where a
    list has an unreadable slug, nothing can be said about references to it.
    """
    roles = [role.slug for role in parts.roles]
    slugs = [strength.slug for strength in parts.strengths]
    sections = parts.sections
    questions = [
        (Place("sections", section=i, question=j), question)
        for i, section in enumerate(sections)
        for j, question in enumerate(section.questions)
    ]
    yield from _repeats(
        (Place("roles", i, part="slug"), slug) for i, slug in enumerate(roles)
    )
    yield from _repeats(
        (Place("strengths", i, part="slug"), slug) for i, slug in enumerate(slugs)
    )
    yield from _repeats(
        (Place("strengths", i, part="name"), strength.name)
        for i, strength in enumerate(parts.strengths)
    )
    yield from _repeats((place.key("id"), question.id) for place, question in questions)
    for i, strength in enumerate(parts.strengths):
        if strength.role and strength.role not in roles and roles and all(roles):
            yield Fault(
                Place("strengths", i, part="role"),
                f"no role has the slug {strength.role}",
            )
    with_role = {
        strength.slug for strength in parts.strengths if strength.kind != SHARED
    }
    for place, question in questions:
        keys = (
            (place.key("project").key("strength"), place.key("product").key("strength"))
            if question.kind == TRADE_OFF
            else (place.key("strength"),)
        )
        for key, statement in zip(keys, question.statements, strict=True):
            if (
                statement.strength
                and statement.strength not in slugs
                and slugs
                and all(slugs)
            ):
                yield Fault(key, f"no strength has the slug {statement.strength}")
            elif (
                statement.strength in slugs
                and question.kind != SHARED_SKILL
                and statement.strength not in with_role
            ):
                yield Fault(
                    key,
                    f"{statement.strength} belongs to no role, so its answers "
                    "would count for neither. Choose another line",
                )
    for name in _POSITIVE:
        if not getattr(parts.constants, name):
            yield Fault(Place("constants", constant=name), "must be above 0")


def _repeats(values: Iterable[tuple[Place, str]]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for place, value in values:
        if value and first.setdefault(value, place) != place:
            yield Fault(place, f"is the same as {first[value]}", first[value])
