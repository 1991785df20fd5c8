"""Every rule of docs/instrument.md section 2.5 on both sides of its limit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import ScoredAnswers, longest_run, score
from tests.support.engine.cases import make_answers, make_questionnaire, make_trade_offs

WILLING = "2222 2222"  # neither low nor high enjoyment, in both roles alike


def result(
    steps: str,
    enjoyment: str = WILLING,
    shared: str = "",
    *,
    form: str = "full",
    seconds: int | None = None,
    **constants: str,
) -> ScoredAnswers:
    questionnaire = (
        make_questionnaire(**constants) if constants else default_questionnaire()
    )
    return score(
        questionnaire,
        make_answers(make_trade_offs(steps), enjoyment, shared),
        form=form,
        seconds=seconds,
    )


def reply(*args: Any, **kwargs: Any) -> dict[str, Any]:
    return result(*args, **kwargs).reply()


@pytest.mark.parametrize(
    ("form", "steps", "enjoyment", "outcome"),
    [
        ("full", "JDJDJDJD----", WILLING, "too_few"),
        ("full", "JDJDJDJD=---", WILLING, "close"),
        ("full", "JDJDJDJDJD==", "22222-2-", "too_few"),
        ("full", "JDJDJDJDJD==", "22222-22", "close"),
        ("full", "JDJDJDJDJD==", "2222-2-2", "too_few"),
        ("short", "JDJD=---", "2222", "too_few"),
        ("short", "JDJD==--", "2--2", "close"),
        ("short", "JDJD====", "2-2-", "too_few"),
        ("short", "JDJD====", "-2-2", "too_few"),
    ],
)
def test_too_few_answers_end_where_the_least_are_given(
    form: str, steps: str, enjoyment: str, outcome: str
) -> None:
    assert result(steps, enjoyment, form=form).outcome == outcome


def test_too_few_answers_leave_everything_undefined() -> None:
    found = reply("JJJJJJJJ----")
    assert found["trade_offs_answered"] == 8
    assert {name for name, value in found.items() if value is None} == {
        *(
            "lean",
            "se_squared",
            "z_squared",
            "preference",
            "enjoyment",
            "fit",
            "strengths",
            "doing",
            "wanting",
            "shared_skills",
        ),
        *("to_close", "to_flip", "steps_to_close"),
    }
    assert (found["split"], found["scatter"], found["evidence"], found["against"]) == (
        False,
        False,
        [],
        [],
    )
    assert len(found["shown"]) == 16
    assert set(found["shown"].values()) == {None}


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(39, "careless"), (40, "close"), (0, "careless"), (None, "close")],
)
def test_careless_below_two_seconds_for_each_answer(
    seconds: int | None, outcome: str
) -> None:
    assert result("JDJDJDJDJD==", seconds=seconds).outcome == outcome


def test_seconds_count_answers_of_every_kind() -> None:
    assert result("JDJDJDJDJD--", "2222222-", "22---", seconds=37).outcome == "careless"
    assert result("JDJDJDJDJD--", "2222222-", "22---", seconds=38).outcome == "close"


@pytest.mark.parametrize(
    ("form", "trade_offs", "careless"),
    [
        ("full", "111111111555", True),
        ("full", "111111112555", False),
        ("full", "244444444455", True),
        ("full", "111111113111", False),
        ("full", "11111-111111", False),
        ("full", "333333333333", False),
        ("full", "1111 5555 1111", False),
        ("short", "11111112", True),
        ("short", "11111122", False),
        ("short", "2-555555", False),
        ("short", "25555555", True),
    ],
)
def test_careless_is_one_button_many_times_in_a_row(
    form: str, trade_offs: str, careless: bool
) -> None:
    answers = make_answers(trade_offs, "1234 1234" if form == "full" else "1234")
    assert (
        score(default_questionnaire(), answers, form=form).outcome == "careless"
    ) is careless


@pytest.mark.parametrize(
    ("buttons", "run"),
    [
        ({}, 0),
        ({"T1": 5, "T2": 5, "T3": 5}, 3),
        ({"T1": 5, "T2": None, "T3": 5, "T4": 5}, 2),
        ({"T1": 3, "T2": 3, "T3": 3}, 0),
        ({"T7": 1, "T8": 1, "T9": 1, "T10": 2, "T11": 2}, 3),
    ],
)
def test_longest_run_ends_at_a_skip_and_at_the_middle(
    buttons: dict[str, int | None], run: int
) -> None:
    assert longest_run(default_questionnaire(), buttons, form="full") == run


def test_too_few_comes_before_careless_and_careless_before_low() -> None:
    assert result("DJJD--------", "0000 0000", seconds=1).outcome == "too_few"
    assert result("JJJJJJJJJJJJ", "0000 0000", seconds=1).outcome == "careless"
    assert result("JJJJJJJJJJJJ", "0000 0000", seconds=999).outcome == "low_both"


@pytest.mark.parametrize(
    ("enjoyment", "outcome"),
    [
        ("2121 1111", "low_both"),
        ("2121 2111", "close"),
        ("1212 1112", "close"),
        ("1212 1111", "low_both"),
    ],
)
def test_low_in_both_up_to_three_eighths_of_the_points(
    enjoyment: str, outcome: str
) -> None:
    assert result("JDJDJD======", enjoyment).outcome == outcome


@pytest.mark.parametrize(
    ("enjoyment", "outcome"),
    [
        ("3232 2323", "both"),
        ("3232 2223", "close"),
        ("3232 1323", "close"),
        ("4444 4444", "both"),
    ],
)
def test_both_from_five_eighths_of_the_points_in_each(
    enjoyment: str, outcome: str
) -> None:
    assert result("JDJDJD======", enjoyment).outcome == outcome


def test_strong_lean_comes_before_both() -> None:
    assert result("JJJJJJ======", "4444 4444").outcome == "clear_project"


# Full form: 25/8 of lean a step, 25/16 a point of enjoyment, SE² = 10625/64.
def test_clear_begins_exactly_at_its_z_squared() -> None:
    above = result("JJJj========").scores
    assert above is not None
    assert above.z_squared == Fraction(49, 17)
    assert result("JJJj========", clear_z_squared="49/17").outcome == "clear_project"
    assert result("JJJj========", clear_z_squared="50/17").outcome == "lean_project"


def test_leans_begins_exactly_at_its_z_squared() -> None:
    below = result("ddD=========").scores
    assert below is not None
    assert below.z_squared == Fraction(16, 17)
    assert result("ddD=========", leans_z_squared="16/17").outcome == "lean_product"
    assert result("ddD=========", leans_z_squared="17/17").outcome == "close"


def test_default_cuts_lie_between_neighboring_leans() -> None:
    outcomes = [
        result(steps).outcome
        for steps in ("JJJj========", "JJJ=========", "jjjj========", "jjj=========")
    ]
    assert outcomes == ["clear_project", "lean_project", "lean_project", "close"]


def test_floors_hold_where_z_squared_alone_would_name() -> None:
    assert result("JJJj========", clear_floor="175/8").outcome == "clear_project"
    assert result("JJJj========", clear_floor="176/8").outcome == "lean_project"
    assert result("jjjj========", leans_floor="25/2").outcome == "lean_project"
    assert result("jjjj========", leans_floor="26/2").outcome == "close"


@pytest.mark.parametrize(
    ("z_squared_of", "word"),
    [
        ("leans_z_squared", "about 4 in 5"),
        ("clear_z_squared", "about 19 in 20"),
        ("sure_z_squared", "about 99 in 100"),
    ],
)
def test_certainty_word_begins_exactly_at_its_z_squared(
    z_squared_of: str, word: str
) -> None:
    order = ["leans_z_squared", "clear_z_squared", "sure_z_squared"]
    lower = dict.fromkeys(order[: order.index(z_squared_of)], "1/100") | dict.fromkeys(
        order[order.index(z_squared_of) :], "99"
    )
    for z_squared, same in (("49/17", True), ("491/170", False)):
        shown = reply("JJJj========", **(lower | {z_squared_of: z_squared}))["shown"]
        assert (shown["certainty"] == word) is same


def test_certainty_word_heeds_no_floor() -> None:
    found = reply("JJJj========", leans_floor="90", clear_floor="95")
    assert (found["outcome"], found["shown"]["certainty"]) == (
        "close",
        "about 19 in 20",
    )


def test_of_two_is_said_for_low_in_both_alone() -> None:
    low, high = "1111 1111", "2222 2222"
    assert reply("dddd========", low)["shown"]["of_two"] == "product-manager"
    assert reply("jjjj========", low)["shown"]["of_two"] == "project-manager"
    assert reply("jjj=========", low)["shown"]["of_two"] is None
    assert reply("jjjj========", high)["shown"]["of_two"] is None


def test_balanced_answers_lean_towards_nobody() -> None:
    found = reply("JDJD========")
    assert (found["lean"], found["shown"]["towards"], found["shown"]["band_90"]) == (
        "0",
        None,
        [-21, 21],
    )


@pytest.mark.parametrize(
    ("points", "word"),
    [
        ("100/3", "weak pull"),
        ("125/3", "some pull"),
        ("175/3", "some pull"),
        ("200/3", "strong pull"),
    ],
)
def test_strength_words_at_their_cuts(points: str, word: str) -> None:
    enjoyment = {
        "100/3": "0222 2222",
        "125/3": "1222 2222",
        "175/3": "3222 2222",
        "200/3": "4222 2222",
    }[points]
    found = reply("============", enjoyment)
    name = "Planning and organization"
    assert (found["strengths"][name], found["shown"]["strength_words"][name]) == (
        points,
        word,
    )


def test_strength_with_one_answer_has_no_score() -> None:
    found = reply(
        "-========-==", "2222 2222"
    )  # T1 and T10 ask about planning, and so does E1
    name = "Planning and organization"
    assert (
        found["strengths"][name],
        found["shown"]["strengths"][name],
        found["shown"]["strength_words"][name],
    ) == (None, None, None)
    assert reply("-===========", "-222 2222")["strengths"][name] is None
    assert reply("-===========", "2222 2222")["strengths"][name] == "50"


@pytest.mark.parametrize(
    ("shared", "score_", "word"),
    [
        ("333--", None, None),
        ("3333-", "75", "steady habits"),
        ("33332", "70", "growing"),
        ("22222", "50", "growing"),
        ("2221-", "175/4", "worth building"),
        ("00000", "0", "worth building"),
    ],
)
def test_shared_skills_need_four_answers(
    shared: str, score_: str | None, word: str | None
) -> None:
    found = reply("============", shared=shared)
    assert (found["shared_skills"], found["shown"]["shared_word"]) == (score_, word)


@pytest.mark.parametrize(
    ("steps", "defined"),
    [
        ("jj==jjj-jj==", True),
        ("--jjjjj-jjjj", True),
        ("---jjjjjjjjj", False),
        ("jjjjjj--jjjj", False),
    ],
)
def test_doing_and_wanting_need_six_and_three_trade_offs(
    steps: str, defined: bool
) -> None:
    found = reply(steps)
    assert (found["doing"] is not None, found["wanting"] is not None) == (
        defined,
        defined,
    )


def test_split_needs_opposite_signs_and_a_wide_gap() -> None:
    # Doing 50·A/8, wanting 25·A/4 with level enjoyment; the gap that counts is 42.
    assert reply("jjjjDDDDjjjj")["split"] is True  # 50 and -50
    assert reply("jjjjd===j===")["split"] is False  # 31.25 and -6.25
    assert reply("jjjjdddd=jjj", "2222 2222")["split"] is True  # 43.75 and -25
    assert reply("JJJJ====JJJJ", "2222 2222")["split"] is False  # wanting is 0: no side


def test_split_begins_exactly_at_the_gap() -> None:
    found = result("jjjjdddd====").scores
    assert found is not None
    assert found.doing is not None
    assert found.wanting is not None
    variance = (found.doing - found.wanting) ** 2 / (
        2500 * Fraction(5, 4) / 8
        + (2500 * Fraction(5, 4) / 4 + 625 * Fraction(1, 2)) / 4
    )
    scores = result("jjjjdddd====", band_z_squared=str(variance)).scores
    assert scores is not None
    assert scores.split is True
    assert (
        result(
            "jjjjdddd====", band_z_squared=str(variance + Fraction(1, 1000))
        ).scores.split
        is False
    )


@pytest.mark.parametrize(
    ("steps", "scatter"),
    [
        ("JDJDJDJDJDJD", True),
        ("JDJDJd======", False),
        ("JDJDJDJ====D", True),
        ("JJJJJJJJJJJJ", False),
    ],
)
def test_scatter_needs_answers_that_pull_both_ways(steps: str, scatter: bool) -> None:
    assert reply(steps)["scatter"] is scatter


def test_short_form_gives_no_finer_scores() -> None:
    found = reply("JjJjJjJj", "4141", form="short")
    assert found["provisional"] is True
    assert [
        found[name]
        for name in ("strengths", "doing", "wanting", "shared_skills", "split")
    ] == [None, None, None, None, False]
    assert [
        found["shown"][name] for name in ("strengths", "strength_words", "shared_word")
    ] == [None, None, None]
