"""A database that the software filled before 0.2, and what its pages showed then.

Both files were written once, by the software of that time, through its own actions: two
published versions, results of every outcome and both forms, second sittings, a
correction, sittings of staff, share links, three coaches with groups and grants, a
closed panel. The people are invented. `rows` holds the tables as they were; `facts` has
for each result its owner's key, its share link at the widest scope, the JSON of that
link, and the numbers of both pages in order.

Rows are put in as they are, and not through models: models of today know neither the
tables nor the columns of then.
"""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.db import connection, transaction

FOLDER = Path(__file__).parent / "before_0_2"
FILLED_AT = "0009_counts_by_week"
CONTENT_FILLED_AT = "0004_changes_in_the_audit_trail"
# What migrations give to a row of then.
NEW_COLUMNS = {"content_role": {"does": ""}, "content_sitewords": {"edition": 1}}
NUMBER = re.compile(r"\d[\d.,/]*")


@cache
def _read(name: str) -> Any:
    return json.loads(gzip.decompress((FOLDER / name).read_bytes()))


def facts() -> list[dict[str, Any]]:
    return _read("facts.json.gz")


def soon_after() -> datetime:
    """A time at which no link of the database has ended yet."""
    return datetime.fromisoformat(_read("rows.json.gz")["made_at"]) + timedelta(hours=1)


def put_rows(*, without: tuple[str, ...] = ()) -> None:
    """Into tables as they stood after FILLED_AT."""
    tables = _read("rows.json.gz")["tables"]
    # References are checked when the transaction ends, so the order is free.
    with transaction.atomic():
        for table in tables.keys() - set(without):
            _insert(table, tables[table]["columns"], tables[table]["rows"])


def put_content() -> None:
    """The words of then and their staff, into tables of today."""
    tables = _read("rows.json.gz")["tables"]
    with transaction.atomic():
        for table in ("auth_user", *(name for name in tables if "content_" in name)):
            columns, rows = tables[table]["columns"], tables[table]["rows"]
            new = NEW_COLUMNS.get(table, {})
            columns = [*columns, *new]
            rows = [[*row, *new.values()] for row in rows]
            _insert(table, columns, rows)


def _insert(table: str, columns: list[str], rows: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    values = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(table)} ({names}) VALUES ({values})",  # noqa: S608
            rows,
        )
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            last = f"SELECT max(id) FROM {quote(table)}"  # noqa: S608
            cursor.execute(f"SELECT setval({sequence}, ({last}))")


class _Numbers(HTMLParser):
    """The numbers in each row of a table and in each figure of a list, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._depth += tag in ("tr", "dd")

    def handle_data(self, data: str) -> None:
        if self._depth:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("tr", "dd"):
            return
        self._depth -= 1
        if self._depth == 0:
            numbers = [
                each.rstrip(".,") for each in NUMBER.findall(" ".join(self._text))
            ]
            self.rows += [" ".join(numbers)] if numbers else []
            self._text = []


def numbers_of(page: str) -> list[str]:
    """What a page of a result says in figures: words may change, these may not."""
    reader = _Numbers()
    reader.feed(page)
    return reader.rows
