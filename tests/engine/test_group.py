"""A group on one scale."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.engine.group import Bin, Member, Typical, picture_of, spread
from assessments.engine.outcomes import Outcome

BAND = Fraction(448)


def member(lean: int | str, outcome: str = "close", **strengths: int | None) -> Member:
    scores = {
        slug: None if score is None else Fraction(score)
        for slug, score in strengths.items()
    }
    return Member(Outcome(outcome), Fraction(lean), BAND, scores or None)


def test_nothing_of_fewer_than_three() -> None:
    assert picture_of([], ["a"]) is None
    assert picture_of([member(50), member(0)], ["a"]) is None
    assert picture_of([member(50), member(0), member(-50)], ["a"]) is not None


def test_picture_orders_people_by_lean_and_outcomes_by_rule() -> None:
    found = picture_of(
        [
            member(-40, "clear_product"),
            member(2, "both"),
            member(53, "clear_project"),
            member(1),
        ],
        [],
    )
    assert found is not None
    assert [each.lean for each in found.members] == [53, 2, 1, -40]
    assert found.outcomes == (
        ("clear_project", 1),
        ("clear_product", 1),
        ("both", 1),
        ("close", 1),
    )
    assert (
        found.leans.mean,
        found.leans.shown_mean,
        found.leans.lowest,
        found.leans.highest,
    ) == (4, 4, -40, 53)


def test_typical_result_has_the_mean_lean_and_the_mean_squared_band() -> None:
    people = [
        Member(Outcome.CLOSE, Fraction(lean), Fraction(band))
        for lean, band in ((2, 400), (5, 500), (-4, 600))
    ]
    found = picture_of([*people, member(60, "clear_project")], [])
    assert found is not None
    assert found.typical == (
        Typical("clear_project", 1, Fraction(60), BAND),
        Typical("close", 3, Fraction(1), Fraction(500)),
    )


def test_bins_cut_both_sides_alike() -> None:
    found = picture_of(
        [member(lean) for lean in (-100, -5, "-49/10", 0, "49/10", 5, 100)], []
    )
    assert found is not None
    assert {each.center: each.n for each in found.bins if each.n} == {
        -100: 1,
        -10: 1,
        0: 3,
        10: 1,
        100: 1,
    }
    assert len(found.bins) == 21


def test_bins_tell_which_role_an_outcome_names() -> None:
    outcomes = (
        "clear_project",
        "lean_project",
        "both",
        "low_both",
        "close",
        "lean_product",
        "clear_product",
    )
    found = picture_of([member(2, outcome) for outcome in outcomes], [])
    assert found is not None
    assert [each for each in found.bins if each.n] == [Bin(0, 2, 3, 2)]


def test_strength_is_averaged_over_those_who_share_it_from_three_on() -> None:
    people = [
        member(0, a=90, b=10),
        member(0, a=60, b=None),
        member(0, a=75, b=30),
        member(0),
    ]
    found = picture_of(people, ["b", "a", "never"])
    assert found is not None
    assert found.strength_people == 3
    [(slug, a)] = found.strengths
    assert (slug, a.n, a.mean, a.variance, a.shown_deviation) == ("a", 3, 75, 225, 15)
    assert a.counts == ((60, 1), (75, 1), (90, 1))


def test_spread_needs_two_values() -> None:
    with pytest.raises(ValueError, match="two values"):
        spread([Fraction(1)])


scores = st.fractions(0, 100, max_denominator=12)


@settings(max_examples=100)
@given(st.lists(scores, min_size=2, max_size=40))
def test_spread_agrees_with_the_standard_library(values: list[Fraction]) -> None:
    found = spread(values)
    assert (found.n, found.mean, found.variance) == (
        len(values),
        statistics.mean(values),
        statistics.variance(values),
    )
    assert (found.lowest, found.highest) == (min(values), max(values))
    assert sorted(
        value for value, count in found.counts for _ in range(count)
    ) == sorted(values)


people = st.lists(
    st.builds(
        Member,
        st.sampled_from(
            [Outcome.CLEAR_PROJECT, Outcome.CLOSE, Outcome.BOTH, Outcome.LOW_BOTH]
        ),
        st.fractions(-100, 100, max_denominator=64),
        st.just(BAND),
        st.none() | st.fixed_dictionaries({"a": st.none() | scores, "b": scores}),
    ),
    max_size=12,
)


@settings(max_examples=100)
@given(people, st.randoms())
def test_picture_counts_everybody_once_in_whatever_order_they_come(
    members: list[Member], chance: st.DataObject
) -> None:
    found = picture_of(members, ["a", "b"])
    if len(members) < 3:
        assert found is None
        return
    assert found is not None
    assert (
        sum(each.n for each in found.bins)
        == sum(n for _, n in found.outcomes)
        == found.leans.n
        == len(members)
    )
    assert all(spread.n >= 3 for _, spread in found.strengths)
    shuffled = list(members)
    chance.shuffle(shuffled)
    again = picture_of(shuffled, ["a", "b"])
    assert again is not None
    assert (again.bins, again.outcomes, again.leans, again.strengths) == (
        found.bins,
        found.outcomes,
        found.leans,
        found.strengths,
    )
