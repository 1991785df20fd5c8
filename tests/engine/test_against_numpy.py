"""The statistics from additive sums equal NumPy's over 20,000 simulated people, to
1e-9.
"""

from __future__ import annotations

from collections import Counter
from math import erf, sqrt

import numpy as np
import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.consistency import lean_statistics
from assessments.engine.scales import SHARED_SKILLS, Scale, form_scales
from assessments.engine.statistics import item_statistics, scale_mean, scale_statistics
from assessments.engine.sums import Sums, add_up
from tests.support.engine.cases import Answers
from tests.support.engine.people import (
    PEOPLE,
    SCALE_IDS,
    TRADE_OFF_IDS,
    finished,
    make_people,
    value_of,
)

Z_95 = 1.959963984540054
PROJECT, PRODUCT = list(SCALE_IDS)[1:3]


@pytest.fixture(scope="module")
def people() -> list[Answers]:
    return make_people(PEOPLE, seed=23)


@pytest.fixture(scope="module")
def sums(people: list[Answers]) -> Sums:
    return add_up(default_questionnaire(), "full", finished(people))


def to_1e_9(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def matrix(people: list[Answers], ids: list[str]) -> np.ndarray:
    """One row a person who answered all of these, one column a question."""
    return np.array(
        [
            [value_of(id, answers[id]) for id in ids]
            for answers in people
            if None not in map(answers.get, ids)
        ],
        dtype=float,
    )


def named(name: str) -> Scale:
    return next(
        scale
        for scale in form_scales(default_questionnaire(), "full").scored
        if scale.name == name
    )


def alpha_of(columns: np.ndarray) -> float:
    k = columns.shape[1]
    return float(
        k
        / (k - 1)
        * (1 - columns.var(axis=0, ddof=1).sum() / columns.sum(axis=1).var(ddof=1))
    )


def error_variance(columns: np.ndarray) -> float:
    covariances = np.cov(columns, rowvar=False)
    return float(
        np.diag(covariances).mean()
        - covariances[~np.eye(len(covariances), dtype=bool)].mean()
    )


@pytest.mark.parametrize("name", SCALE_IDS)
def test_scale_statistics(name: str, people: list[Answers], sums: Sums) -> None:
    columns = matrix(people, SCALE_IDS[name])
    n, k = columns.shape
    found, alpha, totals = (
        scale_statistics(named(name), sums),
        alpha_of(columns),
        columns.sum(axis=1),
    )
    half = Z_95 * (1 - alpha) * sqrt(2 * k / ((k - 1) * (n - 2)))
    r = np.corrcoef(columns[:, ::2].sum(axis=1), columns[:, 1::2].sum(axis=1))[0, 1]
    wide = Z_95 * totals.std(ddof=1) / sqrt(n) / k
    assert found.n == n
    assert (found.mean.value, found.mean.low, found.mean.high) == tuple(
        map(to_1e_9, totals.mean() / k + wide * np.array([0, -1, 1]))
    )
    assert (found.alpha.value, found.alpha.low, found.alpha.high) == tuple(
        map(to_1e_9, alpha + half * np.array([0, -1, 1]))
    )
    assert found.split_half == to_1e_9(2 * r / (1 + r))
    assert float(found.error_variance) == to_1e_9(error_variance(columns))


@pytest.mark.parametrize("name", SCALE_IDS)
def test_item_statistics(name: str, people: list[Answers], sums: Sums) -> None:
    columns = matrix(people, SCALE_IDS[name])
    for place, found in enumerate(item_statistics(named(name), sums)):
        rest = np.delete(columns, place, axis=1)
        answers = [each[found.item.id] for each in people]
        given = np.array(
            [
                value_of(found.item.id, answer)
                for answer in answers
                if answer is not None
            ],
            dtype=float,
        )
        buttons = np.bincount(
            [
                answer - found.item.first_button
                for answer in answers
                if answer is not None
            ],
            minlength=5,
        )
        assert found.item_rest == to_1e_9(
            np.corrcoef(columns[:, place], rest.sum(axis=1))[0, 1]
        )
        assert found.alpha_without.value == to_1e_9(alpha_of(rest))
        assert (found.answered, found.mean.value, found.sd) == (
            len(given),
            to_1e_9(given.mean()),
            to_1e_9(given.std(ddof=1)),
        )
        assert [option.value for option in found.options] == [
            to_1e_9(share) for share in buttons / len(given)
        ]
        assert found.skipped.value == to_1e_9(1 - len(given) / PEOPLE)


def test_side_check(people: list[Answers], sums: Sums) -> None:
    complete = np.array(
        [
            [answers[id] for id in TRADE_OFF_IDS]
            for answers in people
            if None not in map(answers.get, TRADE_OFF_IDS)
        ]
    )
    assert scale_mean(
        form_scales(default_questionnaire(), "full").buttons, sums
    ).value == to_1e_9((complete - 3).mean())


def leans_of(people: list[Answers]) -> np.ndarray:
    moving = [
        id for name, ids in SCALE_IDS.items() if name != SHARED_SKILLS for id in ids
    ]
    columns = matrix(people, moving)
    return columns @ np.array(
        [
            37.5 / 12
            if id.startswith("T")
            else 6.25 / 4 * (1 if id in SCALE_IDS[PROJECT] else -1)
            for id in moving
        ]
    )


def test_error_and_reliability_of_the_lean(people: list[Answers], sums: Sums) -> None:
    leans = leans_of(people)
    found = lean_statistics(default_questionnaire(), "full", sums)
    v_trade_off = error_variance(matrix(people, TRADE_OFF_IDS))
    v_enjoyment = (
        error_variance(matrix(people, SCALE_IDS[PROJECT]))
        + error_variance(matrix(people, SCALE_IDS[PRODUCT]))
    ) / 2
    squared = 1406.25 * v_trade_off / 12 + 39.0625 * v_enjoyment * (1 / 4 + 1 / 4)
    reliability = 1 - squared / leans.var(ddof=1)
    assert (float(found.v_trade_off), float(found.v_enjoyment)) == (
        to_1e_9(v_trade_off),
        to_1e_9(v_enjoyment),
    )
    assert (found.se_answers, found.reliability) == (
        to_1e_9(sqrt(squared)),
        to_1e_9(reliability),
    )


def halves_variance(people: list[Answers]) -> float:
    """By hand: T1 to T4 ask about each strength once, T9 to T12 once more."""
    columns = matrix(people, ["T1", "T2", "T3", "T4", "T9", "T10", "T11", "T12"])
    gap = columns[:, :4].sum(axis=1) - columns[:, 4:].sum(axis=1)
    return float(gap.var(ddof=1)) / 8


def same_band(leans: np.ndarray, squared: float, bound: float) -> tuple[float, float]:
    """The expected share in the same band at a second sitting, and kappa."""
    reliability = 1 - squared / leans.var(ddof=1)
    below = np.vectorize(
        lambda distance: (
            (1 + erf(distance / sqrt(squared * (1 + reliability)) / sqrt(2))) / 2
        )
    )
    centers = leans.mean() + reliability * (leans - leans.mean())
    product, project = below(-bound - centers), 1 - below(bound - centers)
    bands = np.stack([product, 1 - product - project, project])
    shown = np.where(leans <= -bound, 0, np.where(leans >= bound, 2, 1))
    share = bands[shown, np.arange(len(leans))].mean()
    chance = sum((shown == band).mean() * bands[band].mean() for band in range(3))
    return float(share), float((share - chance) / (1 - chance))


def test_same_side_again(people: list[Answers], sums: Sums) -> None:
    leans, bound = leans_of(people), sqrt(0.7 * 10625 / 64)
    v_enjoyment = (
        error_variance(matrix(people, SCALE_IDS[PROJECT]))
        + error_variance(matrix(people, SCALE_IDS[PRODUCT]))
    ) / 2
    same_lines = 1406.25 * halves_variance(people) / 12 + 39.0625 * v_enjoyment / 2
    changes = Counter({"20": 60, "-20": 60})
    found = lean_statistics(
        default_questionnaire(), "full", sums + Sums(retests=changes)
    )
    of_day = 400 * 120 / 119 / 2
    for agreement, squared, m in (
        (
            found.other_questions,
            same_lines,
            len(matrix(people, TRADE_OFF_IDS[:4] + TRADE_OFF_IDS[8:])),
        ),
        (found.another_day, of_day, 120),
    ):
        times = np.exp(Z_95 * np.sqrt(2 / (m - 1) + 2 / (len(leans) - 1)))
        best, worst, likely = (
            same_band(leans, each, bound)
            for each in (squared / times, squared * times, squared)
        )
        for place, estimate in enumerate((agreement.share, agreement.kappa)):
            assert (estimate.value, estimate.low, estimate.high) == (
                to_1e_9(likely[place]),
                to_1e_9(worst[place]),
                to_1e_9(best[place]),
            )
            assert estimate.people == len(leans)
