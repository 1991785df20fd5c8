"""The cache of sign-in limits and used codes."""

from __future__ import annotations

from datetime import datetime

from django.core.cache.backends import db
from django.db import connections
from django.db.backends.utils import CursorWrapper


class DatabaseCache(db.DatabaseCache):
    """Drops only what is past its time.

    Django's own cache drops a third of all entries where there are many. So a stranger
    could delete the failures counted against an account, by failing at many others.
    Each entry here lives for minutes, and the limit on posts of one address bounds how
    many it makes. `MAX_ENTRIES` is where the dropping begins.
    """

    def _cull(self, alias: str, cursor: CursorWrapper, now: datetime, num: int) -> None:
        connection = connections[alias]
        quote = connection.ops.quote_name
        table = quote(self._table)  # type: ignore[attr-defined]
        cursor.execute(
            f"DELETE FROM {table} WHERE {quote('expires')} < %s",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(now)],
        )
