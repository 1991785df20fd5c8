"""Differential functioning: sums by group and stratum, and the difference between groups, against plain loops."""

from __future__ import annotations

import statistics as plain
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.defaults import default_questionnaire
from assessments.engine.functioning import (
    Cell,
    GroupSums,
    Place,
    add_up_groups,
    differences,
    stratum_of,
)
from assessments.engine.sums import Finished
from tests.support.engine.cases import Answers
from tests.support.engine.people import SCALE_IDS, TRADE_OFF_IDS, make_people, value_of

PROJECT, PRODUCT = (SCALE_IDS[name] for name in list(SCALE_IDS)[1:3])
GROUPS = [
    ("phone", "en", "site"),
    ("computer", "en", "site"),
    ("computer", "de", "coach"),
    ("", "", "site"),
    ("tablet", "", "coach"),
]


def in_groups(people: Iterable[Answers], *, seed: int) -> list[Finished]:
    chance = Random(seed)
    return [
        Finished(answers, "close", None, groups=chance.choice(GROUPS))
        for answers in people
    ]


def rest_lean(answers: Answers, without: str) -> Fraction:
    """By hand (docs/instrument.md section 2.2), of somebody who skipped nothing."""
    means = []
    for ids in (TRADE_OFF_IDS, PROJECT, PRODUCT):
        values = [
            value_of(question, answers[question])
            for question in ids
            if question != without
        ]
        means.append(Fraction(sum(values), len(values)))
    return Fraction("37.5") * means[0] + Fraction("6.25") * (means[1] - means[2])


def stratum_by_hand(lean: Fraction) -> int:
    return [
        lean < -24,
        -24 <= lean < -8,
        -8 <= lean <= 8,
        8 < lean <= 24,
        lean > 24,
    ].index(True)


Values = dict[tuple[str, str], dict[int, list[int]]]


def by_hand(people: Iterable[Finished], question: str) -> Values:
    """By grouping and group, and by stratum: the values of the question."""
    found: Values = defaultdict(lambda: defaultdict(list))
    for each in people:
        if None in (
            each.answers[moving]
            for moving in (*TRADE_OFF_IDS, *PROJECT, *PRODUCT, question)
        ):
            continue
        stratum = stratum_by_hand(rest_lean(each.answers, question))
        for grouping, group in zip(
            ("device", "language", "arrival"), each.groups, strict=True
        ):
            if group:
                found[grouping, group][stratum].append(
                    value_of(question, each.answers[question])
                )
    return found


def test_sums_of_groups_are_those_of_a_plain_loop() -> None:
    people = in_groups(make_people(1500, seed=41), seed=42)
    expected = {
        Place(grouping, group, question, stratum): Cell(len(values), sum(values))
        for question in people[0].answers
        for (grouping, group), strata in by_hand(people, question).items()
        for stratum, values in strata.items()
    }
    assert add_up_groups(default_questionnaire(), "full", people) == expected
    assert {place.stratum for place in expected} == {0, 1, 2, 3, 4}


def test_people_of_the_same_lean_in_one_stratum_each_about_a_fifth() -> None:
    leans = [
        rest_lean(answers, "S1") for answers in make_people(4000, seed=43, skips=0)
    ]
    shares = [
        sum(stratum_of(lean) == stratum for lean in leans) / len(leans)
        for stratum in range(5)
    ]
    assert all(0.1 < share < 0.35 for share in shares)


@given(
    st.fractions(-100, 100)
    | st.sampled_from([Fraction(cut) for cut in (-24, -8, 0, 8, 24)]),
    st.integers(1, 50),
)
def test_stratum_is_that_of_the_document_and_mirrors_with_the_roles(
    lean: Fraction, unit: int
) -> None:
    assert stratum_of(lean) == stratum_by_hand(lean)
    assert stratum_of(lean * unit, unit) == stratum_of(lean)
    assert stratum_of(-lean) == 4 - stratum_of(lean)


def merged(parts: Iterable[GroupSums]) -> GroupSums:
    total: dict[Place, Cell] = {}
    for part in parts:
        for place, cell in part.items():
            before = total.get(place, Cell(0, 0))
            total[place] = Cell(before.n + cell.n, before.sx + cell.sx)
    return total


PEOPLE = in_groups(make_people(120, seed=44), seed=45)


@given(st.lists(st.integers(0, 120), max_size=4).map(sorted))
def test_merging_any_parts_gives_the_sums_of_the_whole(cuts: list[int]) -> None:
    parts = (
        PEOPLE[start:end] for start, end in zip([0, *cuts], [*cuts, 120], strict=True)
    )
    whole = add_up_groups(default_questionnaire(), "full", PEOPLE)
    assert (
        merged(add_up_groups(default_questionnaire(), "full", part) for part in parts)
        == whole
    )


def test_careless_too_few_and_people_without_groups_are_not_counted() -> None:
    answers = make_people(1, seed=46, skips=0)[0]
    people = [
        Finished(answers, outcome, None, groups=GROUPS[0])
        for outcome in ("careless", "too_few")
    ]
    assert (
        add_up_groups(
            default_questionnaire(), "full", [*people, Finished(answers, "close", None)]
        )
        == {}
    )
    assert add_up_groups(default_questionnaire(), "full", []) == {}


def test_shared_skill_that_was_skipped_takes_out_that_question_alone() -> None:
    answers = make_people(1, seed=47, skips=0)[0] | {"S2": None}
    found = add_up_groups(
        default_questionnaire(),
        "full",
        [Finished(answers, "close", None, groups=("phone", "", "site"))],
    )
    assert sorted({place.question for place in found}) == sorted(set(answers) - {"S2"})
    assert {(place.grouping, place.group) for place in found} == {
        ("device", "phone"),
        ("arrival", "site"),
    }


def test_short_form_has_groups_too() -> None:
    answers = dict.fromkeys(TRADE_OFF_IDS[:8], 3) | {
        f"E{number}": 2 for number in range(1, 5)
    }
    found = add_up_groups(
        default_questionnaire(),
        "short",
        [Finished(answers, "close", None, groups=("phone", "", ""))],
    )
    expected = {
        Place("device", "phone", question, 2): Cell(
            1, 2 if question.startswith("E") else 0
        )
        for question in answers
    }
    assert found == expected


def shifted(people: list[Finished], question: str, *, by: int) -> list[Finished]:
    """People on phones answer one question further to the right."""
    return [
        each._replace(
            answers=each.answers
            | {question: min((each.answers[question] or 3) + by, 5)}
        )
        if each.groups[0] == "phone"
        else each
        for each in people
    ]


def test_difference_equals_the_formula_of_the_document() -> None:
    people = shifted(
        in_groups(make_people(2500, seed=48, skips=0), seed=49), "T3", by=1
    )
    found = {
        (row.grouping, row.group, row.question): row
        for row in differences(default_questionnaire(), "full", groups_of(people))
    }
    for question in ("T3", "T4", "E2", "S5"):
        values = by_hand(people, question)
        phones, computers = values["device", "phone"], values["device", "computer"]
        weighted = sum(
            len(phones[s]) * (plain.mean(phones[s]) - plain.mean(computers[s]))
            for s in phones
        )
        row = found["device", "phone", question]
        assert row.value == pytest.approx(weighted / sum(map(len, phones.values())))
        assert (row.people, row.reference_people) == (
            sum(map(len, phones.values())),
            sum(map(len, computers.values())),
        )
        assert row.reference == "computer"
    assert found["device", "phone", "T3"].alarm is not None
    assert found["device", "phone", "T4"].alarm is None


def groups_of(people: list[Finished]) -> GroupSums:
    return add_up_groups(default_questionnaire(), "full", people)


def cells(group: str, n: int, sx: int, stratum: int = 2) -> dict[Place, Cell]:
    return {Place("device", group, "T1", stratum): Cell(n, sx)}


@pytest.mark.parametrize(
    ("sx", "alarm"),
    [
        (50, None),
        (-50, None),
        (51, ("differs", 0.25)),
        (-80, ("differs", 0.25)),
        (81, ("differs_much", 0.40)),
        (-81, ("differs_much", 0.40)),
    ],
)
def test_alarm_comes_just_beyond_its_limit_and_the_graver_one_alone(
    sx: int, alarm: tuple[str, float] | None
) -> None:
    (row,) = differences(
        default_questionnaire(),
        "full",
        cells("computer", 300, 0) | cells("phone", 200, sx),
    )
    assert row.value == sx / 200
    assert (row.alarm and (row.alarm.statistic, row.alarm.limit)) == alarm
    assert row.alarm is None or (row.alarm.value, row.alarm.place) == (row.value, "T1")


def test_group_below_two_hundred_people_is_not_compared() -> None:
    assert (
        differences(
            default_questionnaire(),
            "full",
            cells("computer", 300, 0) | cells("phone", 199, 99),
        )
        == ()
    )
    assert differences(default_questionnaire(), "full", cells("computer", 300, 0)) == ()
    assert differences(default_questionnaire(), "full", {}) == ()


def test_stratum_without_people_of_one_group_tells_nothing() -> None:
    apart = cells("computer", 300, 0, 0) | cells("phone", 250, 250, 4)
    assert differences(default_questionnaire(), "full", apart) == ()
    (row,) = differences(
        default_questionnaire(), "full", apart | cells("phone", 50, 10, 0)
    )
    assert (row.value, row.people) == (0.2, 300)


def test_largest_group_is_the_reference_and_of_equals_the_first_by_name() -> None:
    sums = cells("tablet", 200, 0) | cells("computer", 200, 0) | cells("phone", 200, 0)
    rows = differences(default_questionnaire(), "full", sums)
    assert [(row.group, row.reference) for row in rows] == [
        ("phone", "computer"),
        ("tablet", "computer"),
    ]
