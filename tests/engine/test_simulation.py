"""Simulated people: the figures of docs/instrument.md section 3.1."""

from __future__ import annotations

from random import Random

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import score
from assessments.engine.simulation import Figures, _Crowd, simulate
from tools.simulate import PUBLISHED, differences

pytestmark = pytest.mark.slow

PEOPLE = 8_000


@pytest.mark.parametrize("form", ["full", "short"])
def test_figures_of_the_default_bank_match_the_published_table(form: str) -> None:
    found = differences(
        form, simulate(default_questionnaire(), form=form, people=30_000, seed=1)
    )
    assert found.keys() == PUBLISHED[form].keys()
    assert {
        name: difference for name, difference in found.items() if abs(difference) > 1
    } == {}


def test_slices_add_up_and_a_seed_repeats() -> None:
    slices = [
        simulate(default_questionnaire(), form="full", people=200, seed=seed)
        for seed in (1, 2, 3)
    ]
    assert (
        slices[0] + slices[1] + slices[2]
        == slices[2] + slices[0] + slices[1] + Figures()
    )
    assert (
        simulate(default_questionnaire(), form="full", people=200, seed=2) == slices[1]
    )
    assert (slices[0] + slices[1]).people == 400


def test_bands_are_those_of_the_engine() -> None:
    questionnaire = default_questionnaire()
    crowd, random = _Crowd(questionnaire, "full", 0.0), Random(5)
    clear = leans = 0
    for _ in range(500):
        _, answers = crowd.person(random)
        scores = score(questionnaire, answers, form="full").scores
        assert scores is not None
        lean, z_squared, constants = (
            abs(scores.lean),
            scores.z_squared,
            questionnaire.constants,
        )
        if z_squared >= constants.clear_z_squared and lean >= constants.clear_floor:
            clear += 1
        elif z_squared >= constants.leans_z_squared and lean >= constants.leans_floor:
            leans += 1
    figures = simulate(questionnaire, form="full", people=500, seed=5)
    assert (figures.clear, figures.leans) == (clear, leans)


def test_better_sounding_product_statements_make_more_people_wrong() -> None:
    fair, unfair = (
        simulate(
            default_questionnaire(), form="full", people=PEOPLE, seed=3, wording=wording
        )
        for wording in (0.0, 1.0)
    )
    assert unfair.clear_but_wrong > 2 * fair.clear_but_wrong
    assert unfair.right_if_forced < fair.right_if_forced - 2


def test_figures_of_nobody_are_nought() -> None:
    nobody = Figures()
    assert (nobody.right_if_forced, nobody.right_when_clear, nobody.r_squared) == (
        0.0,
        0.0,
        0.0,
    )
