"""Same side again: what the sums say, against simulated people who do answer twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from random import Random

import numpy as np
import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.engine.consistency import (
    Agreement,
    band_agreement,
    lean_statistics,
    named_from_squared,
    proposed,
)
from assessments.engine.quality import Quality, quality
from assessments.engine.scales import form_scales
from assessments.engine.simulation import simulate
from assessments.engine.statistics import Estimate
from assessments.engine.sums import Finished, Sums, add_up
from tests.support.engine.cases import Json, make_questionnaire
from tests.support.engine.people import finished
from tests.support.engine.two_sittings import Sittings, same_side, two_sittings

RUNS = range(20)
OF_TRUTH = 100_000  # a sampling error of .0015
NEAR = 0.03


def named_from(form: str = "full") -> float:
    questionnaire = default_questionnaire()
    lean = form_scales(questionnaire, form).lean
    return sqrt(named_from_squared(questionnaire.constants, lean.se_squared))


@lru_cache(maxsize=1)
def with_outcomes() -> list[list[Finished]]:
    """In each run, 1,000 people whose questionnaire works as it should."""
    questionnaire = default_questionnaire()
    return [
        [
            Finished(answers, score(questionnaire, answers, form="full").outcome, 300)
            for answers in two_sittings(
                questionnaire, "full", count=1000, seed=run, same_statements=False
            )[0].people()
        ]
        for run in RUNS
    ]


def quality_of(people: list[Finished]) -> Quality:
    questionnaire = default_questionnaire()
    return quality(questionnaire, "full", add_up(questionnaire, "full", people))


def retests(first: Sittings, second: Sittings) -> Sums:
    changes = (second.leans - first.leans).round(6).tolist()
    return Sums(retests=Counter(str(Fraction(change)) for change in changes))


def test_people_who_answer_twice_are_those_of_the_simulation() -> None:
    questionnaire = default_questionnaire()
    first, _ = two_sittings(
        questionnaire, "full", count=OF_TRUTH, seed=1, same_statements=True
    )
    expected = simulate(questionnaire, form="full", people=5000, seed=1)
    answers = first.people(slice(5000))
    named = sum(
        score(questionnaire, each, form="full").outcome.startswith(("clear", "lean"))
        for each in answers
    )
    assert named / 50 == pytest.approx(
        expected.clear_share + expected.leans_share, abs=2
    )
    answers = answers[:5]
    assert [
        float(score(questionnaire, each, form="full").scores.lean) for each in answers
    ] == pytest.approx(first.leans[:5].tolist())


def test_other_questions_are_within_three_points_of_the_truth_at_1000_people() -> None:
    share, kappa = same_side(
        *(
            sitting.leans
            for sitting in two_sittings(
                default_questionnaire(),
                "full",
                count=OF_TRUTH,
                seed=2,
                same_statements=False,
            )
        ),
        named_from(),
    )
    assert (0.69 < share < 0.73, 0.54 < kappa < 0.58) == (True, True)
    found = [quality_of(people).lean.other_questions for people in with_outcomes()]
    assert [each.share.value for each in found] == pytest.approx(
        [share] * len(RUNS), abs=NEAR
    )
    # Enjoyment errs on the side of caution, and by no more than this.
    assert np.mean([each.share.value for each in found]) == pytest.approx(
        share, abs=0.015
    )
    assert np.mean([each.kappa.value for each in found]) == pytest.approx(
        kappa, abs=NEAR
    )
    # A 95 % interval, less what caution costs.
    held = sum(each.share.low <= share <= each.share.high for each in found)
    assert held >= 15


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("day_sd", [0, 0.8])
def test_another_day_is_within_three_points_of_the_truth(
    form: str, day_sd: float
) -> None:
    questionnaire = default_questionnaire()

    def sittings(count: int, seed: int) -> tuple[Sittings, Sittings]:
        return two_sittings(
            questionnaire,
            form,
            count=count,
            seed=seed,
            same_statements=True,
            day_sd=day_sd,
        )

    truth = same_side(*(each.leans for each in sittings(OF_TRUTH, 3)), named_from(form))
    first, second = sittings(1000, 4)
    sums = add_up(questionnaire, form, finished(first.people()))
    found = lean_statistics(questionnaire, form, sums + retests(first, second))
    assert found.another_day.share.value == pytest.approx(truth[0], abs=NEAR)
    assert found.another_day.kappa.value == pytest.approx(truth[1], abs=0.05)
    assert (found.other_questions is None) == (form == "short")


@pytest.mark.parametrize("count", [300, 1000])
def test_questionnaire_that_works_raises_no_alarm_of_agreement_and_one_at_most(
    count: int,
) -> None:
    alarms = [
        [(alarm.statistic, alarm.place) for alarm in quality_of(people[:count]).alarms]
        for people in with_outcomes()
    ]
    assert [
        run for run in alarms if {"agreement", "kappa"} & {name for name, _ in run}
    ] == []
    assert [run for run in alarms if len(run) > 1] == []


def clicking(share: int) -> Quality:
    """Quality of 300 people of whom so many in 100 click at random."""
    people = [person.answers for person in with_outcomes()[0][:300]]
    chance = Random(6)
    return quality_of(
        finished(
            {
                question: chance.randrange(5) + (question[0] == "T")
                for question in answers
            }
            if number < 3 * share
            else answers
            for number, answers in enumerate(people)
        )
    )


@pytest.mark.parametrize(
    ("share", "raised"), [(0, set()), (15, set()), (50, {"agreement", "kappa"})]
)
def test_alarm_waits_until_the_whole_interval_is_below_the_limit(
    share: int, raised: set[str]
) -> None:
    found = clicking(share)
    names = {alarm.statistic for alarm in found.alarms}
    assert names & {"agreement", "kappa"} == raised
    kappa = found.lean.other_questions.kappa
    assert (kappa.value < 0.5, kappa.high < 0.5) == (share > 0, bool(raised))


def again(leans: Counter[str], **changes: Fraction | int) -> Agreement | None:
    return band_agreement(
        leans,
        **{"error_variance": Fraction(62), "people": 300, "named_from_squared": 116}
        | changes,
    )


def test_agreement_that_the_shares_of_the_bands_explain_has_a_small_kappa() -> None:
    chance = Random(7)
    leans = Counter(str(round(chance.gauss(30, 10))) for _ in range(3000))
    found = again(leans)
    assert found.share.low > 0.93
    assert found.kappa.high < 0.4
    assert again(Counter({"90": 200, "80": 200}), error_variance=1) == Agreement(
        Estimate(1.0, 1.0, 1.0, 400), Estimate(0.0, 0.0, 0.0, 400)
    )


@pytest.mark.parametrize(
    ("leans", "error"),
    [
        (Counter({"5": 150, "-5": 149}), 62),
        (Counter({"5": 300}), 62),
        (Counter({"5": 150, "-5": 150}), 0),
        (Counter({"5": 150, "-5": 150}), None),
    ],
)
def test_nothing_is_said_of_few_people_of_no_spread_and_of_no_error(
    leans: Counter[str], error: int | None
) -> None:
    assert again(leans, error_variance=error) is None


def test_error_as_large_as_the_spread_leaves_the_shares_of_the_bands() -> None:
    leans = Counter({"20": 150, "0": 100, "-20": 150})
    for error in (500, 50_000):
        found = again(leans, error_variance=error)
        assert found.kappa.value == pytest.approx(0, abs=1e-9)


def lines_of(question: str) -> set[str]:
    [found] = (
        each
        for each in default_questionnaire().questions_of("full")
        if each.id == question
    )
    return {statement.strength for statement in found.statements}


def test_halves_ask_about_the_same_lines_in_other_questions() -> None:
    ids = [
        item.id
        for item in form_scales(default_questionnaire(), "full").asked_twice.items
    ]
    halves = ids[::2], ids[1::2]
    first, second = ([lines_of(question) for question in half] for half in halves)
    assert (len({*ids}), len(first), len(second)) == (8, 4, 4)
    assert set().union(*first) == set().union(*second)
    assert len(set().union(*first)) == 8
    assert form_scales(default_questionnaire(), "short").asked_twice.items == ()


def asked_twice(change: Callable[[Json], object]) -> list[str]:
    """The ids of the scale in a changed default form."""
    scales = form_scales(make_questionnaire(change), "full")
    return [item.id for item in scales.asked_twice.items]


def trade_offs(definition: Json) -> list[list[Json]]:
    """The trade-offs, by section."""
    return [
        section["questions"]
        for section in definition["sections"]
        if section["kind"] == "trade_off"
    ]


def test_halves_are_alike_in_any_order_of_the_questions() -> None:
    for seed in range(20):

        def shuffle(definition: Json, seed: int = seed) -> None:
            first, _, last = trade_offs(definition)
            questions = first + last
            Random(seed).shuffle(questions)
            first[:], last[:] = questions[:4], questions[4:]

        ids = asked_twice(shuffle)
        assert sorted(ids) == sorted(
            [f"T{number}" for number in (1, 2, 3, 4, 9, 10, 11, 12)]
        )
        for half in (ids[::2], ids[1::2]):
            assert len(set().union(*map(lines_of, half))) == 8


def test_lines_that_face_a_line_with_another_number_of_trade_offs_are_left_out() -> (
    None
):
    assert asked_twice(lambda definition: trade_offs(definition)[-1].pop()) == []


def test_trade_off_of_one_line_with_itself_is_left_out() -> None:
    def face_itself(definition: Json) -> None:
        _, interests, last = trade_offs(definition)
        del last[1:]
        for statement in (last[0]["project"], last[0]["product"]):
            statement["strength"] = interests[0]["project"]["strength"]
        interests.pop(0)

    assert asked_twice(face_itself) == []


def test_one_sitting_widens_the_constants_and_only_retests_narrow_them() -> None:
    questionnaire = make_questionnaire(v_trade_off="3/2", v_enjoyment="3/4")
    people = [person.answers for person in with_outcomes()[0]]
    sums = add_up(questionnaire, "full", finished(people))
    found = lean_statistics(questionnaire, "full", sums)
    assert found.v_trade_off < Fraction(5, 4)
    assert found.v_enjoyment > Fraction(3, 4)
    widened = found.proposed_v_trade_off, found.proposed_v_enjoyment
    assert widened == (Fraction(3, 2), proposed(found.v_enjoyment))
    for pairs, v_trade_off in ((49, Fraction(3, 2)), (50, proposed(found.v_trade_off))):
        steady = Sums(retests=Counter({"5": pairs, "-5": pairs}))
        found = lean_statistics(questionnaire, "full", sums + steady)
        assert (found.proposed_v_trade_off, found.proposed_v_enjoyment) == (
            v_trade_off,
            widened[1],
        )
