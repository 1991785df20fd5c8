"""Databases made by the software before 0.2 become what a fresh one is, and lose
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from assessments.models import (
    Attempt,
    Coach,
    Participation,
    Result,
    RollUp,
    ShareLink,
)
from rolefit.schema import StoredTable, table_differences

from .filled import (
    CONTENT_FILLED_AT,
    FILLED_AT,
    facts,
    numbers_of,
    put_rows,
    soon_after,
)
from .scratch import every_row, migrate_to, our_tables, scratch_database
from .shapes import as_first_made, as_made_second

pytestmark = [pytest.mark.database, pytest.mark.slow]

KEY_COOKIE = "rolefit_key"
FIGURES = 6  # fit, choices and enjoyment of both roles


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def admin_front_page() -> int:
    """The status that somebody who may do everything gets."""
    user = User.objects.filter(is_superuser=True).first()
    user = user or User.objects.create_superuser("ada", "ada@example.org", "x")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client.get("/admin/").status_code


def assert_like_a_fresh_one(fresh: dict[str, StoredTable]) -> None:
    found = our_tables()
    assert found.keys() == fresh.keys()
    for name, table in fresh.items():
        assert found[name].columns == table.columns, name
        assert found[name].names == table.names, name


@pytest.fixture(scope="module")
def upgraded(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The filled database after `prepare`, which an upgrade runs, and a daily job."""
    folder: Path = tmp_path_factory.mktemp("upgrade")
    with django_db_blocker.unblock(), scratch_database(folder):
        migrate_to(FILLED_AT, content=CONTENT_FILLED_AT, others=True)
        put_rows()
        with time_machine.travel(soon_after()):
            run("prepare")
            run("forget_old")
        yield


@pytest.fixture
def then(upgraded: None) -> Iterator[None]:
    """Soon after the database was filled, so that its links still work."""
    with time_machine.travel(soon_after()):
        yield


@pytest.mark.usefixtures("then")
def test_filled_database_gets_the_tables_of_a_fresh_one(
    fresh_tables: dict[str, StoredTable],
) -> None:
    assert_like_a_fresh_one(fresh_tables)
    assert table_differences(connection) == []


@pytest.mark.usefixtures("then")
def test_no_row_of_people_is_lost() -> None:
    assert Result.objects.count() == len(facts()) == 42
    assert Attempt.objects.filter(by_staff=True).count() == 2
    assert (Coach.objects.count(), ShareLink.objects.count()) == (3, 57)
    # The fifth grant was of a sitting left unfinished ten days before: past its time.
    assert Participation.objects.count() == 4


@pytest.mark.usefixtures("then")
def test_preparing_again_changes_nothing() -> None:
    before = every_row()
    run("prepare")
    assert every_row() == before


@pytest.mark.usefixtures("then")
def test_every_stored_result_verifies() -> None:
    assert run("verify_results") == "Results checked: 42. No differences.\n"


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize("result", facts(), ids=lambda result: str(result["result"]))
def test_pages_of_a_result_carry_the_facts_of_then(result: dict[str, Any]) -> None:
    owner = Client()
    owner.cookies[KEY_COOKIE] = result["key"]
    page = owner.get(f"/quiz/result/{result['number']}/").content.decode()
    assert_same_numbers(page, result["page"])
    if result["outcome"] == "careless":
        assert "token" not in result
        return
    address = f"/r/{result['token']}"
    shared = Client().get(f"{address}/").content.decode()
    assert_same_numbers(shared, result["page"])
    data, then = json.loads(Client().get(f"{address}.json").content), result["json"]
    assert facts_alone(data) == facts_alone(json.loads(then))


def assert_same_numbers(page: str, then: list[str]) -> None:
    """The figures of both roles, and every row of every table.

    Between them stood up to three figures that are sentences now.
    """
    now = numbers_of(page)
    figures, tables = now[:FIGURES], now[FIGURES:]
    assert figures == then[:FIGURES]
    assert tables == then[len(then) - len(tables) :]
    assert len(then) - len(now) <= 3


def facts_alone(data: dict[str, Any]) -> dict[str, Any]:
    """Without the one text that is the site's of today."""
    return {name: value for name, value in data.items() if name != "disclosure"}


@pytest.mark.usefixtures("then")
def test_roll_up_and_front_page_of_the_admin_work() -> None:
    watermark = RollUp.objects.get().watermark
    assert watermark == Result.objects.latest("pk").pk  # forget_old rolls up
    assert run("rollup") == ""
    assert admin_front_page() == 200


def test_filled_database_of_the_first_form_is_repaired(
    empty_database: None, fresh_tables: dict[str, StoredTable]
) -> None:
    migrate_to(FILLED_AT, content=CONTENT_FILLED_AT, others=True)
    as_first_made()
    assert our_tables()["assessments_clickday"].columns["place"].type.endswith("(60)")
    put_rows(without=("assessments_groupmonth",))
    with time_machine.travel(soon_after()):
        run("prepare")
        assert "Looked at 2 new results" in run("rollup")
        assert_like_a_fresh_one(fresh_tables)
        assert run("verify_results").startswith("Results checked: 42. No")
        assert admin_front_page() == 200


def test_database_of_the_second_form_is_repaired(
    empty_database: None, fresh_tables: dict[str, StoredTable]
) -> None:
    """As it was then: no later migration had run."""
    migrate_to("0005_groups", content="0002_audit_trail")
    as_made_second()
    assert "stratum" in our_tables()["assessments_groupmonth"].columns
    run("prepare")
    assert_like_a_fresh_one(fresh_tables)
    assert run("rollup") == ""
    assert admin_front_page() == 200


def test_missing_table_and_column_are_added(
    empty_database: None, fresh_tables: dict[str, StoredTable]
) -> None:
    migrate_to("0010_staff_mark_instead_of_groups")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE assessments_clickday")
        cursor.execute("ALTER TABLE assessments_coach DROP COLUMN works_with")
    run("prepare")
    assert_like_a_fresh_one(fresh_tables)
