"""A copy of database rows that a process keeps for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Snapshot(Generic[T]):
    """What `load` returned, trusted for `seconds` and then loaded again.

    Another process learns of a change when its own copy is too old. A process that
    makes a change calls `forget`, and so shows the change at once.
    """

    def __init__(self, load: Callable[[], T], *, seconds: float) -> None:
        self._load, self._seconds = load, seconds
        # When the value was loaded, and the value: replaced together, so that no
        # thread sees the time of one with the value of another.
        self._loaded: tuple[float, T] | None = None

    def get(self) -> T:
        loaded = self._loaded
        if loaded is None or time.monotonic() - loaded[0] >= self._seconds:
            loaded = self._loaded = (time.monotonic(), self._load())
        return loaded[1]

    def forget(self) -> None:
        self._loaded = None
