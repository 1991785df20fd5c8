"""The article, questionnaire and prompts that come with the software, for tests.

The commands that load them take half a second. So article and questionnaire are
committed once a session, where every test whose transaction rolls back finds them.
A test with real transactions empties the database; there, and wherever a test asks
for them once more, the rows that the command made are inserted again.
"""

from __future__ import annotations

from copy import copy

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import DateTimeField, Model
from django.utils import timezone

from assessments.actions.staff_groups import sync_groups

OURS = ("content", "assessments")
# In the order in which a fresh site loads them.
ONCE_A_SESSION = ("load_article", "load_questionnaire")

_made: dict[str, list[list[Model]]] = {}
_committed: set[str] = set()


def load_once() -> None:
    """Commit what nearly every test needs. Called before the first test."""
    sync_groups()
    for command in ONCE_A_SESSION:
        load(command)
        _committed.add(command)


def keep_only(commands: frozenset[str]) -> None:
    """Take away what the session has loaded and this test did not ask for.

    In a transaction the rows come back with its end. Outside of one they are gone,
    as the test empties the whole database anyway.
    """
    forever = not connection.in_atomic_block
    with transaction.atomic():
        for command in _committed if forever else _committed - commands:
            _take_away(command)
    if forever:
        _committed.clear()


def _take_away(command: str) -> None:
    """Delete what the command made.

    Django's collector would refuse protected rows. The database checks foreign keys
    at the end of the transaction.
    """
    for rows in _made[command]:
        if rows:
            made = type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])
            made._raw_delete(made.db)


def load(command: str) -> None:
    """Do as this command does on a database that holds nothing of it yet."""
    if command in _committed:
        return
    if command not in _made:
        before = _rows()
        call_command(command, verbosity=0)
        _made[command] = [
            [row for row in rows if row.pk not in before[model]]
            for model, rows in _models_and_rows()
        ]
        return
    # Rows name others that come later; the end of the transaction checks that.
    with transaction.atomic():
        for rows in _made[command]:
            if rows:
                type(rows[0])._base_manager.bulk_create([_today(row) for row in rows])


def _models_and_rows() -> list[tuple[type[Model], list[Model]]]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return [(model, list(model._base_manager.all())) for model in models]


def _rows() -> dict[type[Model], set[object]]:
    return {model: {row.pk for row in rows} for model, rows in _models_and_rows()}


def _today(row: Model) -> Model:
    """Copy a row as if it were made now: some tests set the clock."""
    made = copy(row)
    made._state = copy(row._state)
    for field in row._meta.concrete_fields:
        if isinstance(field, DateTimeField) and getattr(row, field.attname) is not None:
            setattr(made, field.attname, timezone.now())
    return made
