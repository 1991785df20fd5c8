"""Reading a definition: every fault with its place, and nothing but faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from typing import Any

import pytest

from assessments.defaults import DEFAULT_DEFINITION, default_questionnaire
from assessments.engine import (
    SCORERS,
    DefinitionError,
    Fault,
    read_definition,
    validate,
)
from assessments.engine.place import Place
from tests.support.engine.cases import Json, make_definition

DEFAULT = default_questionnaire()


def faults_of(text: str | bytes) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read_definition(text)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


def test_default_is_canonical_and_named_by_the_hash_of_its_bytes() -> None:
    text = DEFAULT.to_json()
    assert text == json.dumps(
        json.loads(DEFAULT_DEFINITION.read_bytes()),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert DEFAULT.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_default_is_asked_in_the_order_of_the_instrument() -> None:
    full = [f"T{n}" for n in range(1, 9)] + [f"E{n}" for n in range(1, 5)]
    assert [question.id for question in DEFAULT.questions_of("short")] == full
    full += (
        [f"T{n}" for n in range(9, 13)]
        + [f"E{n}" for n in range(5, 9)]
        + [f"S{n}" for n in range(1, 6)]
    )
    assert [question.id for question in DEFAULT.questions_of("full")] == full
    assert [len(section.questions) for section in DEFAULT.sections_of("full")] == [
        4,
        4,
        4,
        4,
        4,
        5,
    ]
    assert [len(section.questions) for section in DEFAULT.sections_of("short")] == [
        4,
        4,
        4,
    ]


def test_question_shows_its_sides_buttons_and_places() -> None:
    first, second = DEFAULT.question("T1"), DEFAULT.question("T2")
    assert (first.left, first.right) == (first.project, first.product)
    assert (second.left, second.right) == (second.product, second.project)
    assert first.project.text == "Before I start something, I list the steps it needs."
    assert (first.buttons, first.statement_names) == (
        (1, 2, 3, 4, 5),
        ("T1.project", "T1.product"),
    )
    rating = DEFAULT.question("E1")
    assert (rating.buttons, rating.statement_names, rating.statement.strength) == (
        (0, 1, 2, 3, 4),
        ("E1",),
        "planning-and-organization",
    )


def test_labels_follow_the_buttons() -> None:
    trade_off, rating = DEFAULT.section_of("T1"), DEFAULT.section_of("S1")
    assert [trade_off.label_of(button) for button in (1, 3, 5)] == [
        "Much more A",
        "About the same",
        "Much more B",
    ]
    assert [rating.label_of(button) for button in (0, 4)] == ["Never", "Almost always"]
    for section, button in ((trade_off, 0), (trade_off, 6), (rating, -1), (rating, 5)):
        with pytest.raises(IndexError):
            section.label_of(button)


def test_lookups_refuse_what_is_not_there() -> None:
    for look_up in (DEFAULT.question, DEFAULT.section_of, DEFAULT.strength):
        with pytest.raises(KeyError):
            look_up("T99")


def test_questionnaire_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT.name = "other"


def test_fraction_not_in_lowest_terms_means_the_same_version() -> None:
    definition = make_definition()
    definition["constants"]["v_trade_off"] = "10/8"
    assert read_definition(json.dumps(definition)).sha256 == DEFAULT.sha256


def put(place: str, value: Any) -> Callable[[Json], None]:
    """A change of one value; `place` as faults name it."""

    def change(definition: Json) -> None:
        *path, last = place.replace("[", ".").replace("]", "").split(".")
        for key in path:
            definition = definition[int(key) if isinstance(definition, list) else key]
        key = int(last) if isinstance(definition, list) else last
        definition[key] = value

    return change


TEXT, EMPTY = "must be text", "must not be empty"
SLUG = "must be 1 to 100 letters a to z, digits, hyphens or underscores"
FRACTION = 'must be a fraction in quotes, such as "5/4" or "15"'
LIMIT = "must be a whole number from 1 to 1000"

ONE_VALUE = [
    ("scorer", "graded-pairs-2", "must be graded-pairs-1"),
    ("name", 5, TEXT),
    ("name", " ", EMPTY),
    ("name", "bad\u0000", "contains a character that cannot be printed"),
    ("language", None, TEXT),
    ("intro", ["x"], TEXT),
    ("roles", {}, "must be a list"),
    ("roles[1].slug", "a b", SLUG),
    ("roles[1].slug", "é", SLUG),
    ("roles[1].slug", "x" * 101, SLUG),
    ("roles[0].name", "", EMPTY),
    ("strengths[3]", "x", "must be an object with the keys slug, name, kind, role"),
    ("strengths[3].name", "Risk management", "is the same as strengths[1].name"),
    (
        "strengths[16].role",
        "project-manager",
        "a shared skill belongs to no role, so this must be null",
    ),
    ("strengths[8].kind", "talent", "must be key or interest or shared"),
    ("strengths[8].role", "designer", "no role has the slug designer"),
    ("strengths[8].role", None, SLUG),
    ("sections", None, "must be a list"),
    ("sections[0].kind", "quiz", "must be trade_off or enjoyment or shared"),
    ("sections[0].kind", ["trade_off"], "must be trade_off or enjoyment or shared"),
    ("sections[1].stem", "", EMPTY),
    ("sections[1].labels", ["a", "b"], "must have exactly 5 entries, not 2"),
    ("sections[1].labels[2]", "", EMPTY),
    ("sections[1].labels[2]", 3, TEXT),
    ("sections[1].in_short", 1, "must be true or false"),
    ("sections[1].questions", "T5", "must be a list"),
    (
        "sections[2].questions[0]",
        [],
        "must be an object with the keys id, strength, text",
    ),
    ("sections[1].questions[0].id", "T1", "is the same as sections[0].questions[0].id"),
    ("sections[1].questions[0].id", 7, SLUG),
    ("sections[1].questions[0].side", "middle", "must be left or right"),
    ("sections[1].questions[0].side", None, "must be left or right"),
    (
        "sections[1].questions[0].project",
        None,
        "must be an object with the keys strength, text",
    ),
    ("sections[1].questions[0].product.text", "\n", EMPTY),
    (
        "sections[1].questions[0].product.strength",
        "singing",
        "no strength has the slug singing",
    ),
    (
        "sections[1].questions[0].product.strength",
        "communication",
        "communication belongs to no role, so its answers would count for neither. "
        "Choose another line",
    ),
    (
        "sections[2].questions[1].strength",
        "communication",
        "communication belongs to no role, so its answers would count for neither. "
        "Choose another line",
    ),
    ("sections[2].questions[1].text", None, TEXT),
    ("constants", [], "must be an object with the keys v_trade_off,"),
    ("constants.v_trade_off", 1.25, FRACTION),
    ("constants.v_trade_off", 1, FRACTION),
    ("constants.v_trade_off", "1.25", FRACTION),
    ("constants.v_trade_off", "-1", FRACTION),
    ("constants.v_trade_off", "1/0", FRACTION),
    ("constants.v_trade_off", "9" * 5000, FRACTION),
    ("constants.v_trade_off", "0", "must be above 0"),
    ("constants.v_enjoyment", "0/7", "must be above 0"),
    ("constants.trade_off_weight", "0", "must be above 0"),
    ("constants.leans_z_squared", "0", "must be above 0"),
    ("constants.forms", None, "must be an object with the keys full, short"),
    (
        "constants.forms.full",
        3,
        "must be an object with the keys least_trade_offs, least_enjoyment, "
        "careless_run",
    ),
    ("constants.forms.full.careless_run", 0, LIMIT),
    ("constants.forms.full.careless_run", True, LIMIT),
    ("constants.forms.full.careless_run", 1001, LIMIT),
    ("constants.forms.full.careless_run", "9", LIMIT),
]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    ONE_VALUE,
    ids=[f"{place}={repr(value)[:20]}" for place, value, _ in ONE_VALUE],
)
def test_each_faulty_value_is_named_with_its_place_alone(
    place: str, value: Any, message: str
) -> None:
    definition = make_definition()
    put(place, value)(definition)
    (fault,) = faults_of(json.dumps(definition))
    assert fault.startswith(f"{place}: {message}")


def test_number_of_roles_is_two() -> None:
    definition = make_definition()
    definition["roles"].append({"slug": "designer", "name": "Designer"})
    assert faults_of(json.dumps(definition)) == [
        "roles: must have exactly 2 entries, not 3"
    ]


def test_two_roles_of_one_slug_are_refused() -> None:
    definition = make_definition()
    definition["roles"][1]["slug"] = "project-manager"
    assert "roles[1].slug: is the same as roles[0].slug" in faults_of(
        json.dumps(definition)
    )


def test_missing_and_foreign_keys_are_named_everywhere() -> None:
    definition = make_definition()
    del definition["language"]
    del definition["roles"][0]["name"]
    del definition["sections"][0]["questions"][0]["side"]
    del definition["sections"][0]["questions"][1]["project"]
    del definition["sections"][0]["questions"][2]["product"]["strength"]
    del definition["sections"][1]["in_short"]
    del definition["sections"][5]["questions"]
    del definition["constants"]["v_trade_off"]
    del definition["constants"]["forms"]["short"]["careless_run"]
    definition["color"] = "blue"
    definition["sections"][2]["questions"][0]["odd\nkey" * 9] = 1
    assert faults_of(json.dumps(definition)) == [
        "color: is an unknown key",
        "language: is missing",
        "roles[0].name: is missing",
        "sections[0].questions[0].side: is missing",
        "sections[0].questions[1].project: is missing",
        "sections[0].questions[2].product.strength: is missing",
        "sections[1].in_short: is missing",
        'sections[2].questions[0]."'
        + "odd\\nkey" * 5
        + 'odd\\nk\\u2026": is an unknown key',
        "sections[5].questions: is missing",
        "constants.v_trade_off: is missing",
        "constants.forms.short.careless_run: is missing",
    ]


def test_empty_object_lacks_every_key_once() -> None:
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
    assert faults_of("{}") == [f"{key}: is missing" for key in keys]


def test_repeated_key_is_named_with_its_place() -> None:
    text = (
        DEFAULT.to_json()
        .replace('{"id":"T1"', '{"id":"T0","id":"T1"')
        .replace('{"constants"', '{"name":"x","constants"')
    )
    assert faults_of(text) == [
        "name: appears more than once",
        "sections[0].questions[0].id: appears more than once",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (
            '"\\ud800"',
            "must be an object with the keys scorer, name, language, intro, "
            "roles, strengths, sections, constants",
        ),
        ("[1", "is not JSON (Expecting ',' delimiter at line 1, column 3)"),
        ("\ufeff{}", "is not JSON (Expecting value at line 1, column 1)"),
        ('{"name": NaN}', "contains NaN, which is not a number"),
        ('{"name": -Infinity}', "contains -Infinity, which is not a number"),
        ("[" * 100_000, "is nested too deeply"),
        ("9" * 10_000, "contains a number with too many digits"),
        (" " * 1_048_577, "is longer than 1048576 bytes"),
        (
            "null",
            "must be an object with the keys scorer, name, language, intro, "
            "roles, strengths, sections, constants",
        ),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_text_that_is_no_definition_is_refused_in_one_line(
    text: str | bytes, message: str
) -> None:
    assert faults_of(text) == [f"definition: {message}"]


def test_lone_surrogate_is_refused() -> None:
    text = DEFAULT.to_json().replace(
        "Before I start something, I list", "\\ud800 write"
    )
    assert faults_of(text) == [
        "sections[0].questions[0].project.text: contains a character that cannot "
        "be printed"
    ]


def test_draft_without_its_second_side_reads_back_as_a_fault() -> None:
    section = DEFAULT.sections[0]
    question = replace(
        section.questions[0], statements=section.questions[0].statements[:1], side=None
    )
    draft = replace(
        DEFAULT,
        sections=(
            replace(section, questions=(question, *section.questions[1:])),
            *DEFAULT.sections[1:],
        ),
    )
    assert faults_of(draft.to_json()) == [
        "sections[0].questions[0].product: must be an object with the keys "
        "strength, text",
        "sections[0].questions[0].side: must be left or right",
    ]


def test_draft_differs_from_what_it_was_made_from() -> None:
    draft = replace(
        DEFAULT, constants=replace(DEFAULT.constants, rank_gap=Fraction(40))
    )
    assert draft != DEFAULT
    assert draft.sha256 != DEFAULT.sha256
    assert replace(draft, constants=DEFAULT.constants) == DEFAULT


def test_fault_reads_as_place_and_message() -> None:
    assert (
        str(Fault(Place.read("roles[0].slug"), "is missing"))
        == "roles[0].slug: is missing"
    )


def test_file_full_of_faults_is_read_no_further_than_anybody_reads() -> None:
    text = json.dumps(
        {"sections": [{"kind": "trade_off", "questions": [{}] * 100_000}]}
    )
    with pytest.raises(DefinitionError) as refused:
        read_definition(text)
    assert len(refused.value.faults) == 2001
    assert str(refused.value.faults[-1]).endswith(
        "has more than these 2000 faults. Fix these first"
    )


def test_scorer_is_known_as_soon_as_the_table_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SCORERS, "graded-pairs-9", SCORERS["graded-pairs-1"])
    text = DEFAULT.to_json().replace('"graded-pairs-1"', '"graded-pairs-9"')
    assert read_definition(text).scorer == "graded-pairs-9"


def test_validating_finds_what_reading_the_text_would_find() -> None:
    draft = replace(DEFAULT, roles=DEFAULT.roles[:1], name="")
    with pytest.raises(DefinitionError) as validated:
        validate(draft)
    assert [str(fault) for fault in validated.value.faults] == faults_of(
        draft.to_json()
    )
    validate(DEFAULT)
