"""Daily work is cut into small transactions, so that no visitor's save waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db.models import QuerySet

Found = TypeVar("Found")

# Rows in one transaction. SQLite looks again after 1, 2, 5, 10, 15, 20, 25 ms and so on
# whether it may write, in the end every tenth of a second. A hundred rows take less
# than 0.1 s, so a save that waits for them still looks often.
SLICE = 100
# Of the daily jobs: they work an eleventh of the time at most. So whenever a save
# looks, it is ten times as likely to find the database free of them as not. With five
# times, one of 124,581 saves beside `forget_old` had to wait for 1.04 s.
REST = 10.0


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


def keys_in_slices(rows: QuerySet[Any], *, rest: float = 0) -> Iterator[list[int]]:
    """The keys of these rows, at most SLICE at a time, until there are none.

    The caller deletes the rows, or changes them so that they are none of these any
    more. `rest` is that of `in_slices`.
    """
    keys = rows.order_by("pk").values_list("pk", flat=True)
    return in_slices(lambda: list(keys[:SLICE]), rest=rest)


def delete_in_slices(rows: QuerySet[Any], *, rest: float = 0) -> int:
    """Delete these rows, SLICE in one transaction; return how many there were.

    `rest` is that of `in_slices`.
    """
    deleted = 0
    for keys in keys_in_slices(rows, rest=rest):
        _, counts = rows.filter(pk__in=keys).delete()
        deleted += counts.get(rows.model._meta.label, 0)
    return deleted
