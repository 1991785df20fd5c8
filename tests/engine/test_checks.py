"""Every rule of docs/instrument.md section 1.4, each broken alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from assessments.engine import check, example_scores
from tests.support.engine.breaking import DEFAULT, NAMES, findings, places, question
from tests.support.engine.cases import Json, make_questionnaire


def test_default_breaks_no_rule() -> None:
    assert findings(DEFAULT) == []


def test_default_is_warned_of_missing_ratings_alone() -> None:
    found = check(DEFAULT)
    assert {(finding.rule, finding.blocking) for finding in found} == {("P10", False)}
    assert [str(finding.place) for finding in found] == [
        f"T{number}" for number in range(1, 13)
    ]


def test_p1_lists_of_unequal_length() -> None:
    extra = {
        "slug": "cooking",
        "name": "Cooking",
        "kind": "interest",
        "role": "project-manager",
    }
    found = findings(
        make_questionnaire(lambda definition: definition["strengths"].append(extra)),
        lines=None,
    )
    assert ("P1", "strengths") in {
        (finding.rule, str(finding.place)) for finding in found
    }


def test_p1_line_reworded_or_gone_in_the_article() -> None:
    lines = NAMES | {"communication": "Talking"}
    del lines["problem-solving"]
    found = findings(DEFAULT, lines=lines)
    assert [(finding.rule, str(finding.place)) for finding in found] == [
        ("P1", "strengths.communication"),
        ("P1", "S4"),
    ]
    assert "“Talking”" in found[0].message
    assert (
        "The article no longer lists “Problem-solving”. Give its questions another line"
        in found[1].message
    )


def test_p1_line_that_is_gone_is_named_at_its_questions_or_at_itself() -> None:
    lines = {slug: name for slug, name in NAMES.items() if slug != "risk-management"}
    assert [str(finding.place) for finding in findings(DEFAULT, lines=lines)] == [
        "T2.project",
        "T9.project",
        "E5",
    ]
    extra = {"slug": "cooking", "name": "Cooking", "kind": "shared", "role": None}
    unused = make_questionnaire(
        lambda definition: definition["strengths"].append(extra)
    )
    assert [
        str(finding.place)
        for finding in findings(unused, lines=NAMES)
        if finding.rule == "P1"
    ] == ["strengths.cooking"]


def test_p2_lines_of_unlike_kind_wrong_role_or_met_before() -> None:
    def swap(definition: Json) -> None:
        found = question(definition, "T1")
        found["project"]["strength"], found["product"]["strength"] = (
            found["product"]["strength"],
            found["project"]["strength"],
        )

    assert {
        str(finding.place)
        for finding in findings(make_questionnaire(swap))
        if finding.rule == "P2"
    } == {"T1.project", "T1.product"}

    def meet_again(definition: Json) -> None:
        question(definition, "T10")["product"]["strength"] = "customer-empathy"
        question(definition, "T11")["product"]["strength"] = "strategic-decision-making"

    found = findings(make_questionnaire(meet_again))
    assert [str(finding.place) for finding in found if finding.rule == "P2"] == [
        "T10",
        "T11",
    ]

    def mix(definition: Json) -> None:
        question(definition, "T1")["product"]["strength"] = "shaping-product-ideas"

    assert [
        str(finding.place)
        for finding in findings(make_questionnaire(mix))
        if finding.rule == "P2"
    ] == ["T1"]


def test_p3_line_used_more_often_than_the_others() -> None:
    def change(definition: Json) -> None:
        question(definition, "T5")["project"]["strength"] = "coordinating-teams"

    assert (
        places(change, "P3")
        == ["strengths.organizing-complex-work", "strengths.coordinating-teams"] * 2
    )


def test_p3_is_silent_where_a_form_has_no_such_lines() -> None:
    def change(definition: Json) -> None:
        definition["strengths"] = [
            each for each in definition["strengths"] if each["kind"] != "interest"
        ]
        definition["sections"] = [
            section
            for index, section in enumerate(definition["sections"])
            if index != 1
        ]

    assert "P3" not in {
        finding.rule for finding in findings(make_questionnaire(change))
    }


def turn(*names: str) -> Callable[[Json], None]:
    def change(definition: Json) -> None:
        for name in names:
            found = question(definition, name)
            found["side"] = "left" if found["side"] == "right" else "right"

    return change


def test_p4_more_statements_on_one_side() -> None:
    found = findings(make_questionnaire(turn("T6")))
    assert {(str(finding.place), finding.rule) for finding in found} == {
        ("full.interest", "P4"),
        ("short.interest", "P4"),
        # One turned statement always goes with alternation, too.
        ("full.trade_offs", "P5"),
        ("short.trade_offs", "P5"),
    }


def test_p4_strength_always_on_one_side() -> None:
    assert places(turn("T10", "T12"), "P4") == [
        f"strengths.{slug}"
        for slug in (
            "planning-and-organization",
            "process-optimization",
            "market-research",
            "strategic-decision-making",
        )
    ]


def test_p5_three_neighbours_on_one_side() -> None:
    assert places(turn("T5", "T7"), "P5") == [
        "T6"
    ]  # T4, T5 and T6 now have it on the left


def test_p5_sides_that_go_with_alternation() -> None:
    """These are the sides of the first edition."""
    assert places(turn("T5", "T6"), "P5") == ["full.trade_offs", "short.trade_offs"]


def move(section: int, start: int, to: int) -> Callable[[Json], None]:
    def change(definition: Json) -> None:
        questions = definition["sections"][section]["questions"]
        questions.insert(to, questions.pop(start))

    return change


def test_p6_roles_do_not_take_turns() -> None:
    assert places(move(2, 0, 1), "P6") == ["E3"]


def test_p6_strength_without_or_with_two_enjoyment_questions() -> None:
    def change(definition: Json) -> None:
        question(definition, "E5")["strength"] = "scheduling-and-budgeting"

    assert places(change, "P6") == [
        "strengths.risk-management",
        "strengths.scheduling-and-budgeting",
    ]


def test_p6_short_form_needs_equally_many_and_at_least_two_a_role() -> None:
    def fewer(definition: Json) -> None:
        definition["sections"][4]["questions"] = (
            definition["sections"][2]["questions"][2:]
            + definition["sections"][4]["questions"]
        )
        definition["sections"][2]["questions"] = definition["sections"][2]["questions"][
            :2
        ]

    assert places(fewer, "P6") == ["short.enjoyment"]

    def uneven(definition: Json) -> None:
        definition["sections"][4]["questions"].insert(
            0, definition["sections"][2]["questions"].pop()
        )

    assert places(uneven, "P6") == ["short.enjoyment"]


def test_p7_shared_skill_asked_twice_or_in_the_short_form() -> None:
    def twice(definition: Json) -> None:
        question(definition, "S1")["strength"] = "communication"

    assert places(twice, "P7") == [
        "strengths.stakeholder-management",
        "strengths.communication",
    ]

    def short(definition: Json) -> None:
        for section in definition["sections"]:
            section["in_short"] = True

    assert {
        str(finding.place)
        for finding in findings(make_questionnaire(short))
        if finding.rule == "P7"
    } == {f"S{n}" for n in range(1, 6)}


def test_p7_shared_question_about_another_line() -> None:
    def change(definition: Json) -> None:
        question(definition, "S1")["strength"] = "product-vision"

    assert places(change, "P7") == [
        "strengths.product-vision",
        "strengths.stakeholder-management",
    ]


def without(*kinds: str) -> Callable[[Json], None]:
    def change(definition: Json) -> None:
        definition["sections"] = [
            section
            for section in definition["sections"]
            if section["kind"] not in kinds
        ]

    return change


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (
            "trade_off",
            {("P14", "full.trade_offs"), ("P14", "short.trade_offs")},
        ),
        (
            "enjoyment",
            {
                ("P6", "full.enjoyment"),
                ("P6", "short.enjoyment"),
                ("P13", "constants.forms.full.least_enjoyment"),
                ("P13", "constants.forms.short.least_enjoyment"),
            },
        ),
        ("shared", {("P7", "full.shared")}),
    ],
)
def test_missing_questions_are_told_once_and_not_for_every_line(
    kind: str, found: set[tuple[str, str]]
) -> None:
    assert {
        (finding.rule, str(finding.place))
        for finding in findings(make_questionnaire(without(kind)))
        if finding.blocking
    } == found


def test_p3_form_without_any_trade_off_about_an_interest() -> None:
    def change(definition: Json) -> None:
        del definition["sections"][1]

    assert [
        str(finding.place)
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P3"
    ] == ["full.trade_offs", "short.trade_offs"]


def test_questionnaire_without_questions_has_one_finding() -> None:
    empty = make_questionnaire(lambda definition: definition.update(sections=[]))
    assert [(each.rule, str(each.place)) for each in findings(empty)] == [
        ("P14", "questionnaire")
    ]


def test_p13_names_the_other_constant_with_its_value() -> None:
    [finding] = findings(
        make_questionnaire(
            lambda definition: definition["constants"].update(leans_z_squared="27/10")
        )
    )
    assert finding.other is not None
    assert f"“{finding.other.constant}”, which is 27/10." in finding.message


def test_p8_short_form_is_not_the_first_block() -> None:
    def change(definition: Json) -> None:
        definition["sections"].insert(0, definition["sections"].pop(3))

    assert {
        str(finding.place)
        for finding in findings(make_questionnaire(change))
        if finding.rule == "P8"
    } == {"sections[1]"}


@pytest.mark.parametrize(
    ("constants", "place"),
    [
        ({"trade_off_weight": "1/2"}, "trade_off_weight"),
        ({"leans_z_squared": "27/10"}, "leans_z_squared"),
        ({"sure_z_squared": "2"}, "clear_z_squared"),
        ({"leans_floor": "15"}, "leans_floor"),
        ({"high_enjoyment": "20"}, "low_enjoyment"),
        ({"weak_pull": "70"}, "weak_pull"),
    ],
)
def test_p13_constants_that_do_not_fit_each_other(
    constants: dict[str, str], place: str
) -> None:
    assert places(
        lambda definition: definition["constants"].update(constants), "P13"
    ) == [f"constants.{place}"]


@pytest.mark.parametrize(
    ("form", "name", "most"),
    [
        ("full", "least_trade_offs", 12),
        ("full", "least_enjoyment", 4),
        ("short", "careless_run", 8),
        ("short", "least_enjoyment", 2),
    ],
)
def test_p13_limits_that_a_form_cannot_reach(form: str, name: str, most: int) -> None:
    def limit(value: int) -> Callable[[Json], None]:
        return lambda definition: definition["constants"]["forms"][form].update(
            {name: value}
        )

    assert findings(make_questionnaire(limit(most))) == []
    assert places(limit(most + 1), "P13") == [f"constants.forms.{form}.{name}"]


def test_p14_too_few_trade_offs() -> None:
    def change(definition: Json) -> None:
        definition["sections"][1]["questions"] = definition["sections"][1]["questions"][
            :3
        ]

    found = {
        (finding.rule, str(finding.place))
        for finding in findings(make_questionnaire(change))
    }
    assert ("P14", "short.trade_offs") in found
    assert ("P14", "full.trade_offs") not in found


def test_p15_examples_under_the_default_and_under_other_constants() -> None:
    assert [
        (each.number, each.outcome, each.lean) for each in example_scores(DEFAULT)
    ] == [
        (1, "clear_project", Fraction(425, 8)),
        (2, "both", Fraction(-25, 8)),
        (3, "lean_product", Fraction(-625, 28)),
        (4, "low_both", Fraction(25, 16)),
    ]
    strict = make_questionnaire(clear_floor="60", high_enjoyment="90")
    assert [each.outcome for each in example_scores(strict)] == [
        "lean_project",
        "close",
        "lean_product",
        "low_both",
    ]
    hungry = make_questionnaire(
        lambda definition: definition["constants"]["forms"]["short"].update(
            least_trade_offs=8
        )
    )
    assert [(each.number, each.outcome, each.lean) for each in example_scores(hungry)][
        2
    ] == (3, "too_few", None)


def test_p15_examples_are_left_out_where_a_form_is_built_otherwise() -> None:
    assert [
        each.number for each in example_scores(make_questionnaire(turn("T9", "T10")))
    ] == [3]
    assert example_scores(make_questionnaire(turn("T1", "T2"))) == []
    assert [
        each.number
        for each in example_scores(
            make_questionnaire(lambda definition: definition["sections"].pop())
        )
    ] == [3]


def test_findings_come_in_the_order_of_the_rules() -> None:
    def change(definition: Json) -> None:
        turn("T1")(definition)
        definition["constants"]["weak_pull"] = "70"
        question(definition, "S1")["strength"] = "communication"

    rules = [int(finding.rule[1:]) for finding in check(make_questionnaire(change))]
    assert rules == sorted(rules)
    assert {4, 7, 10, 13} <= set(rules)
