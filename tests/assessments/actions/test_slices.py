from __future__ import annotations

import time

import pytest

from assessments.actions.slices import in_slices

REST = 3.0


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.slept.append)


def test_it_rests_by_how_long_each_slice_took(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, left = Clock(monkeypatch), [4, 2, 0]

    def work() -> int:
        clock.now += 0.25
        return left.pop(0)

    for _ in in_slices(work, rest=REST):
        clock.now += 0.75

    assert clock.slept == [REST, REST]


@pytest.mark.parametrize("most", [1, 2])
def test_it_works_at_most_so_often(most: int) -> None:
    assert list(in_slices(lambda: "found", most=most)) == ["found"] * most


def test_it_ends_where_nothing_is_found() -> None:
    assert list(in_slices(lambda: None, most=2)) == []
