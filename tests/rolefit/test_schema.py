"""Tables that are not what the models say are found by a check, the probe and
`prepare`.

Both databases change tables inside a transaction, and take it back with the test.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rolefit import schema
from rolefit.schema import check_tables, table_differences

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROOT = Path(__file__).parents[2]
NO_INDEX = (
    "Constraint or index participation_by_name of table assessments_participation "
    "is missing."
)


@pytest.fixture(autouse=True)
def _look_again() -> Iterator[None]:
    schema.forget_agreement()
    yield
    schema.forget_agreement()


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_index() -> None:
    run_sql("DROP INDEX participation_by_name")


def found() -> list[str]:
    return [
        sentence.replace("character varying", "varchar")
        for sentence in table_differences(connection)
    ]


def test_tables_of_the_migrations_are_those_of_the_models() -> None:
    assert table_differences(connection) == []


def test_required_column_that_may_be_left_empty_by_the_model_is_named() -> None:
    run_sql(
        "ALTER TABLE assessments_result DROP COLUMN lean",
        "ALTER TABLE assessments_result "
        "ADD COLUMN lean double precision NOT NULL DEFAULT 0",
    )
    assert "Column lean of table assessments_result may not be empty, but should." in (
        found()
    )


def test_all_tables_cost_two_queries() -> None:
    with CaptureQueriesContext(connection) as asked:
        table_differences(connection)
    assert len(asked) == 2


def test_missing_index_is_named() -> None:
    drop_index()
    assert found() == [NO_INDEX]


def test_missing_table_is_named() -> None:
    run_sql("DROP TABLE assessments_clickday")
    assert found() == ["Table assessments_clickday is missing."]


def test_missing_column_is_named() -> None:
    run_sql("ALTER TABLE assessments_coach DROP COLUMN works_with")
    assert found() == ["Column works_with of table assessments_coach is missing."]


@pytest.mark.parametrize(
    ("column", "sentences"),
    [
        ("varchar(300) NOT NULL DEFAULT ''", []),  # how it is
        (
            "varchar(200) NOT NULL DEFAULT ''",
            [
                "Column works_with of table assessments_coach is varchar(200), "
                "but should be varchar(300)."
            ],
        ),
        (
            "varchar(300)",
            [
                "Column works_with of table assessments_coach may be empty, "
                "but should not be."
            ],
        ),
    ],
)
def test_column_of_another_type_is_named(column: str, sentences: list[str]) -> None:
    run_sql(
        "ALTER TABLE assessments_coach DROP COLUMN works_with",
        f"ALTER TABLE assessments_coach ADD COLUMN works_with {column}",
    )
    assert found() == sentences


@pytest.mark.parametrize(
    ("extra", "in_the_way"),
    [
        ("integer NOT NULL", True),
        ("integer NOT NULL DEFAULT 0", False),
        ("text", False),
    ],
)
def test_unknown_column_is_named_where_every_new_row_must_fill_it(
    extra: str, in_the_way: bool
) -> None:
    """A newer version of the software may have added a column while this one serves."""
    run_sql(
        "DROP TABLE assessments_clickday",
        f"CREATE TABLE assessments_clickday (id integer, newer {extra})",
    )
    sentence = "Column newer of table assessments_clickday is required but unknown."
    assert (sentence in found()) is in_the_way


def test_check_says_what_differs_where_a_database_is_named() -> None:
    drop_index()
    [error] = [each for each in run_checks(databases=["default"]) if each.is_serious()]
    assert (error.id, error.msg) == ("rolefit.E001", NO_INDEX)
    assert not [each for each in run_checks() if each.is_serious()]


def test_plain_check_command_asks_the_database() -> None:
    call_command("check", stdout=StringIO())
    drop_index()
    with pytest.raises(SystemCheckError, match="participation_by_name"):
        call_command("check")


@pytest.mark.slow
def test_plain_check_command_makes_no_database(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DEBUG": "1"}
    subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, check=True
    )
    assert not (tmp_path / "db.sqlite3").exists()


def test_check_waits_for_migrations_that_have_not_run() -> None:
    """`migrate` runs this check first, and must be let through to repair the tables."""
    drop_index()
    recorder = MigrationRecorder(connection)
    newest = max(
        name for app, name in recorder.applied_migrations() if app == "assessments"
    )
    recorder.record_unapplied("assessments", newest)
    assert check_tables(databases=["default"]) == []


def test_check_passes_over_a_database_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(database: Any) -> bool:
        raise OperationalError("no route to host")

    monkeypatch.setattr(schema, "is_migrated", refuse)
    assert check_tables(databases=["default"]) == []


def test_prepare_stops_at_tables_that_differ() -> None:
    drop_index()
    with pytest.raises(SystemCheckError, match="participation_by_name"):
        call_command("prepare", stdout=StringIO())


def test_probe_says_that_tables_differ_and_the_log_says_which(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    drop_index()
    with caplog.at_level(logging.ERROR, logger="rolefit.schema"):
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"ready": False, "problem": "tables differ"},
    )
    assert NO_INDEX in caplog.text


def test_probe_trusts_a_good_answer_for_a_minute_and_a_bad_one_never(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").status_code == 200
    drop_index()
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(schema, "AGREEMENT_SECONDS", 0.0)
    assert client.get("/readyz").status_code == 503
    monkeypatch.undo()
    schema.forget_agreement()
    assert client.get("/readyz").status_code == 503
    run_sql(
        "CREATE INDEX participation_by_name "
        "ON assessments_participation (invitation_id, name, id)"
    )
    assert client.get("/readyz").status_code == 200
