"""While an upgrade runs, servers of the last release work on the new tables.

First expand, then contract: a release adds, and only the one after it may take away
(docs/operate.md). At a release, LANDED and LAST_RELEASE of
tests/support/last_release.py move to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from assessments.models import Result, ShareLink
from rolefit.schema import OUR_APPS
from tests.support.last_release import unpack_last_release

# The number of the last migration in it.
LANDED = {"assessments": 13, "content": 5}
# Later migrations gave these the default that they lacked.
MADE_GOOD = {
    ("content", "sitewords", "edition"),
    ("assessments", "attempt", "saves"),
}
TAKE_AWAY = (
    operations.DeleteModel,
    operations.RemoveField,
    operations.RenameModel,
    operations.AlterModelTable,
)
# What visitors, staff and probes do on a server of the last release.
VISIT = """
import os
import sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rolefit.settings"
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from tests.support.taker import Taker
for example in ("both", "close"):
    taker = Taker(Client())
    taker.take(example)
    assert taker.client.get("/quiz/result/").status_code == 200
    link = {"scope": "summary", "label": "", "days": "30"}
    assert taker.client.post("/quiz/result/share/", link).status_code == 302
for path in ("/", "/method/", "/quiz/", "/healthz", "/readyz"):
    assert Client().get(path).status_code == 200, path
from django.core.management import call_command
for command in ("verify_results", "rollup", "forget_old"):
    call_command(command)
"""


def new_operations() -> Iterator[tuple[str, Any, ProjectState, bool]]:
    """What migrations since the last release do, with the state before.

    The last part says whether the table of the operation is new, too.
    """
    executor = MigrationExecutor(None)
    graph, state = executor.loader.graph, ProjectState()
    made: set[tuple[str, str]] = set()
    done: set[tuple[str, str]] = set()
    for leaf in graph.leaf_nodes():
        for key in graph.forwards_plan(leaf):
            if key in done:
                continue
            done.add(key)
            app, name = key
            new = app in OUR_APPS and int(name[:4]) > LANDED[app]
            for operation in graph.nodes[key].operations:
                if new and isinstance(operation, operations.CreateModel):
                    made.add((app, operation.name_lower))
                if new:
                    model = getattr(operation, "model_name_lower", "")
                    yield app, operation, state, (app, model) in made
                operation.state_forwards(app, state)


def test_new_migrations_only_add() -> None:
    for app, operation, before, on_new_table in new_operations():
        if isinstance(operation, operations.RenameField):
            # In the code alone: the column keeps its name.
            model = before.models[app, operation.model_name_lower]
            assert model.fields[operation.old_name].db_column, operation.describe()
            continue
        assert not isinstance(operation, TAKE_AWAY), operation.describe()
        if on_new_table or not isinstance(
            operation, (operations.AddField, operations.AlterField)
        ):
            continue
        new, column = operation.field, (app, operation.model_name, operation.name)
        if isinstance(operation, operations.AddField) and column not in MADE_GOOD:
            optional = new.null or new.has_db_default() or new.many_to_many
            assert optional, f"{operation.describe()}: give it db_default"
        elif isinstance(operation, operations.AlterField):
            model = before.models[app, operation.model_name_lower]
            old = model.fields[operation.name]
            assert new.null or not old.null, operation.describe()
            assert type(new) is type(old), operation.describe()


@pytest.mark.database
@pytest.mark.slow
def test_the_last_release_works_on_the_new_tables(
    empty_database: None, tmp_path: Path
) -> None:
    """Between `migrate`, with which an upgrade begins, and `prepare`, which ends it."""
    code = unpack_last_release(tmp_path)
    place = connection.settings_dict
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 50,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "rolefit.settings",
    }
    if connection.vendor == "sqlite":
        (tmp_path / "db.sqlite3").symlink_to(place["NAME"])
    else:
        host = place["OPTIONS"]["host"]
        environment["DATABASE_URL"] = (
            f"postgresql://postgres@/{place['NAME']}?host={host}"
        )

    def last_release(*command: str) -> None:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=code,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    last_release("manage.py", "prepare")
    last_release("-c", VISIT)
    call_command("migrate", verbosity=0)
    last_release("-c", VISIT)
    call_command("prepare", verbosity=0)
    assert (Result.objects.count(), ShareLink.objects.count()) == (4, 4)
    assert verified() == "Results checked: 4. No differences.\n"


def verified() -> str:
    out = StringIO()
    call_command("verify_results", stdout=out)
    return out.getvalue()
