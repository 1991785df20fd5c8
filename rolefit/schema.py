"""Checks that the tables of the database agree with the models.

Django records which migrations ran, not what they made: a database whose tables were
changed by hand, or made by an earlier form of a migration, passes for up to date until
a query fails. This module reads the real tables and says what differs.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

OUR_APPS = ("content", "assessments")
# Seconds that a process trusts its last good answer: that the tables agree with the
# models, and that it can write.
AGREEMENT_SECONDS, WRITE_SECONDS = 60.0, 5.0

NAMED_CONSTRAINT = re.compile(r'CONSTRAINT "([^"]+)"')

COLUMNS_ON_SQLITE = """
SELECT m.name, c.name, c.type, c."notnull", c.dflt_value IS NOT NULL OR c.pk
FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
"""
NAMES_ON_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
COLUMNS_ON_POSTGRESQL = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  a.atthasdef OR a.attidentity <> ''
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_table_is_visible(c.oid)
"""
NAMES_ON_POSTGRESQL = """
SELECT c.relname, k.conname, '' FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid WHERE pg_table_is_visible(c.oid)
UNION ALL
SELECT c.relname, i.relname, '' FROM pg_index x
  JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  WHERE pg_table_is_visible(c.oid)
"""
QUERIES = {
    "sqlite": (COLUMNS_ON_SQLITE, NAMES_ON_SQLITE),
    "postgresql": (COLUMNS_ON_POSTGRESQL, NAMES_ON_POSTGRESQL),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """One column as the database has it.

    `filled`: the database fills it where an INSERT leaves it out.
    """

    type: str
    null: bool
    filled: bool


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One table as the database has it. `names`: of its constraints and indexes."""

    columns: dict[str, StoredColumn] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def tables_of(database: BaseDatabaseWrapper) -> Mapping[str, StoredTable]:
    """Every table of the database, read in two queries."""
    tables: defaultdict[str, StoredTable] = defaultdict(StoredTable)
    columns, names = QUERIES[database.vendor]
    for table, name, kind, required, filled in _rows(database, columns):
        tables[table].columns[name] = StoredColumn(kind, not required, bool(filled))
    for table, name, sql in _rows(database, names):
        # SQLite keeps the names of constraints in the text of the table alone.
        tables[table].names.update([name, *NAMED_CONSTRAINT.findall(sql)])
    return tables


def _rows(database: BaseDatabaseWrapper, query: str) -> Sequence[tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def table_differences(database: BaseDatabaseWrapper) -> list[str]:
    """A sentence for everything in which a table of ours is not what its model says."""
    tables = tables_of(database)
    sentences: list[str] = []
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                sentences += _differences_of(model, tables, database)
    return sentences


def _differences_of(
    model: type[Model], tables: Mapping[str, StoredTable], database: BaseDatabaseWrapper
) -> Iterator[str]:
    name = model._meta.db_table
    table = tables.get(name)
    if table is None:
        yield f"Table {name} is missing."
        return
    fields = {
        str(model_field.column): model_field
        for model_field in model._meta.local_concrete_fields
    }
    for column, model_field in fields.items():
        real = table.columns.get(column)
        if real is None:
            yield f"Column {column} of table {name} is missing."
            continue
        kind = model_field.db_type(database) or ""
        if _plain(real.type) != _plain(kind):
            yield (
                f"Column {column} of table {name} is {real.type}, but should be {kind}."
            )
        if real.null and not model_field.null:
            yield f"Column {column} of table {name} may be empty, but should not be."
        if model_field.null and not real.null:
            yield f"Column {column} of table {name} may not be empty, but should."
    for extra in sorted(table.columns.keys() - fields.keys()):
        # A newer version of the software adds columns while this one still serves.
        # Only one that every new row must fill is in the way.
        real = table.columns[extra]
        if not real.null and not real.filled:
            yield f"Column {extra} of table {name} is required but unknown."
    names = {item.name for item in (*model._meta.constraints, *model._meta.indexes)}
    for missing in sorted(names - table.names):
        yield f"Constraint or index {missing} of table {name} is missing."


def _plain(kind: str) -> str:
    """A type as both the database and Django write it."""
    return kind.casefold().replace("character varying", "varchar")


@lru_cache(maxsize=1)
def _migrations() -> frozenset[tuple[str, str]]:
    """Every migration of the code, read from the disk once a process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def is_migrated(database: BaseDatabaseWrapper) -> bool:
    """Whether every migration is applied. Takes one or two queries."""
    return _migrations() <= MigrationRecorder(database).applied_migrations().keys()


def try_write(database: BaseDatabaseWrapper) -> None:
    """Write a row and take it away again, as a save would need to.

    Raises a DatabaseError where that fails: the disk is full, or another process holds
    the lock for longer than the time limit of the connection. A good answer holds for
    some seconds, so that many probes cost little.
    """
    if time.monotonic() - _Tried.written_at < WRITE_SECONDS:
        return
    table = database.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    # A key of its own, so that two machines that try at once do not meet.
    key = f"ready-{secrets.token_hex(8)}"
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, '', %s)",  # noqa: S608
            [key, timezone.now()],
        )
        cursor.execute(f"DELETE FROM {table} WHERE cache_key = %s", [key])  # noqa: S608
    _Tried.written_at = time.monotonic()


class _Tried:
    """When this process last saw that the tables agree, and that it can write."""

    agreed_at = written_at = float("-inf")


def agrees() -> bool:
    """Whether the tables are what the models say. What differs goes to the log.

    A good answer holds for a minute, so that a probe every second stays cheap; a bad
    one is never trusted: the next call looks again.
    """
    if time.monotonic() - _Tried.agreed_at < AGREEMENT_SECONDS:
        return True
    sentences = table_differences(connection)
    for sentence in sentences:
        log.error("The database differs from the software: %s", sentence)
    if not sentences:
        _Tried.agreed_at = time.monotonic()
    return not sentences


def forget_agreement() -> None:
    """Look at the tables, and try to write, again the next time."""
    _Tried.agreed_at = _Tried.written_at = float("-inf")


def check_tables(
    *, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """System check E001, with the tag `database`.

    Django runs such checks for `migrate`, and for `check` where a database is named;
    our own `check` names it by default. So `makemigrations`, `runserver` and the other
    commands ask no database. Tables may differ while migrations wait to be applied:
    `migrate` will make them agree, so this check must not stop it. A database that
    cannot be reached is not compared either.
    """
    if "default" not in (databases or ()):
        return []
    try:
        sentences = table_differences(connection) if is_migrated(connection) else []
    except (DatabaseError, InterfaceError):
        return []
    return [
        Error(
            sentence,
            hint="Every migration has run, so running them again won't help. "
            "Someone changed the table by hand, or another version made it.",
            id="rolefit.E001",
        )
        for sentence in sentences
    ]
