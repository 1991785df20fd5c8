"""Rules of publishing and scoring hold for other lists than the default's."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.engine import Definition, check, read_definition, score, working
from assessments.engine.strict_json import dump
from tests.support.engine.publishable import people, publishable_questionnaires

UNDER_ROOT = ("fit_half_width", "half_width")
Person = tuple[Definition, str, dict[str, int | None]]


@settings(max_examples=40, deadline=None)
@given(publishable_questionnaires())
def test_lists_of_three_to_five_strengths_can_keep_every_rule(
    questionnaire: Definition,
) -> None:
    assert [finding for finding in check(questionnaire) if finding.blocking] == []
    assert read_definition(questionnaire.to_json()) == questionnaire


@settings(max_examples=100, deadline=None)
@given(people())
def test_working_has_the_figures_of_the_reply(person: Person) -> None:
    questionnaire, form, answers = person
    result = score(questionnaire, answers, form=form)
    assume(result.scores is not None)
    reply: Any = result.reply()
    low, high = reply["shown"]["band_90"]

    lines = working(questionnaire, answers, form=form)

    assert (
        str(lines.lean)
        == str(lines.trade_off_part + lines.enjoyment_part)
        == reply["lean"]
    )
    assert -100 <= low <= reply["shown"]["lean"] <= high <= 100
    assert all(0 <= Fraction(fit) <= 100 for fit in reply["fit"].values())
    for line in lines.trade_offs:
        assert (
            line.part
            == 50
            * questionnaire.constants.trade_off_weight
            * (line.step or 0)
            / lines.n
        )
        assert line.step is None or (line.project_points, line.product_points) == (
            2 + line.step,
            2 - line.step,
        )
    for step in lines.steps:
        figures, printed = reply.get(step.name), reply["shown"].get(step.name)
        if step.name in UNDER_ROOT:
            figures, printed = None, reply["shown"][f"{step.name}_90"]
        if step.role is not None:
            slug = questionnaire.roles[step.role].slug
            figures, printed = figures and figures[slug], printed[slug]
        assert (None if step.value is None else str(step.value)) == figures
        if printed is not None:
            assert step.shown.replace("−", "-") == str(printed)


@settings(max_examples=60, deadline=None)
@given(people(), st.none() | st.integers(0, 400))
def test_reply_heeds_neither_the_order_of_answers_nor_how_a_skip_is_written(
    person: Person, seconds: int | None
) -> None:
    questionnaire, form, answers = person
    turned_round = {
        question.id: answers.get(question.id)
        for question in reversed(questionnaire.questions_of(form))
    }
    without_skips = {
        question: button for question, button in answers.items() if button is not None
    }

    replies = {
        dump(score(questionnaire, given, form=form, seconds=seconds).reply())
        for given in (answers, turned_round, without_skips)
    }

    assert len(replies) == 1
