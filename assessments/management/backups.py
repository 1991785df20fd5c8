"""A copy of the database in one file, made while the site runs, and put back.

SQLite: a copy of the database, made in one step. In steps, it would begin again
whenever a visitor saves, and never end. PostgreSQL: a dump of pg_dump.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

# In a copy of SQLite alone: the key that signs cookies and forms, where it is a file.
KEY_TABLE = "rolefit_backup"
KEY_FILE = "secret_key"


def key_is_a_file() -> bool:
    """Whether the secret key lies in DATA_DIR, and not in the environment."""
    path = settings.DATA_DIR / KEY_FILE
    return path.is_file() and path.read_text().strip() == settings.SECRET_KEY


def back_up(target: Path) -> None:
    """Write the database to `target`, checked; it appears only when it is whole.

    Raises CommandError.
    """
    if target.exists():
        raise CommandError(f"{target} exists already. Choose another name.")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
    except OSError as error:
        raise CommandError(f"{target} can't be written: {error.strerror}.") from error
    try:
        if connection.vendor == "sqlite":
            _copy_sqlite(partial)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", f"--file={partial}")
            # Reads the whole dump and writes it nowhere.
            _run("pg_restore", "--file=/dev/null", str(partial), connect=False)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def restore(source: Path) -> bool:
    """Put the backup in the place of the database. Returns whether it had the key.

    Everybody is signed out: a session that was ended since must not come back.
    Nothing changes where the backup is damaged or comes from a newer release. Raises
    CommandError.
    """
    if not source.is_file():
        raise CommandError(f"There is no file {source}.")
    had_key = False
    if connection.vendor == "sqlite":
        had_key = _restore_sqlite(source)
    else:
        _restore_postgresql(source)
    _end_all_sessions()
    return had_key


def _copy_sqlite(target: Path) -> None:
    with closing(_opened(_database_file())) as live, closing(_opened(target)) as copy:
        live.backup(copy, pages=-1)
        # One file, without -wal and -shm beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        _check(copy)
        if key_is_a_file():
            with copy:
                copy.execute(f"CREATE TABLE {KEY_TABLE} (secret_key TEXT NOT NULL)")
                copy.execute(
                    f"INSERT INTO {KEY_TABLE} VALUES (?)",  # noqa: S608
                    [settings.SECRET_KEY],
                )


def _restore_sqlite(source: Path) -> bool:
    with closing(
        sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    ) as copy:
        _check(copy)
        _refuse_newer(
            copy.execute("SELECT app, name FROM django_migrations").fetchall()
        )
        kept = copy.execute(
            "SELECT 1 FROM sqlite_master WHERE name = ?", [KEY_TABLE]
        ).fetchone()
        key = (
            copy.execute(f"SELECT secret_key FROM {KEY_TABLE}").fetchone()[0]  # noqa: S608
            if kept
            else None
        )
        connection.close()
        # One transaction of SQLite: a server that still runs sees all of it or nothing.
        with closing(_opened(_database_file())) as live:
            copy.backup(live, pages=-1)
            live.execute(f"DROP TABLE IF EXISTS {KEY_TABLE}")
            live.commit()
            live.execute("PRAGMA journal_mode=WAL")
    _database_file().chmod(0o600)
    if key:
        fresh = settings.DATA_DIR / f"{KEY_FILE}.new"
        fresh.touch(mode=0o600)
        fresh.write_text(key)
        fresh.rename(settings.DATA_DIR / KEY_FILE)
    return bool(key)


def _restore_postgresql(source: Path) -> None:
    rows = _run(
        "pg_restore",
        *("--data-only", "--table=django_migrations", "--file=-", str(source)),
        connect=False,
    )
    # Lines of COPY: id, app, name, moment.
    columns = [line.split("\t") for line in rows.splitlines() if line.count("\t") == 3]
    _refuse_newer([(app, name) for _, app, name, _ in columns])
    listed = _run("pg_restore", "--list", str(source), connect=False)
    # "215; 1259 16390 TABLE public auth_group owner"
    inside = {
        words[5]
        for words in map(str.split, listed.splitlines())
        if words[3:4] == ["TABLE"]
    }
    extra = set(connection.introspection.table_names()) - inside
    if extra:
        raise CommandError(
            "This database has tables that the backup doesn't know: "
            f"{', '.join(sorted(extra))}. Restore into a new, empty database."
        )
    connection.close()
    _run(
        "pg_restore",
        *("--clean", "--if-exists", "--no-owner", "--no-privileges"),
        *("--exit-on-error", "--single-transaction", str(source)),
    )


def _end_all_sessions() -> None:
    # As SQL, because the tables may be those of an earlier release.
    there = connection.introspection.table_names()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (UserSession, Session):
            if (table := model._meta.db_table) in there:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=60)


def _check(database: sqlite3.Connection) -> None:
    try:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise CommandError(f"The copy isn't a whole database of SQLite: {found}.")


def _refuse_newer(applied: list[tuple[str, str]]) -> None:
    """Raises CommandError for a backup without migrations, or with unknown ones."""
    if not applied:
        raise CommandError("The file isn't a backup of Rolefit.")
    loader = MigrationLoader(None)
    known = {
        key
        for here, migration in loader.disk_migrations.items()
        for key in (here, *migration.replaces)
    }
    # Apps that were taken out leave their rows behind.
    unknown = [
        f"{app}.{name}"
        for app, name in applied
        if app in loader.migrated_apps and (app, name) not in known
    ]
    if unknown:
        raise CommandError(
            "The backup comes from a newer release than this one: it has "
            f"{', '.join(unknown)}. Nothing has changed."
        )


def _run(tool: str, *arguments: str, connect: bool = True) -> str:
    """What a program of PostgreSQL prints. Raises CommandError where it fails."""
    path = shutil.which(tool)
    if path is None:
        raise CommandError(
            f"{tool} isn't on this machine. On Debian: apt-get install "
            "postgresql-client, in the version of the server or newer."
        )
    environment = dict(os.environ)
    if connect:
        parameters = _parameters()
        # Everybody on the machine may read the arguments of a process.
        environment["PGPASSWORD"] = str(parameters.pop("password", ""))
        arguments = (f"--dbname={make_conninfo(**parameters)}", *arguments)
    done = subprocess.run(  # noqa: S603
        [path, *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(f"{tool} failed: {done.stderr.strip()}")
    return done.stdout


def _parameters() -> dict[str, Any]:
    """How libpq reaches the database, without the time limits of pages."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    parameters: dict[str, Any] = connection.get_connection_params()  # type: ignore[attr-defined]
    return {
        name: value
        for name, value in parameters.items()
        if name in known - {"options", "client_encoding"} and value not in (None, "")
    }
