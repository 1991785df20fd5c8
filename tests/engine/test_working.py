"""The sum that can be redone by hand (docs/instrument.md sections 2.1 to 2.3)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.defaults import default_questionnaire
from assessments.engine import RequestError, working
from assessments.engine.working import SumStep, Working
from tests.support.engine.cases import EXAMPLES, make_answers


def example(number: int) -> Working:
    return working(
        default_questionnaire(),
        EXAMPLES[number]["answers"],
        form=EXAMPLES[number]["form"],
    )


def steps(done: Working) -> dict[tuple[str, int | None], SumStep]:
    return {(step.name, step.role): step for step in done.steps}


def test_first_example_is_the_sum_of_the_instrument() -> None:
    done = example(1)
    assert (done.n, done.total, done.enjoyment_counts, done.enjoyment_points) == (
        12,
        14,
        (4, 4),
        (13, 7),
    )
    lean = steps(done)["lean", None]
    assert (lean.expression, lean.exact, lean.shown) == (
        "37.5 × 14 ÷ 12 + 6.25 × (13 ÷ 4 − 7 ÷ 4)",
        "53.125",
        "53",
    )
    assert (done.trade_off_part, done.enjoyment_part, done.lean) == (
        Fraction(175, 4),
        Fraction(75, 8),
        Fraction(425, 8),
    )


def test_every_step_of_a_full_form_is_there_in_order() -> None:
    expected = [
        ("preference", 0, "50 + 25 × 14 ÷ 12", "475/6", "79"),
        ("preference", 1, "100 − 475/6", "125/6", "21"),
        ("enjoyment", 0, "25 × 13 ÷ 4", "81.25", "81"),
        ("enjoyment", 1, "25 × 7 ÷ 4", "43.75", "44"),
        ("fit", 0, "0.75 × 475/6 + 0.25 × 81.25", "79.6875", "80"),
        (
            "fit_half_width",
            0,
            "√(2.7 × (351.5625 × 1.25 ÷ 12 + 39.0625 × 1 ÷ 4))",
            "",
            "11",
        ),
        ("fit", 1, "0.75 × 125/6 + 0.25 × 43.75", "26.5625", "27"),
        (
            "fit_half_width",
            1,
            "√(2.7 × (351.5625 × 1.25 ÷ 12 + 39.0625 × 1 ÷ 4))",
            "",
            "11",
        ),
        ("lean", None, "37.5 × 14 ÷ 12 + 6.25 × (13 ÷ 4 − 7 ÷ 4)", "53.125", "53"),
        (
            "se_squared",
            None,
            "1406.25 × 1.25 ÷ 12 + 39.0625 × 1 × (1 ÷ 4 + 1 ÷ 4)",
            "166.015625",
            "12.88",
        ),
        ("half_width", None, "√(2.7 × 166.015625)", "", "21.17"),
        ("z_squared", None, "53.125² ÷ 166.015625", "17", "17"),
        ("doing", None, "50 × 9 ÷ 8", "56.25", "56"),
        ("wanting", None, "(50 × 5 ÷ 4 + 81.25 − 43.75) ÷ 2", "50", "50"),
        ("shared_skills", None, "25 × 15 ÷ 5", "75", "75"),
    ]
    assert [
        (step.name, step.role, step.expression, step.exact, step.shown)
        for step in example(1).steps
    ] == expected


def test_fraction_is_bracketed_where_a_division_follows() -> None:
    done = steps(example(3))
    assert done["z_squared", None].expression == "(−625/28)² ÷ (8125/28)"
    assert done["z_squared", None].shown == "1.72"
    assert done["preference", 0].expression == "50 + 25 × (−3) ÷ 7"


def test_short_form_has_no_finer_steps() -> None:
    done = example(3)
    assert not {"doing", "wanting", "shared_skills"} & {
        step.name for step in done.steps
    }
    assert done.strengths == ()


def test_lines_carry_buttons_points_and_parts() -> None:
    done = example(3)
    first, skipped = done.trade_offs[0], done.trade_offs[5]
    assert (
        first.id,
        first.button,
        first.step,
        first.project_points,
        first.product_points,
    ) == ("T1", 4, -1, 1, 3)
    assert first.part == Fraction(-75, 14)
    assert (
        skipped.id,
        skipped.button,
        skipped.step,
        skipped.project_points,
        skipped.product_points,
        skipped.part,
    ) == (
        "T6",
        None,
        None,
        None,
        None,
        0,
    )
    assert [
        (line.id, line.role, line.answer, line.part) for line in done.enjoyment
    ] == [
        ("E1", 0, 2, Fraction(25, 4)),
        ("E2", 1, 3, Fraction(-75, 8)),
        ("E3", 0, 2, Fraction(25, 4)),
        ("E4", 1, 3, Fraction(-75, 8)),
    ]


def test_strength_lines_show_points_and_answers() -> None:
    line = example(1).strengths[0]
    assert (line.slug, line.name, line.points, line.answered, line.score) == (
        "planning-and-organization",
        "Planning and organization",
        11,
        3,
        Fraction(275, 3),
    )


def test_working_refuses_what_has_no_scores() -> None:
    with pytest.raises(ValueError, match="too few answers to score"):
        working(default_questionnaire(), make_answers("12"), form="short")
    with pytest.raises(RequestError):
        working(default_questionnaire(), {"T1": 9}, form="full")
