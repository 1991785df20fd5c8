"""How well the lean and the wish tell apart what people chose."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import erf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.engine.turnout import (
    LEAN,
    LIKED,
    LIKED_WISH,
    auc,
    auc_of_leans,
    auc_of_wishes,
    counted,
    turnout_keys,
)

ONE_WHO_LIKES_IT = turnout_keys(chosen="second", liking=3, lean=0, wish="either")
groups = st.lists(st.integers(-20, 20), min_size=50, max_size=80).map(Counter)


def brute_force(first: Counter[int], second: Counter[int]) -> float:
    pairs = list(product(first.elements(), second.elements()))
    wins = sum((one > other) + (one == other) / 2 for one, other in pairs)
    return wins / len(pairs)


@given(groups, groups)
def test_area_is_that_of_all_pairs_and_the_other_way_round_its_rest(
    first: Counter[int], second: Counter[int]
) -> None:
    found, mirrored = auc(first, second), auc(second, first)
    if found is None or mirrored is None:
        assert found is mirrored
        return
    assert found.value == pytest.approx(brute_force(first, second))
    assert mirrored.value == pytest.approx(1 - found.value)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.people == first.total() + second.total()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({1: 50}, {0: 49, 1: 0}),
        ({0: 91}, {0: 5, 1: 4}),
        ({1: 60}, {0: 60}),
    ],
    ids=["too few in all", "too few in a group", "nobody on the wrong side"],
)
def test_no_figure_where_it_would_say_nothing(
    first: dict[int, int], second: dict[int, int]
) -> None:
    assert auc(first, second) is None


def test_ties_alone_are_chance() -> None:
    assert auc({0: 30, 1: 30}, {0: 30, 1: 30}).value == 0.5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("apart", "sizes", "at_least"),
    [(1, (80, 60), 0.92), (2, (50, 50), 0.93), (2, (15, 85), 0.90)],
)
def test_interval_covers_the_truth_in_about_95_of_100_samples(
    apart: int, sizes: tuple[int, int], at_least: float
) -> None:
    """Of two normal distributions that far apart, the area is Phi(apart / sqrt 2)."""
    chance, truth, covered = Random(11), (1 + erf(apart / 2)) / 2, 0
    for _ in range(400):
        first = Counter(round(20 * chance.gauss(apart, 1)) for _ in range(sizes[0]))
        second = Counter(round(20 * chance.gauss(0, 1)) for _ in range(sizes[1]))
        found = auc(first, second)
        assert found is not None
        covered += found.low <= truth <= found.high
    assert at_least <= covered / 400 <= 0.98


def test_keys_never_hold_a_whole_person() -> None:
    keys = turnout_keys(chosen="first", liking=4, lean=53.1, wish="second")
    assert keys == Counter(
        ["liking|first|4", "lean|first|55", "liked|first|55", "wish|first|second"]
        + ["liked_wish|first|second"]
    )


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({"chosen": "", "liking": None}, ["liking||"]),
        ({"chosen": "both", "liking": 3}, ["liking|both|3"]),
        ({"chosen": "second", "liking": 2}, ["liking|second|2", "lean|second|-20"]),
        ({"chosen": "second", "liking": None}, ["liking|second|", "lean|second|-20"]),
    ],
)
def test_what_was_skipped_adds_nothing(
    answers: dict[str, object], keys: list[str]
) -> None:
    assert turnout_keys(lean=-21.9, wish="", **answers) == Counter(keys)  # type: ignore[arg-type]


def test_lean_and_wish_are_judged_apart() -> None:
    turnout: Counter[str] = Counter()
    for number in range(60):
        turnout += turnout_keys(
            chosen="first",
            liking=3,
            lean=number,
            wish="second" if number % 3 else "first",
        )
        turnout += turnout_keys(
            chosen="second", liking=1, lean=number - 60, wish="either"
        )
    leans, wishes = auc_of_leans(turnout), auc_of_wishes(turnout)
    assert leans is not None
    assert wishes is not None
    assert leans.value > 0.9
    assert wishes.value == pytest.approx(1 / 3)
    assert auc_of_leans(turnout, LIKED) is None
    assert auc_of_wishes(turnout, LIKED_WISH) is None
    turnout += Counter({key: 60 * n for key, n in ONE_WHO_LIKES_IT.items()})
    liked = auc_of_wishes(turnout, LIKED_WISH)
    assert liked is not None
    # Of 60 who chose the first role, 20 hoped for it; of the others, all for either.
    assert (liked.value, liked.people) == (pytest.approx(1 / 3), 120)
    assert counted(turnout, LEAN, "first").total() == 60
