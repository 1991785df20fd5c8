"""The outcomes: which role each names, where it lies on the scale, what is shown."""

from __future__ import annotations

import json

from assessments.engine.outcomes import IN_SCALE_ORDER, OUTCOME_GROUPS, STORED, Outcome


def test_outcome_is_its_text_in_json_and_in_comparisons() -> None:
    assert json.dumps([Outcome.CLOSE]) == '["close"]'
    assert str(Outcome("low_both")) == "low_both" == Outcome.LOW_BOTH


def test_only_clear_and_lean_outcomes_name_a_role() -> None:
    assert {outcome: outcome.side for outcome in Outcome if outcome.named} == {
        "clear_project": 0,
        "lean_project": 0,
        "clear_product": 1,
        "lean_product": 1,
    }
    assert {outcome for outcome in Outcome if outcome.clear} == {
        "clear_project",
        "clear_product",
    }
    assert all(outcome.side is None for outcome in Outcome if not outcome.named)


def test_outcomes_without_fair_answers_are_not_shown_and_have_no_step() -> None:
    hidden = {outcome for outcome in Outcome if not outcome.shown}
    assert hidden == {"too_few", "careless"}
    assert {outcome for outcome in Outcome if outcome.step is None} == hidden


def test_scale_order_holds_every_shown_outcome_from_project_to_product() -> None:
    assert set(IN_SCALE_ORDER) == {outcome for outcome in Outcome if outcome.shown}
    steps = [outcome.step for outcome in IN_SCALE_ORDER if outcome != Outcome.LOW_BOTH]
    assert steps == [2, 1, 0, 0, -1, -2]


def test_each_stored_outcome_is_in_exactly_one_group() -> None:
    grouped = [outcome for group in OUTCOME_GROUPS.values() for outcome in group]
    assert sorted(grouped) == sorted(STORED) == sorted({*Outcome} - {"too_few"})
