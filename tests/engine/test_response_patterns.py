"""Ways of answering that say nothing: none may favor a role."""

from __future__ import annotations

from dataclasses import replace

from assessments.defaults import default_questionnaire
from assessments.engine.response_patterns import response_patterns


def test_no_probe_favours_a_role_in_the_default_bank() -> None:
    probes = response_patterns(default_questionnaire())
    assert len(probes) == 12
    assert [probe for probe in probes if probe.favors] == []


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
    assert response_patterns(default_questionnaire(), seed=4) == response_patterns(
        default_questionnaire(), seed=4
    )
