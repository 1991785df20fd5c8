"""Alarms: each comes just beyond its limit and not at it; too few people raise none."""

from __future__ import annotations

from collections import Counter

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.quality import (
    Alarm,
    median_seconds,
    outcome_statistics,
    quality,
    shifts,
)
from assessments.engine.statistics import share
from assessments.engine.sums import Finished, ItemSums, Sums, add_up, bucket_of
from tests.support.engine.cases import SIDES, Answers
from tests.support.engine.people import finished, make_people


def alarms_of(people: list[Answers]) -> set[tuple[str, str]]:
    found = quality(
        default_questionnaire(),
        "full",
        add_up(default_questionnaire(), "full", finished(people)),
    )
    return {(alarm.statistic, alarm.place) for alarm in found.alarms}


def alarms_of_outcomes(**outcomes: int) -> list[tuple[str, float]]:
    found = quality(default_questionnaire(), "full", Sums(outcomes=Counter(outcomes)))
    return [(alarm.statistic, alarm.limit) for alarm in found.alarms]


def test_sound_answers_raise_no_alarm_of_scales_or_lean() -> None:
    raised = {statistic for statistic, _ in alarms_of(make_people(2000, seed=21))}
    assert not raised & {
        "alpha",
        "side",
        "v_trade_off",
        "v_enjoyment",
        "reliability",
        "item_rest",
        "alpha_gain",
        "skipped",
    }


def test_question_answered_against_its_scale_is_named_with_its_faults() -> None:
    people = make_people(2000, seed=22, skips=0)
    turned = [{**answers, "T3": 6 - (answers["T3"] or 3)} for answers in people]
    raised = alarms_of(turned)
    assert {("item_rest", "T3"), ("alpha_gain", "T3")} <= raised
    assert not {("item_rest", "T4"), ("alpha_gain", "T4")} & raised
    found = quality(
        default_questionnaire(),
        "full",
        add_up(default_questionnaire(), "full", finished(turned)),
    )
    assert found.items[2].item_rest < 0


def test_statement_that_nearly_all_prefer_raises_three_alarms() -> None:
    people = [
        {**answers, "T1": 1 if number % 40 else 2}
        for number, answers in enumerate(make_people(400, seed=23, skips=0))
    ]
    assert {("mean", "T1"), ("sd", "T1"), ("rarest_option", "T1")} <= alarms_of(people)


@pytest.mark.parametrize(
    ("question", "buttons", "count", "raised"),
    [
        ("S1", "1234", 400, False),
        ("S1", "0123", 400, True),
        ("E1", "1234", 400, True),
        # Of so few people, nine who wait to be shown may be more than 3 %.
        ("E1", "1234", 280, False),
    ],
)
def test_answer_never_may_be_rare_where_both_roles_need_the_skill(
    question: str, buttons: str, count: int, raised: bool
) -> None:
    people = [
        {**answers, question: int(buttons[number % 4])}
        for number, answers in enumerate(make_people(count, seed=30, skips=0))
    ]
    assert (("rarest_option", question) in alarms_of(people)) is raised


def test_question_that_most_answer_in_the_middle_is_named() -> None:
    people = make_people(100, seed=24, skips=0)
    for middle, raised in ((50, False), (51, True)):
        changed = [
            {
                **answers,
                "T2": 3 if number < middle else (1, 2, 4, 5)[number % 4],
                "S1": 2 if number < middle else (0, 1, 3, 4)[number % 4],
            }
            for number, answers in enumerate(people)
        ]
        found = alarms_of(changed)
        assert (("middle", "T2") in found) is raised
        assert (("middle", "S1") in found) is raised


def test_question_that_many_skip_is_named() -> None:
    people = make_people(200, seed=25, skips=0)
    for skips, raised in ((10, False), (11, True)):
        changed = [
            {**answers, "E4": None if number < skips else answers["E4"]}
            for number, answers in enumerate(people)
        ]
        assert (("skipped", "E4") in alarms_of(changed)) is raised


def test_all_product_statements_more_attractive_raises_the_form_mean_and_no_side() -> (
    None
):
    def liked(answers: Answers) -> Answers:
        nearer = {
            f"T{number}": 1 if side == "L" else -1
            for number, side in enumerate(SIDES, 1)
        }
        return answers | {
            question: min(max((answers[question] or 3) + step, 1), 5)
            for question, step in nearer.items()
        }

    raised = alarms_of(
        [liked(answers) for answers in make_people(300, seed=26, skips=0)]
    )
    assert ("form_mean", "trade_offs") in raised
    assert ("side", "full") not in raised


def test_pull_to_the_right_button_raises_the_side() -> None:
    def pulled(answers: Answers) -> Answers:
        return {
            question: min(answer + 1, 5) if question.startswith("T") else answer
            for question, answer in answers.items()
            if answer is not None
        }

    assert ("side", "full") in alarms_of(
        [pulled(answers) for answers in make_people(300, seed=27, skips=0)]
    )


def test_answers_without_any_connection_raise_alpha_item_rest_and_reliability() -> None:
    people = make_people(25 * 400, seed=28, skips=0)
    # Another person answers each question: shares stay, and all connections go.
    questions = list(people[0])
    scattered = [
        {
            question: people[25 * number + place][question]
            for place, question in enumerate(questions)
        }
        for number in range(400)
    ]
    raised = {statistic for statistic, _ in alarms_of(scattered)}
    assert {"alpha", "item_rest", "reliability"} <= raised


@pytest.mark.parametrize(
    ("question", "left_here", "raised"),
    [("T1", 8, 0), ("T1", 9, 1), ("T2", 3, 0), ("T2", 4, 1)],
)
def test_question_where_many_leave_is_named_and_the_first_may_lose_more(
    question: str, left_here: int, raised: int
) -> None:
    sums = Sums(items={question: ItemSums(reached=100, left_here=left_here)})
    found = quality(default_questionnaire(), "full", sums).alarms
    assert [(alarm.statistic, alarm.place) for alarm in found] == [
        ("left_first" if question == "T1" else "left_here", question)
    ] * raised


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({"close": 44, "both": 1, "lean_project": 30, "lean_product": 25}, []),
        (
            {"close": 44, "both": 2, "lean_project": 30, "lean_product": 24},
            [("undecided", 0.45)],
        ),
        ({"close": 10, "lean_project": 60, "lean_product": 30}, []),
        ({"close": 9, "lean_project": 60, "lean_product": 31}, [("undecided", 0.10)]),
        ({"close": 30, "low_both": 60, "careless": 10}, []),
        ({"close": 30, "low_both": 59, "careless": 11}, [("careless", 0.10)]),
        (
            {
                "close": 30,
                "clear_project": 100,
                "lean_project": 50,
                "clear_product": 50,
            },
            [],
        ),
        (
            {
                "close": 30,
                "clear_project": 100,
                "lean_project": 51,
                "clear_product": 49,
            },
            [("one_role", 0.75)],
        ),
        ({"close": 30, "clear_project": 49, "lean_product": 151}, [("one_role", 0.75)]),
        ({"close": 99}, []),
    ],
)
def test_outcomes_raise_beyond_their_limits_alone(
    outcomes: dict[str, int], expected: list[tuple[str, float]]
) -> None:
    assert alarms_of_outcomes(**outcomes) == expected


def test_outcome_shares_have_their_own_wholes() -> None:
    found = outcome_statistics(
        Counter(close=50, both=50, clear_project=60, lean_product=140, careless=100)
    )
    assert found.of_all == {
        "close": share(50, 400),
        "both": share(50, 400),
        "clear_project": share(60, 400),
        "lean_product": share(140, 400),
        "careless": share(100, 400),
    }
    assert (found.undecided, found.careless, found.first_role) == (
        share(100, 300),
        share(100, 400),
        share(60, 200),
    )


def test_outcome_that_shifts_from_week_to_week_is_named() -> None:
    before = Counter(close=300, both=700)
    assert shifts(before, Counter(close=345, both=655)) == ()  # 4.5 points
    found = shifts(before, Counter(close=400, both=600))
    assert found == (
        Alarm("shift", pytest.approx(-0.1), 0.05, "both", decimals=3),
        Alarm("shift", pytest.approx(0.1), 0.05, "close", decimals=3),
    )
    assert (
        shifts(Counter(close=30, both=70), Counter(close=42, both=58)) == ()
    )  # 12 points of 100 people may be chance
    assert shifts(Counter(close=99), Counter(both=1000)) == ()


@pytest.mark.parametrize("seconds", [5, 130, 260, 1000])
def test_median_of_the_histogram_is_within_its_bucket(seconds: int) -> None:
    found = median_seconds(
        Counter({bucket_of(seconds): 60, bucket_of(1): 20, bucket_of(9000): 20})
    )
    assert found == pytest.approx(seconds, rel=0.1)
    assert median_seconds(Counter({bucket_of(seconds): 49})) is None


def test_full_form_that_takes_long_raises_and_short_does_not_ask() -> None:
    slow = Sums(seconds=Counter({bucket_of(600): 50}))
    assert [
        alarm.statistic
        for alarm in quality(default_questionnaire(), "full", slow).alarms
    ] == ["seconds"]
    assert quality(default_questionnaire(), "short", slow).alarms == ()


def test_unknown_seconds_are_not_counted() -> None:
    assert (
        add_up(default_questionnaire(), "short", [Finished({}, "close", None)]).seconds
        == Counter()
    )


def test_alarm_of_a_share_tells_whether_it_counts_enough_people_to_be_shown() -> None:
    for left_here, displayed in ((9, False), (10, True)):
        found = quality(
            default_questionnaire(),
            "full",
            Sums(items={"T2": ItemSums(reached=100, left_here=left_here)}),
        ).alarms
        assert [(alarm.people, alarm.displayed) for alarm in found] == [
            (left_here, displayed)
        ]
