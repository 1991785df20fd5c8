"""A copy of database rows that a process keeps for a second."""

from __future__ import annotations

import logging
import operator
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error

T = TypeVar("T")

# For which a copy is trusted. So long may a process still show what another process or
# machine has changed.
SECONDS = 1.0

_log = logging.getLogger(__name__)


class Snapshot(Generic[T]):
    """What `load` returned, trusted for SECONDS and then loaded again.

    Another process learns of a change when its own copy is too old. A process that
    makes a change calls `forget`, and so shows the change at once.

    Only one thread at a time loads an old copy again; the others meanwhile use it as it
    is. While the database is away, the old copy stays, and one try a second is made. So
    a page made from the copy neither fails nor waits.
    """

    def __init__(
        self, load: Callable[[], T], *, same: Callable[[T, T], bool] = operator.eq
    ) -> None:
        self._load, self._same = load, same
        # A tuple, so that None is a value as any other.
        self._held: tuple[T] | None = None
        self._due = 0.0  # when to load again, by the monotonic clock
        self._changes = self._loaded_changes = (
            0  # calls of `forget`, now and at the load
        )
        self._away = False
        self._lock = threading.Lock()

    def get(self) -> T:
        """The copy. Loads it first where it is too old.

        Raises a django.db.Error only where nothing was ever loaded.
        """
        held = self._held
        if held is None:
            return self._loaded()
        if time.monotonic() < self._due:
            return held[0]
        # Who has just changed something waits for a load that another thread has begun.
        waits = self._changes != self._loaded_changes and not self._away
        if not self._lock.acquire(blocking=waits):
            return held[0]
        try:
            if time.monotonic() >= self._due:
                return self._loaded_again(held[0])
        finally:
            self._lock.release()
        return self._held[0] if self._held else held[0]

    def held(self) -> tuple[T] | None:
        """The copy however old it is, in a tuple; None before the first load."""
        return self._held

    def needs_no_load(self) -> bool:
        """Whether `get` would return at once, without the database."""
        if self._held is None or self._changes != self._loaded_changes:
            return False
        return time.monotonic() < self._due or self._lock.locked()

    def forget(self) -> None:
        """Load again at the next use. Until that succeeds, the copy is still there."""
        self._changes += 1
        self._due = 0.0

    def _loaded_again(self, old: T) -> T:
        try:
            return self._loaded()
        except Error as error:
            if not self._away:
                _log.error(
                    "The database is away, so pages are shown as held: %s", error
                )
            self._away, self._due = True, time.monotonic() + SECONDS
            return old

    def _loaded(self) -> T:
        while True:
            changes, began = self._changes, time.monotonic()
            value = self._load()
            if changes == self._changes:
                break
        held = self._held
        # The same value keeps its object: what was made from that is still right.
        if held is None or not self._same(held[0], value):
            self._held = held = (value,)
        self._loaded_changes, self._due = changes, began + SECONDS
        if self._away:
            self._away = False
            _log.warning("The database is back.")
        return held[0]
