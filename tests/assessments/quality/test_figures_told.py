"""Which figures of people are told, in tables and in charts."""

from __future__ import annotations

from datetime import date

import pytest

from assessments.engine.statistics import share, suppress_small_counts
from assessments.quality.cells import FEW, HIDDEN, part_cells, share_cells
from assessments.quality.charts import answer_bars, lean_columns, week_columns


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((50, 30, 20), "yyy"),
        ((50, 30, 9), "yn-"),  # 9 could be worked out, so 30 is hidden as well
        ((50, 30, 0), "yn-"),
        ((50, 6, 5), "y--"),
        ((50, 40, 3, 2), "yn--"),
        ((9, 9), "--"),
        ((12, 3), "n-"),
        ((), ""),
    ],
)
def test_part_under_ten_cannot_be_worked_out_from_the_others(
    counts: tuple[int, ...], shown: str
) -> None:
    assert suppress_small_counts(counts) == tuple(letter == "y" for letter in shown)
    texts = {"y": None, "n": HIDDEN, "-": FEW}
    assert [cell.text for cell in part_cells(counts)] == [
        texts[letter] or str(n) for n, letter in zip(counts, shown, strict=True)
    ]
    shares = share_cells([share(n, sum(counts)) for n in counts])
    assert [cell.values[0] in (FEW, HIDDEN) for cell in shares] == [
        letter != "y" for letter in shown
    ]


def test_sizes_of_pictures_are_rounded_as_the_numbers_beside_them() -> None:
    assert lean_columns({10: 19, 0: 29}) == lean_columns({10: 10, 0: 20})
    shares = [share(n, 81) for n in (16, 16, 16, 16, 17)]
    near = [share(n, 82) for n in (16, 16, 16, 16, 18)]
    assert answer_bars([("T1", shares)]) == answer_bars([("T1", near)])
    monday = date(2026, 1, 5)
    kinds = ("first", "second", "undecided", "low", "careless")
    assert week_columns({monday: dict(zip(kinds, shares, strict=True))}) == (
        week_columns({monday: dict(zip(kinds, near, strict=True))})
    )


def test_columns_of_leans_stand_by_their_points_and_skip_the_few() -> None:
    chart = lean_columns({100: 10, 50: 40, 0: 20, -40: 8, -50: 9, -100: 12})
    assert [(piece.kind, piece.x, piece.width) for piece in chart.pieces] == [
        ("first", 0.0, 2.5),
        ("first", 22.5, 5.0),
        ("undecided", 47.5, 5.0),
        ("second", 97.5, 2.5),
    ]
    assert [piece.height for piece in chart.pieces] == [30.0, 120.0, 60.0, 30.0]
