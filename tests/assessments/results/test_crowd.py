"""The group as signs on one scale: each person once, nothing on top of another."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.engine.group import Member, picture_of
from assessments.engine.outcomes import Outcome
from assessments.results.crowd import MAX_ROWS, PITCH, SIDE_MARGIN, WIDTH, Crowd, crowd


def drawn(*people: tuple[Outcome, int]) -> Crowd:
    """A group of people with these outcomes and leans."""
    members = [
        Member(outcome, Fraction(lean), Fraction(100)) for outcome, lean in people
    ]
    summary = picture_of(members, [])
    assert summary is not None
    return crowd(summary)


def test_each_person_is_a_sign_of_the_role_that_the_result_names() -> None:
    found = drawn(
        (Outcome.CLEAR_PROJECT, 53),
        (Outcome.LEAN_PRODUCT, -18),
        (Outcome.CLOSE, 0),
        (Outcome.BOTH, 3),
    )
    assert [(sign.side, sign.x, sign.size) for sign in found.signs] == [
        ("project", "342.9", "1.000"),
        ("", "600.0", "1.000"),
        ("", "600.0", "1.000"),
        ("product", "702.9", "1.000"),
    ]
    assert (found.project, found.neither, found.product) == (1, 2, 1)
    assert found.mean_x == f"{600 - float(PITCH) * 9.5 / 10:.1f}"


def test_both_ends_of_the_scale_are_inside_the_drawing() -> None:
    found = drawn(
        (Outcome.CLEAR_PROJECT, 100),
        (Outcome.CLEAR_PRODUCT, -100),
        (Outcome.CLOSE, 0),
    )
    half = PITCH / 2
    assert {sign.x for sign in found.signs} == {
        f"{float(SIDE_MARGIN + half):.1f}",
        "600.0",
        f"{float(WIDTH - SIDE_MARGIN - half):.1f}",
    }


@pytest.mark.parametrize(
    ("people", "size"),
    [
        (3, "1.000"),
        (MAX_ROWS, "1.000"),
        (MAX_ROWS + 1, "0.500"),
        (4 * MAX_ROWS, "0.500"),
        (4 * MAX_ROWS + 1, "0.333"),
        (300, "0.143"),
    ],
)
def test_high_column_gets_smaller_signs_that_stay_apart(people: int, size: str) -> None:
    found = drawn(*[(Outcome.CLEAR_PROJECT, 50)] * people)
    assert {sign.size for sign in found.signs} == {size}
    places = {(float(sign.x), float(sign.y)) for sign in found.signs}
    assert len(places) == people
    step = float(PITCH) * float(size)
    assert all(
        abs(x - other_x) > step - 1 or abs(y - other_y) > step - 1
        for x, y in places
        for other_x, other_y in places
        if (x, y) != (other_x, other_y)
    )
    middle = 600 - 5 * float(PITCH)
    assert all(abs(x - middle) <= float(PITCH) / 2 for x, _ in places)
    assert all(step / 2 < y < found.ground for _, y in places)
    assert found.ground <= (MAX_ROWS + 1) * PITCH
