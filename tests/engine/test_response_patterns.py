"""Ways of answering that say nothing: none may favor a role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import read_definition, score
from assessments.engine.parts import FORMS
from assessments.engine.response_patterns import response_patterns
from tests.support.engine.cases import FIRST_EDITION


def test_no_probe_favours_a_role_in_the_default_bank() -> None:
    probes = response_patterns(default_questionnaire())
    assert len(probes) == 22
    assert [probe for probe in probes if probe.favors and probe.avoidable] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("buttons", ["15", "51", "24", "42", "13", "31", "35", "53"])
def test_zigzag_leans_nowhere(form: str, buttons: str) -> None:
    answers = {
        question.id: int(buttons[place % 2])
        for place, question in enumerate(default_questionnaire().questions_of(form))
        if question.kind == "trade_off"
    }
    answers |= {f"E{number}": 2 for number in range(1, 9 if form == "full" else 5)}
    scores = score(default_questionnaire(), answers, form=form).scores
    assert scores is not None
    assert scores.lean == 0


def test_first_edition_gave_zigzags_a_role() -> None:
    found = {
        (probe.name, probe.form): probe.outcome
        for probe in response_patterns(read_definition(FIRST_EDITION.read_bytes()))
        if probe.favors and probe.avoidable
    }
    assert found == {
        ("left and right in turn", "full"): "clear_project",
        ("left and right in turn", "short"): "clear_project",
        ("right and left in turn", "full"): "clear_product",
        ("right and left in turn", "short"): "clear_product",
        ("a bit left, a bit right in turn", "full"): "lean_project",
        ("a bit left, a bit right in turn", "short"): "lean_project",
        ("a bit right, a bit left in turn", "full"): "lean_product",
        ("a bit right, a bit left in turn", "short"): "lean_product",
    }


def test_worst_repetition_of_three_buttons_is_told_and_not_judged() -> None:
    worst = [
        (probe.form, abs(probe.lean), probe.favors is not None)
        for probe in response_patterns(default_questionnaire())
        if not probe.avoidable
    ]
    assert worst == [("full", 50.0, True), ("short", 56.25, True)]


def test_bank_with_every_project_statement_on_the_left_is_found_out() -> None:
    default = default_questionnaire()
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(question, side="left" if question.side else None)
                for question in section.questions
            ),
        )
        for section in default.sections
    )
    constants = replace(
        default.constants,
        full=replace(default.constants.full, careless_run=13),
        short=replace(default.constants.short, careless_run=9),
    )
    one_sided = replace(default, sections=sections, constants=constants)
    favored = {
        (probe.name, probe.form): probe.favors
        for probe in response_patterns(one_sided)
        if probe.favors
    }
    assert (
        favored[("all left", "full")]
        == favored[("all left", "short")]
        == "project-manager"
    )
    assert favored[("all right", "full")] == "product-manager"


def test_clickers_repeat_with_their_seed() -> None:
    one, again, other = (
        response_patterns(default_questionnaire(), seed=seed) for seed in (4, 4, 5)
    )
    assert one == again != other
