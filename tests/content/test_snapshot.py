"""A process's copy of what the database has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from content import snapshot as snapshots
from content.snapshot import Snapshot


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list whose only number is the time on the monotonic clock."""
    now = [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("content.snapshot.time", clock)
    monkeypatch.setattr(snapshots, "SECONDS", 1.0)
    return now


@pytest.fixture
def numbers() -> Snapshot[int]:
    """Loads 0, then 1, then 2 …"""
    return Snapshot(count().__next__)


class Database:
    """Gives a fresh list at each load, or fails while it is away."""

    def __init__(self) -> None:
        self.loads, self.is_away = 0, False

    def load(self) -> list[int]:
        self.loads += 1
        if self.is_away:
            raise OperationalError("away")
        return [self.loads]


def test_value_is_loaded_at_the_first_use(numbers: Snapshot[int]) -> None:
    assert numbers.held() is None
    assert numbers.get() == 0
    assert numbers.held() == (0,)


@pytest.mark.parametrize(("passed", "value"), [(0.9, 0), (1.0, 1), (60.0, 1)])
def test_value_is_loaded_again_once_it_is_too_old(
    clock: list[float], numbers: Snapshot[int], passed: float, value: int
) -> None:
    numbers.get()
    clock[0] += passed
    assert numbers.needs_no_load() == (value == 0)
    assert numbers.get() == value
    assert numbers.needs_no_load()


def test_value_is_loaded_again_after_forget(
    clock: list[float], numbers: Snapshot[int]
) -> None:
    numbers.get()
    numbers.forget()
    assert not numbers.needs_no_load()
    assert (numbers.get(), numbers.get()) == (1, 1)


def test_none_is_kept_as_any_other_value(clock: list[float]) -> None:
    loads: list[None] = []
    snapshot: Snapshot[None] = Snapshot(lambda: loads.append(None))
    assert (snapshot.get(), snapshot.get()) == (None, None)
    assert len(loads) == 1


def test_same_value_keeps_its_object(clock: list[float]) -> None:
    values = iter([[1], [1], [2]])
    snapshot = Snapshot(values.__next__)
    first = snapshot.get()
    clock[0] += 1
    assert snapshot.get() is first
    clock[0] += 1
    assert snapshot.get() == [2]


def test_copy_stays_while_the_database_is_away(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    database = Database()
    snapshot = Snapshot(database.load)
    first = snapshot.get()
    database.is_away = True
    for _ in range(3):
        clock[0] += 1
        # One try a second, however often the copy is used.
        assert [snapshot.get() for _ in range(5)] == 5 * [first]
        assert snapshot.needs_no_load()
    assert database.loads == 4
    database.is_away = False
    clock[0] += 1
    assert snapshot.get() == [5]
    # The log tells when it went and when it came back, and not of each try.
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_copy_stays_too_when_it_was_to_be_forgotten(clock: list[float]) -> None:
    database = Database()
    snapshot = Snapshot(database.load)
    first = snapshot.get()
    database.is_away = True
    snapshot.forget()
    assert snapshot.get() is first


def test_error_comes_through_where_nothing_was_ever_loaded() -> None:
    database = Database()
    database.is_away = True
    with pytest.raises(OperationalError):
        Snapshot(database.load).get()


def test_mistake_in_the_code_comes_through(clock: list[float]) -> None:
    loads = iter([lambda: 1, lambda: 1 // 0])
    snapshot = Snapshot(lambda: next(loads)())
    snapshot.get()
    clock[0] += 1
    with pytest.raises(ZeroDivisionError):
        snapshot.get()


class Loading:
    """A snapshot with the value 0 whose second load lasts until `end` is set."""

    def __init__(self) -> None:
        self.begun, self.end = threading.Event(), threading.Event()
        self.values = count()
        self.on_load: Callable[[], None] = lambda: None
        self.snapshot = Snapshot(self._load)
        self.snapshot.get()

    def _load(self) -> int:
        value = next(self.values)
        if value == 1:
            self.begun.set()
            assert self.end.wait(30)
        return value


def test_only_one_thread_loads_and_the_others_use_the_old_copy(
    clock: list[float],
) -> None:
    loading = Loading()
    clock[0] += 1
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(loading.snapshot.get)
        assert loading.begun.wait(30)
        assert loading.snapshot.needs_no_load()
        assert loading.snapshot.get() == 0
        loading.end.set()
        assert first.result() == 1
    assert loading.snapshot.get() == 1


def test_change_during_a_load_is_not_lost(clock: list[float]) -> None:
    loading = Loading()
    clock[0] += 1
    with ThreadPoolExecutor(2) as pool:
        loader = pool.submit(loading.snapshot.get)
        assert loading.begun.wait(30)
        loading.snapshot.forget()
        assert not loading.snapshot.needs_no_load()
        # Who asks now waits for the load, because the old copy is known to be wrong.
        asker = pool.submit(loading.snapshot.get)
        loading.end.set()
        # What was being loaded is older than the change, so it is loaded once more.
        assert (loader.result(), asker.result()) == (2, 2)


def test_nobody_waits_for_a_database_that_is_known_to_be_away(
    clock: list[float],
) -> None:
    begun, end = threading.Event(), threading.Event()
    loads = count()

    def load() -> int:
        number = next(loads)
        if number == 1:
            raise OperationalError("away")
        if number == 2:
            begun.set()
            assert end.wait(30)
        return number

    snapshot = Snapshot(load)
    snapshot.get()
    snapshot.forget()
    assert snapshot.get() == 0
    clock[0] += 1
    with ThreadPoolExecutor(2) as pool:
        trying = pool.submit(snapshot.get)
        assert begun.wait(30)
        try:
            assert pool.submit(snapshot.get).result(timeout=20) == 0
        finally:
            end.set()
        assert trying.result() == 2
