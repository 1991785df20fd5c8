"""How long a page waits for PostgreSQL.

PostgreSQL ends a statement that takes too long, but not while it is frozen itself, as
where its machine is paused or its disk hangs. TCP doesn't notice that either: the
system still answers for the process. So the server waits with a limit of its own.
Commands of manage.py wait without one, for a migration may take long.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import Connection, OperationalError
from psycopg.errors import _WaitTimeout

from .environment import STATEMENT_MS

# Seconds for one answer of PostgreSQL. It has its own limit for a statement, whose
# error says more, so that must come first.
ANSWER_SECONDS = STATEMENT_MS / 1000 + 2


class LimitedConnection(Connection[Any]):
    """psycopg waits for every answer by `wait`, the one to a commit included."""

    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return super().wait(
                gen, *arguments, **{"timeout": ANSWER_SECONDS, **options}
            )
        except _WaitTimeout:
            # What PostgreSQL still sends belongs to a question that nobody asks now.
            self.close()
            raise OperationalError(
                f"PostgreSQL did not answer within {ANSWER_SECONDS} seconds"
            ) from None


def limit_waits() -> None:
    """From now on, this process waits with a limit on the connections it opens."""
    connection_created.connect(_limit, dispatch_uid="limit_waits")


def _limit(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    # Django and its pool open each connection by psycopg's own class.
    connection.connection.__class__ = LimitedConnection
