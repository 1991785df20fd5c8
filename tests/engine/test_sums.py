"""The additive sums against plain loops over every single answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from random import Random

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.engine.scales import (
    BUTTONS,
    SHARED_SKILLS,
    TRADE_OFFS,
    Item,
    form_scales,
)
from assessments.engine.sums import (
    Finished,
    ItemSums,
    Sums,
    add_up,
    bucket_of,
    dropout_sums,
    lean_of,
)
from tests.support.engine.cases import Answers, Json, make_questionnaire
from tests.support.engine.people import (
    PEOPLE,
    SCALE_IDS,
    TRADE_OFF_IDS,
    finished,
    make_people,
    plainly,
)


@pytest.fixture(scope="module")
def people() -> list[Answers]:
    return make_people(PEOPLE, seed=11)


@pytest.fixture(scope="module")
def sums(people: list[Answers]) -> Sums:
    return add_up(default_questionnaire(), "full", finished(people))


@pytest.mark.parametrize("name", SCALE_IDS)
def test_sums_are_those_of_a_plain_loop(
    name: str, people: list[Answers], sums: Sums
) -> None:
    scale = plainly(people, SCALE_IDS[name])
    columns = list(scale.items.values())
    odd, even = (
        [sum(row) for row in zip(*columns[start::2], strict=True)] for start in (0, 1)
    )
    its = sums.scales[name]
    assert (its.n, its.st, its.stt) == (
        len(scale.totals),
        sum(scale.totals),
        sum(t * t for t in scale.totals),
    )
    assert (its.s_odd, its.s_even) == (sum(odd), sum(even))
    assert (its.s_odd_odd, its.s_even_even) == (
        sum(o * o for o in odd),
        sum(e * e for e in even),
    )
    assert its.s_odd_even == sum(o * e for o, e in zip(odd, even, strict=True))
    for question, values in scale.items.items():
        answered = Counter(answers[question] for answers in people)
        first = 1 if name == TRADE_OFFS else 0
        assert sums.items[question] == ItemSums(
            len(values),
            sum(values),
            sum(x * x for x in values),
            sum(x * t for x, t in zip(values, scale.totals, strict=True)),
            *(answered[first + option] for option in range(5)),
            skips=answered[None],
            reached=PEOPLE,
        )


def test_leans_are_counted_exactly_for_those_who_skip_nothing_that_moves_them(
    people: list[Answers], sums: Sums
) -> None:
    few = people[:1500]
    moving = [
        question
        for name, ids in SCALE_IDS.items()
        if name != SHARED_SKILLS
        for question in ids
    ]
    complete = [answers for answers in few if None not in map(answers.get, moving)]
    scored = (
        score(default_questionnaire(), answers, form="full").scores
        for answers in complete
    )
    expected = Counter(str(each.lean) for each in scored if each)
    assert add_up(default_questionnaire(), "full", finished(few)).leans == expected
    assert all(str(Fraction(lean)) == lean for lean in sums.leans)


def test_merging_in_any_order_and_any_parts_gives_the_same_sums(
    people: list[Answers],
) -> None:
    few = [
        Finished(answers, chance, 30 * chance_number)
        for chance_number, (answers, chance) in enumerate(mixed(people[:300]), 1)
    ]
    whole = add_up(default_questionnaire(), "full", few)
    chance = Random(3)
    for _ in range(20):
        cuts = sorted(chance.sample(range(301), 5))
        parts = [
            few[start:end] for start, end in zip([0, *cuts], [*cuts, 300], strict=True)
        ]
        chance.shuffle(parts)
        merged = Sums()
        for part in parts:
            merged = merged + add_up(default_questionnaire(), "full", part)
        assert merged == whole


def mixed(people: Iterable[Answers]) -> Iterable[tuple[Answers, str]]:
    """Every seventh is careless."""
    return (
        (answers, "careless" if number % 7 == 0 else "close")
        for number, answers in enumerate(people)
    )


def test_careless_and_too_few_are_outcomes_and_nothing_else(
    people: list[Answers],
) -> None:
    sums = add_up(
        default_questionnaire(),
        "full",
        [*finished(people[:3], "careless"), *finished(people[3:5], "too_few")],
    )
    assert sums == Sums(outcomes=Counter(careless=3, too_few=2))


def test_attempt_that_was_left_counts_up_to_the_first_question_without_an_answer() -> (
    None
):
    sums = dropout_sums(default_questionnaire(), "full", {"T1": 2, "T2": None, "T4": 3})
    assert {
        question: (item.reached, item.left_here)
        for question, item in sums.items.items()
    } == {"T1": (1, 0), "T2": (1, 0), "T3": (1, 1)}
    complete = dropout_sums(
        default_questionnaire(),
        "short",
        dict.fromkeys(TRADE_OFF_IDS[:8] + ["E1", "E2", "E3", "E4"], 2),
    )
    assert {item.left_here for item in complete.items.values()} == {0}
    assert len(complete.items) == 12


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0, 0), (1, 0), (2, 8), (255, 63), (256, 64), (3600, 94)]
)
def test_seconds_fall_into_buckets_of_an_eighth_of_a_doubling(
    seconds: int, bucket: int
) -> None:
    assert bucket_of(seconds) == bucket


def test_every_question_stands_in_one_scale_and_trade_offs_in_the_buttons_as_well() -> (
    None
):
    scales = form_scales(default_questionnaire(), "full")
    items: list[Item] = [item for scale in scales.scored for item in scale.items]
    assert sorted(item.id for item in items) == sorted(scales.ids)
    assert scales.buttons.name == BUTTONS
    assert {item.values for item in scales.buttons.items} == {(-2, -1, 0, 1, 2)}


def test_form_without_enjoyment_gives_no_lean() -> None:
    def drop_enjoyment(definition: Json) -> None:
        for section in definition["sections"]:
            section["in_short"] &= section["kind"] != "enjoyment"

    questionnaire = make_questionnaire(drop_enjoyment)
    answers = dict.fromkeys(TRADE_OFF_IDS, 1)
    assert lean_of(questionnaire, "short", answers) is None
