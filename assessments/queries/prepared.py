"""Queries whose SQL Django writes once for a connection, and not at every use.

Most of the time of a small query goes into writing its SQL. The queries that every page
of a visitor asks are therefore prepared:

    owner_with = Prepared(lambda: Owner.objects.filter(key_sha256=Given("digest")))
    owners = owner_with.rows(digest="9f86…")

The SQL and the objects are the same as those of the plain query. So is the number of
queries: nothing of the database is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet, Value
from django.db.models import query as django_query

M = TypeVar("M", bound=Model)
_related: Any = django_query.get_related_populators


class Given(Value):
    """A value of a prepared query that is given at each use, under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name, output_field=Field())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Ready(Generic[M]):
    """A query as one connection asks it, and how its rows become objects.

    `annotations`: attribute to column.
    """

    sql: str
    parameters: tuple[object, ...]
    model: type[M]
    fields: list[str]
    columns: slice
    converters: list[tuple[int, list[Any], Any]]
    related: Sequence[Any]
    annotations: dict[str, int]


class Prepared(Generic[M]):
    """A query of whole objects, with `select_related` and annotations if it has them.

    `make` is called once for each connection.
    """

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make

    def rows(self, **given: object) -> list[M]:
        """Ask the database. `given`: the value of each Given by its name."""
        connection = connections[DEFAULT_DB_ALIAS]
        ready = self._ready(connection)
        adapt = connection.ops.adapt_unknown_value
        parameters: list[Any] = [
            adapt(given[str(parameter.value)])
            if isinstance(parameter, Given)
            else parameter
            for parameter in ready.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(ready.sql, parameters)
            found = cursor.fetchall()
        return [_object(ready, list(row), connection) for row in found]

    def first(self, **given: object) -> M | None:
        """The first row; the query itself should ask for no more."""
        return next(iter(self.rows(**given)), None)

    def _ready(self, connection: BaseDatabaseWrapper) -> _Ready[M]:
        # On the connection, because that belongs to one thread and one database.
        ready: dict[Prepared[Any], _Ready[Any]] = vars(connection).setdefault(
            "_prepared", {}
        )
        if self not in ready:
            ready[self] = self._prepare()
        return ready[self]

    def _prepare(self) -> _Ready[M]:
        queryset = self._make()
        compiler: Any = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        select, wanted = compiler.select, compiler.klass_info["select_fields"]
        columns = slice(wanted[0], wanted[-1] + 1)
        converters = compiler.get_converters([column for column, *_ in select])
        return _Ready(
            sql=sql,
            parameters=tuple(parameters),
            model=compiler.klass_info["model"],
            fields=[column.target.attname for column, *_ in select[columns]],
            columns=columns,
            converters=[(place, *converter) for place, converter in converters.items()],
            related=_related(compiler.klass_info, select, queryset.db),
            annotations=compiler.annotation_col_map,
        )


def update_row(row: Model, fields: Sequence[str]) -> None:
    """Write these fields of a row that is there, as `row.save(update_fields=…)` does.

    For a row that the transaction holds locked: it neither looks whether the row is
    still there nor sends signals.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    sql, written = _update(type(row), tuple(fields))
    values: list[Any] = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in written
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@lru_cache(maxsize=16)
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The SQL that writes these fields, and the fields whose values it takes."""
    quoted, meta = connections[DEFAULT_DB_ALIAS].ops.quote_name, model._meta
    written: list[Any] = [meta.get_field(name) for name in names]
    key: Any = meta.pk
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in written)
    sql = (
        f"UPDATE {quoted(meta.db_table)} SET {columns} "  # noqa: S608
        f"WHERE {quoted(key.column)} = %s"
    )
    return sql, [*written, key]


def _object(ready: _Ready[M], row: list[Any], connection: BaseDatabaseWrapper) -> M:
    """As ModelIterable of Django makes it."""
    for place, converters, column in ready.converters:
        for convert in converters:
            row[place] = convert(row[place], column, connection)
    made = ready.model.from_db(DEFAULT_DB_ALIAS, ready.fields, row[ready.columns])
    for populator in ready.related:
        populator.populate(row, made)
    for attribute, place in ready.annotations.items():
        setattr(made, attribute, row[place])
    return made
