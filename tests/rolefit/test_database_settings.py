"""Time limits, pools and poolers: what DATABASE_URL makes of a connection."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client

from assessments.models import Result
from rolefit import environment, waiting
from tests.support.loading import load
from tests.support.taker import Taker

pytestmark = pytest.mark.database

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
on_postgresql = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="of PostgreSQL alone"
)


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings of a database for an address."""

    def read(url: str) -> dict[str, Any]:
        monkeypatch.setenv("SOME_URL", url)
        return environment.database("SOME_URL", folder=tmp_path)

    return read


@contextmanager
def connected(config: dict[str, Any], **changes: Any) -> Iterator[BaseDatabaseWrapper]:
    """A connection with these settings of ours, and the rest of the test's."""
    made = type(connections["default"])
    wrapper = made({**connection.settings_dict, **config, **changes}, "own")
    try:
        yield wrapper
    finally:
        wrapper.close()
        if config.get("OPTIONS", {}).get("pool"):
            wrapper.close_pool()


def shown(wrapper: BaseDatabaseWrapper, query: str) -> Any:
    with wrapper.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_sqlite_waits_five_seconds_and_commits_to_the_disk(
    settings_of: Any, tmp_path: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone")
    with connected(settings_of("")) as wrapper:
        assert shown(wrapper, "PRAGMA busy_timeout") == 5000
        assert shown(wrapper, "PRAGMA synchronous") == 2  # FULL
        assert shown(wrapper, "PRAGMA journal_mode") == "wal"


@on_postgresql
@pytest.mark.django_db
def test_postgresql_gives_up_in_time(settings_of: Any) -> None:
    with connected(settings_of(os.environ["DATABASE_URL"])) as wrapper:
        limits = ("statement_timeout", "lock_timeout")
        assert [shown(wrapper, f"SHOW {limit}") for limit in limits] == ["10s", "5s"]
        assert shown(wrapper, "SHOW idle_in_transaction_session_timeout") == "30s"


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections that are opened now are waited for as the server does."""
    monkeypatch.setattr(waiting, "ANSWER_SECONDS", 0.1)
    waiting.limit_waits()
    yield
    connection_created.disconnect(dispatch_uid="limit_waits")


@on_postgresql
@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("pool", [{}, {"pool": {"min_size": 1, "max_size": 1}}])
def test_answer_that_does_not_come_is_given_up(
    settings_of: Any, pool: dict[str, Any]
) -> None:
    config = settings_of(os.environ["DATABASE_URL"])
    config["OPTIONS"] |= pool
    with connected(config, CONN_MAX_AGE=0) as wrapper:
        with pytest.raises(OperationalError):
            shown(wrapper, "SELECT pg_sleep(60)")
        # As at the end of a request; the next one gets a new connection.
        wrapper.close_if_unusable_or_obsolete()
        assert shown(wrapper, "SELECT 1") == 1


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"connect_timeout": 5}),
        ("sslmode=require&connect_timeout=2", {"connect_timeout": 2}),
        ("pool=4", {"pool": {"min_size": 1, "max_size": 4, "timeout": 5}}),
    ],
)
def test_address_carries_options(
    settings_of: Any, query: str, options: dict[str, Any]
) -> None:
    config = settings_of(f"postgresql://ada:word@db.example/name?{query}")
    assert config["OPTIONS"].items() >= options.items()
    assert "statement_timeout=10000" in config["OPTIONS"]["options"]
    # Django refuses connections that are kept beside a pool.
    assert config["CONN_MAX_AGE"] == (0 if "pool" in options else 60)
    assert config["CONN_HEALTH_CHECKS"]
    assert not config["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.mark.parametrize("query", ["pool=0", "pool=many", "pool=101", "pooler=session"])
def test_wrong_option_is_refused(settings_of: Any, query: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SOME_URL: pool(er)? must be"):
        settings_of(f"postgresql://ada:word@db.example/name?{query}")


@on_postgresql
@pytest.mark.django_db
def test_threads_take_turns_with_the_connection_of_a_pool(settings_of: Any) -> None:
    config = settings_of(f"{os.environ['DATABASE_URL']}&pool=1")
    with connected(config) as one:
        first = shown(one, "SELECT pg_backend_pid()")
        one.close()
        two = type(one)(one.settings_dict, "own")
        assert shown(two, "SELECT pg_backend_pid()") == first
        two.close()


@pytest.fixture
def pooler() -> Iterator[str]:
    """The folder of the socket of a PgBouncer that lends single transactions."""
    if PGBOUNCER is None:
        pytest.skip("no pgbouncer on this machine")
    # A short name, because the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pgb-"))
    host = connection.settings_dict["OPTIONS"]["host"]
    (folder / "ini").write_text(
        f"[databases]\n* = host={host} user=postgres\n"
        "[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nauth_type = any\n"
        f"unix_socket_dir = {folder}\npool_mode = transaction\n"
        "default_pool_size = 2\nserver_round_robin = 1\n"
    )
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PgBouncer refuses to run as root.
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        shutil.chown(folder, nobody.pw_uid)
        shutil.chown(folder / "ini", nobody.pw_uid)
    process = subprocess.Popen(
        [PGBOUNCER, "--quiet", folder / "ini"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **who,
    )
    try:
        until = time.monotonic() + 20
        while not (folder / ".s.PGSQL.6432").exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        yield str(folder)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@on_postgresql
@pytest.mark.slow
def test_site_works_through_a_pooler_that_lends_transactions(
    settings_of: Any, transactional_db: None, pooler: str
) -> None:
    load("load_article")
    load("load_questionnaire")
    name = connection.settings_dict["NAME"]
    url = f"postgresql://postgres@/{name}?host={pooler}&port=6432"
    usual = connections["default"]
    with connected(settings_of(f"{url}&pooler=transaction"), NAME=name) as through:
        # Two connections of the server, so that transactions change between them.
        address = f"dbname={name} host={pooler} port=6432"
        others = [psycopg.connect(address) for _ in range(2)]
        pids = {other.execute("SELECT pg_backend_pid()").fetchone() for other in others}
        assert len(pids) == 2
        for other in others:
            other.rollback()
            other.close()
        connections["default"] = through
        try:
            for _ in range(2):
                Taker(Client()).take("both")
            assert len(list(Result.objects.iterator(chunk_size=1))) == 2
            seen = {shown(through, "SELECT pg_backend_pid()") for _ in range(9)}
            assert len(seen) == 2
            out = StringIO()
            call_command("verify_results", stdout=out)
            assert out.getvalue() == "Results checked: 2. No differences.\n"
        finally:
            connections["default"] = usual
    with (
        connected(settings_of(url), NAME=name) as without,
        pytest.raises(DatabaseError, match="startup parameter"),
    ):
        shown(without, "SELECT 1")
