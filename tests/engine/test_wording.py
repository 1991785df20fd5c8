"""Rules about words, P9 to P12 of docs/instrument.md section 1.4, each broken alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.engine.breaking import (
    DEFAULT,
    LEVEL,
    PLACES,
    findings,
    places,
    set_text,
)
from tests.support.engine.cases import Json, make_questionnaire


def test_p9_statement_too_long_or_sides_unlike() -> None:
    long = "I go and ask and see and do and try and look and go."
    assert places(set_text("E1", "", long + " Go."), "P9") == ["E1"]
    assert places(set_text("T1", "project", "Before I start I go."), "P9") == ["T1"]


def test_p9_hard_words_are_warned_of_one_by_one_and_on_average() -> None:
    hard = "Organizing several different activities together every afternoon."
    assert places(set_text("E1", "", hard), "P9", blocking=False) == ["E1"]

    def all_hard(definition: Json) -> None:
        for section in definition["sections"]:
            for each in section["questions"]:
                for statement in (
                    (each,) if "text" in each else (each["project"], each["product"])
                ):
                    statement["text"] = hard

    assert places(all_hard, "P9", blocking=False)[-1] == "statements"


def rated(change: dict[str, tuple[int, ...]]) -> list[tuple[str, str, bool]]:
    return [
        (finding.rule, str(finding.place), finding.blocking)
        for finding in findings(DEFAULT, ratings=LEVEL | change)
    ]


def test_p10_gap_of_one_trade_off() -> None:
    half = (4,) * 6 + (5,) * 6
    assert rated({"T1.project": half, "T2.product": half}) == []
    assert rated({"T1.project": (4,) * 5 + (5,) * 7, "T2.product": half}) == [
        ("P10", "T1", True)
    ]
    assert rated({"T9.product": (4,) * 5 + (5,) * 7, "T2.project": half}) == [
        ("P10", "T9", True)
    ]


def test_p10_mean_gap_of_a_form() -> None:
    fifth = (4,) * 16 + (5,) * 4
    three_twentieths = (4,) * 17 + (5,) * 3
    assert (
        rated({f"T{number}.product": three_twentieths for number in range(1, 13)}) == []
    )
    assert rated({f"T{number}.product": fifth for number in range(1, 13)}) == [
        ("P10", "full.desirability", True),
        ("P10", "short.desirability", True),
    ]
    assert rated({f"T{number}.project": fifth for number in range(1, 9)}) == [
        ("P10", "short.desirability", True)
    ]


def test_p10_too_few_raters_are_warned_of() -> None:
    assert rated({"T4.project": (1,) * 11}) == [("P10", "T4", False)]


@pytest.mark.parametrize(
    "text",
    [
        "I like to see a project grow from the very first day.",
        "I like to lead the Products that people use on a day.",
        "I like to be the manager of a good team.",
        "I like to draw the road map of what comes next.",
        "I do not start before I know all the steps.",
        "I never start before I know all the steps.",
        "I don't start before I know all the steps.",
        "I hate to start before I know all the steps.",
        "I can write down the steps that something needs.",
        "I am good at plans and I list the steps.",
        "I'm really good at plans and I list the steps.",
    ],
)
def test_p11_word_that_gives_the_side_away_denies_or_boasts(text: str) -> None:
    assert places(set_text("T1", "project", text), "P11") == ["T1.project"]


def test_p11_stem_or_label_that_hints_at_a_side() -> None:
    def change(definition: Json) -> None:
        definition["sections"][0]["stem"] = "Which is more like a manager?"
        definition["sections"][1]["labels"][0] = "Much more project"

    assert places(change, "P11") == ["sections[0]", "sections[1]"]


@pytest.mark.parametrize(
    "text",
    [
        "I work as a Delivery  lead would on a good day.",
        "I do as delivery leads do, step by step, all day.",
    ],
)
def test_p11_name_that_a_role_has_now(text: str) -> None:
    def change(definition: Json) -> None:
        definition["roles"][0]["name"] = "Delivery lead"
        set_text("T1", "project", text)(definition)
        definition["sections"][1]["stem"] = "Which is more like a (delivery lead)?"

    assert places(change, "P11") == ["T1.project", "sections[1]"]
    assert findings(make_questionnaire(set_text("T1", "project", text))) == []


def test_p11_name_of_a_role_is_one_finding_and_no_part_of_a_longer_word() -> None:
    def change(definition: Json) -> None:
        definition["roles"][0]["name"] = "Lead"
        set_text(
            "T1", "project", "I lead, and I am misleading people on the way to it."
        )(definition)

    assert [
        finding.message
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P11"
    ] == ["“lead” gives away which role it belongs to. Say it another way."]


def test_p11_intro_that_names_a_role_is_warned_of() -> None:
    def change(definition: Json) -> None:
        definition["intro"] = "Would a product manager say so?"

    found = [
        finding
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P11"
    ]
    assert [(str(finding.place), finding.blocking) for finding in found] == [
        ("intro", False)
    ]
    assert "“product manager”" in found[0].message


def test_p11_statement_not_ticked_as_one_idea() -> None:
    found = findings(DEFAULT, one_idea=PLACES - {"T3.product", "S2"})
    assert [
        (finding.rule, str(finding.place), finding.blocking) for finding in found
    ] == [
        ("P11", "T3.product", True),
        ("P11", "S2", True),
    ]


def labeled(*words: str) -> Callable[[Json], None]:
    return lambda definition: definition["sections"][2].update(labels=list(words))


def test_p12_labels_without_words_or_twice_the_same() -> None:
    assert places(labeled("1", "2", "3", "4", "5"), "P12") == ["sections[2].labels"]
    assert places(labeled("None", "A bit", "Some", "some ", "Much"), "P12") == [
        "sections[2].labels"
    ]
