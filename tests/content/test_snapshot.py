"""A process's copy of what the database has."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace

import pytest

from content.snapshot import Snapshot


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list whose only number is the time on the monotonic clock."""
    now = [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("content.snapshot.time", clock)
    return now


@pytest.fixture
def numbers() -> Snapshot[int]:
    """Loads 0, then 1, then 2 …"""
    return Snapshot(count().__next__, seconds=5.0)


def test_value_is_loaded_at_the_first_use(numbers: Snapshot[int]) -> None:
    assert numbers.get() == 0


@pytest.mark.parametrize(("passed", "value"), [(4.9, 0), (5.0, 1), (60.0, 1)])
def test_value_is_loaded_again_once_it_is_too_old(
    clock: list[float], numbers: Snapshot[int], passed: float, value: int
) -> None:
    numbers.get()
    clock[0] += passed
    assert numbers.get() == value


def test_value_is_loaded_again_after_forget(
    clock: list[float], numbers: Snapshot[int]
) -> None:
    numbers.get()
    numbers.forget()
    assert (numbers.get(), numbers.get()) == (1, 1)


def test_none_is_kept_as_any_other_value(clock: list[float]) -> None:
    loads: list[None] = []
    snapshot: Snapshot[None] = Snapshot(lambda: loads.append(None), seconds=5.0)
    assert (snapshot.get(), snapshot.get()) == (None, None)
    assert len(loads) == 1
