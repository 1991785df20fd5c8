"""One process at a time prepares a database, however many start at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

# Any number that nothing else locks in the same PostgreSQL database.
LOCK = 0x526F6C65
NO_LIMITS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process is inside for this database.

    The lock goes with the process that holds it, even where that is killed.
    """
    if connection.vendor == "sqlite":
        path = Path(f"{connection.settings_dict['NAME']}.prepare")
        with path.open("w") as file:
            path.chmod(0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    # A connection of its own, and a lock that ends with its transaction: a pooler may
    # lend the connection to somebody else after that.
    holder = connection.copy(alias="prepare")
    holder.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN")
            for statement in NO_LIMITS:
                cursor.execute(statement)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()


@contextmanager
def without_time_limits() -> Iterator[None]:
    """Inside, PostgreSQL gives a statement all the time that it takes.

    A migration of a large table takes longer than a page may. The limit on waiting for
    a lock stays: a migration that waits makes every page behind it wait, too.
    """
    if connection.vendor == "sqlite":
        yield
        return
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")
    with connection.cursor() as cursor:
        for limit in limits:
            cursor.execute(f"SET {limit} = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for limit in limits:
                cursor.execute(f"RESET {limit}")
