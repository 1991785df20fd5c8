"""Daily work is cut into small transactions, so that no visitor's save waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Found = TypeVar("Found")

# Rows in one transaction. SQLite looks again after 1, 2, 5, 10, 15, 20, 25 ms and so on
# whether it may write, in the end every tenth of a second. A hundred rows take less
# than 0.1 s, so a save that waits for them still looks often.
SLICE = 100
# Of the daily jobs: they work a quarter of the time at most. So whenever a save looks,
# it is three times as likely to find the database free of them as not.
REST = 3.0


def in_slices(
    work: Callable[[], Found | None], *, most: int | None = None, rest: float = 0
) -> Iterator[Found]:
    """Do some work again and again, and give what it found, until that is nothing.

    At most `most` times. After each it waits `rest` times as long as it took, with
    what the caller did with it.
    """
    done = 0
    while done != most:
        began = time.monotonic()
        if not (found := work()):
            return
        yield found
        done += 1
        time.sleep(rest * (time.monotonic() - began))
