"""A database of its own for one test, on the engine that the whole run uses.

Landed data migrations speak to the default database, so a second alias would not do:
inside `scratch_database` the default connection leads to the scratch database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from rolefit.schema import OUR_APPS, StoredTable, tables_of

OUR_MODELS = [
    model for app in OUR_APPS for model in apps.get_app_config(app).get_models()
]


@contextmanager
def scratch_database(folder: Path) -> Iterator[None]:
    """Inside, the default database is an empty one, which is gone afterwards."""
    usual = connections["default"]
    on_sqlite = usual.vendor == "sqlite"
    name = f"scratch_{uuid4().hex}"
    if not on_sqlite:
        with usual.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    place = str(folder / f"{name}.sqlite3") if on_sqlite else name
    scratch = _connection_to(usual, place)
    connections["default"] = scratch
    try:
        yield
    finally:
        scratch.close()
        connections["default"] = usual
        if not on_sqlite:
            with usual.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def _connection_to(usual: BaseDatabaseWrapper, name: str) -> BaseDatabaseWrapper:
    return type(usual)({**usual.settings_dict, "NAME": name}, "default")


def migrate_to(assessments: str, *, content: str = "", others: bool = False) -> Apps:
    """Our tables as they stood after this migration, and the models of that time.

    Without `content` its migrations run as far as that one needs them. `others`: all
    migrations of the other apps run as well.
    """
    executor = MigrationExecutor(connection)
    targets = [("assessments", assessments)]
    if content:
        targets.append(("content", content))
    if others:
        newest = executor.loader.graph.leaf_nodes()
        targets += [(app, name) for app, name in newest if app not in OUR_APPS]
    executor.migrate(targets)
    # The state that `migrate` returns is rendered piece by piece, and some of its
    # models
    # point at earlier renderings of others.
    return executor.loader.project_state(targets).apps


def our_tables() -> dict[str, StoredTable]:
    """The tables of our two apps with columns, types and names, as they really are."""
    return {
        name: table
        for name, table in tables_of(connection).items()
        if name.startswith(OUR_APPS)
    }


def every_row() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables of our two apps, and the rights of groups."""
    models = [*OUR_MODELS, Group, Group.permissions.through]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }
