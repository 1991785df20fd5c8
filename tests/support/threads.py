"""Several requests or actions at the same moment, in real threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

ROUNDS = int(os.environ.get("CONCURRENCY_ROUNDS", "40"))
Given = TypeVar("Given")


def at_once(*acts: Callable[[], Given]) -> list[Given | Exception]:
    """Run all of them in threads that start together; what each gave or raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Given]) -> Given | Exception:
        barrier.wait(timeout=60)
        try:
            return act()
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def kinds(outcomes: Iterable[object]) -> list[str]:
    """The names of the types of what `at_once` gave, sorted."""
    return sorted(type(outcome).__name__ for outcome in outcomes)
