"""Statistics of few people, of odd forms and at their limits.

Their values are checked in test_against_numpy.py.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.consistency import lean_statistics, proposed
from assessments.engine.quality import quality
from assessments.engine.scales import form_scales
from assessments.engine.statistics import (
    Estimate,
    mean_of_sums,
    scale_statistics,
    share,
    split_half,
    suppress_small_counts,
)
from assessments.engine.sums import ScaleSums, Sums, add_up
from tests.support.engine.cases import make_answers, make_questionnaire
from tests.support.engine.people import finished, make_people


@pytest.fixture(scope="module")
def sums() -> Sums:
    return add_up(default_questionnaire(), "full", finished(make_people(3000, seed=11)))


def close_to(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def scale_of_name(name: str) -> object:
    return next(
        scale
        for scale in form_scales(default_questionnaire(), "full").scored
        if scale.name == name
    )


def test_figures_of_the_default_form_are_of_the_size_that_the_simulation_gives(
    sums: Sums,
) -> None:
    found = lean_statistics(default_questionnaire(), "full", sums)
    assert 0.6 < found.reliability < 0.95
    again = found.other_questions
    assert 0.6 < again.share.low < again.share.value < again.share.high < 0.95
    assert 0.4 < again.kappa.low < again.kappa.value < again.kappa.high < 0.9
    assert found.another_day is None


@pytest.mark.parametrize("form", ["full", "short"])
def test_nobody_and_one_person_are_safe(form: str) -> None:
    questionnaire = default_questionnaire()
    one = make_answers("1442 2315 3452", "4232 3132", "33243")
    ids = {question.id for question in questionnaire.questions_of(form)}
    for people in (
        [],
        [{question: answer for question, answer in one.items() if question in ids}],
    ):
        sums = add_up(questionnaire, form, finished(people))
        found = quality(questionnaire, form, sums)
        assert [item.item.id for item in found.items] == [
            question.id for question in questionnaire.questions_of(form)
        ]
        assert [
            (item.mean, item.sd, item.options, item.skipped, item.item_rest)
            for item in found.items
        ] == [(None,) * 5] * len(ids)
        assert [
            (scale.mean, scale.alpha, scale.split_half, scale.error_variance)
            for scale in found.scales
        ] == [(None,) * 4] * len(found.scales)
        assert (
            found.side,
            found.lean.se,
            found.lean.reliability,
            found.median_seconds,
            found.alarms,
        ) == (None, None, None, None, ())


def test_people_who_all_answer_alike_have_no_correlation_and_no_alpha() -> None:
    people = [make_answers("1" * 12, "2" * 8, "3" * 5)] * 400
    found = quality(
        default_questionnaire(),
        "full",
        add_up(default_questionnaire(), "full", finished(people)),
    )
    assert (
        {item.item_rest for item in found.items}
        == {item.alpha_without for item in found.items}
        == {None}
    )
    assert {
        (scale.alpha, scale.split_half, scale.error_variance) for scale in found.scales
    } == {(None, None, 0)}
    assert (found.lean.se, found.lean.reliability, found.lean.other_questions) == (
        0.0,
        None,
        None,
    )


def test_halves_that_mirror_each_other_have_no_split_half() -> None:
    mirrored = ScaleSums(
        n=300, s_odd=0, s_even=0, s_odd_odd=300, s_even_even=300, s_odd_even=-300
    )
    assert split_half(mirrored) is None
    assert split_half(ScaleSums(n=1, s_odd=3, s_odd_odd=9)) is None


@pytest.mark.parametrize(("n", "given"), [(299, False), (300, True)])
def test_error_variance_is_given_from_300_people_on(n: int, given: bool) -> None:
    sums = add_up(
        default_questionnaire(), "full", finished(make_people(n, seed=5, skips=0))
    )
    found = lean_statistics(default_questionnaire(), "full", sums)
    assert [
        each is not None
        for each in (
            found.v_trade_off,
            found.v_enjoyment,
            found.se,
            found.reliability,
            found.other_questions,
        )
    ] == [given] * 5


@pytest.mark.parametrize(
    ("n", "item", "scale"),
    [
        (29, (0, 0, 0, 0), (0, 0)),
        (30, (1, 0, 0, 0), (0, 0)),
        (100, (1, 1, 1, 0), (1, 0)),
        (200, (1, 1, 1, 1), (1, 1)),
    ],
)
def test_statistics_wait_for_their_number_of_people(
    n: int, item: tuple[int, ...], scale: tuple[int, ...]
) -> None:
    sums = add_up(
        default_questionnaire(), "full", finished(make_people(n, seed=6, skips=0))
    )
    found = quality(default_questionnaire(), "full", sums)
    first = found.items[0]
    assert (
        tuple(
            each is not None
            for each in (
                first.mean,
                first.skipped,
                first.item_rest,
                first.alpha_without,
            )
        )
        == item
    )
    assert (
        tuple(
            each is not None for each in (found.scales[0].mean, found.scales[0].alpha)
        )
        == scale
    )
    assert found.lean.v_trade_off is None


def test_constants_are_proposed_by_the_full_form_alone() -> None:
    short = {question.id for question in default_questionnaire().questions_of("short")}
    people = [
        {question: answer for question, answer in each.items() if question in short}
        for each in make_people(300, seed=5, skips=0)
    ]
    found = lean_statistics(
        default_questionnaire(),
        "short",
        add_up(default_questionnaire(), "short", finished(people)),
    )
    assert found.v_trade_off is not None
    assert (found.proposed_v_trade_off, found.proposed_v_enjoyment) == (None, None)


@pytest.mark.parametrize(
    ("variance", "constant"),
    [
        ("5/4", "5/4"),
        ("1251/1000", "13/10"),
        ("1/2", "3/4"),
        ("3/4", "3/4"),
        ("2", "2"),
        ("201/100", "2"),
        ("19/10", "19/10"),
    ],
)
def test_proposed_constant_is_the_next_twentieth_within_its_bounds(
    variance: str, constant: str
) -> None:
    assert proposed(Fraction(variance)) == Fraction(constant)


def test_share_has_the_wilson_interval_and_says_whether_it_may_be_shown() -> None:
    found = share(10, 100)
    assert (found.value, found.low, found.high) == (
        0.1,
        pytest.approx(0.05522914),
        pytest.approx(0.17436566),
    )
    assert found.displayed
    assert not share(9, 100).displayed
    assert share(0, 50).low == 0
    assert share(50, 50).high == 1
    assert share(0, 0) is None


def test_mean_of_one_person_is_none() -> None:
    assert mean_of_sums(1, 3, 9) is None


def test_form_without_enjoyment_of_one_role_has_no_lean() -> None:
    def drop(definition: dict) -> None:
        for section in definition["sections"]:
            if section["kind"] == "enjoyment":
                section["questions"] = [
                    question
                    for question in section["questions"]
                    if int(question["id"][1:]) % 2
                ]

    questionnaire = make_questionnaire(drop)
    people = [
        {
            question: answer
            for question, answer in each.items()
            if question not in ("E2", "E4", "E6", "E8")
        }
        for each in make_people(300, seed=8)
    ]
    sums = add_up(questionnaire, "full", finished(people))
    assert not sums.leans
    assert lean_statistics(questionnaire, "full", sums).se is None


def test_single_item_scale_has_totals_and_no_alpha() -> None:
    def keep_one(definition: dict) -> None:
        for section in definition["sections"]:
            if section["kind"] == "shared":
                section["questions"] = section["questions"][:1]

    questionnaire = make_questionnaire(keep_one)
    people = [
        {
            question: answer
            for question, answer in each.items()
            if question not in ("S2", "S3", "S4", "S5")
        }
        for each in make_people(300, seed=9)
    ]
    sums = add_up(questionnaire, "full", finished(people))
    shared = scale_statistics(form_scales(questionnaire, "full").shared, sums)
    assert shared.mean.value == close_to(sums.items["S1"].sx / sums.items["S1"].n)
    assert (shared.alpha, shared.split_half, shared.error_variance) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([], ()),
        ([10, 25], (True, True)),
        ([9, 25], (False, False)),  # 25 of 34 would give the 9 away
        ([9, 10, 25], (False, False, True)),
        ([5, 6, 25], (False, False, True)),
        ([0, 3], (False, False)),
    ],
)
def test_small_counts_cannot_be_worked_out_from_the_others(
    parts: list[int], shown: tuple[bool, ...]
) -> None:
    assert suppress_small_counts(parts) == shown


def test_figure_is_rounded_as_its_number_of_people_allows() -> None:
    for people, rounded in ((30, 0.1), (300, 0.12), (3000, 0.123)):
        assert Estimate(0.1234, 0.1, 0.2, people).rounded == rounded
