"""A database that refuses, as Django sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def database_away(*, for_writes_only: bool = False) -> Iterator[None]:
    """Refuse every statement, or writes alone, as a full disk or a lock does."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not for_writes_only or sql.startswith(WRITES):
            raise OperationalError("the database is away")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield
