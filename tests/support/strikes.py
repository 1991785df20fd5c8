"""Faults that strike a site while visitors answer."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.browser.postgres import Postgres
from tests.support.browser.server import (
    ROOT,
    START_LIMIT,
    Server,
    environment_of,
    manage,
)
from tests.support.storm import Storm, rows_of

CLOCK = ROOT / "tests" / "support" / "clock"
TABLE = "assessments_attempt"
TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)"
TAKERS = 6  # at a time
# Seconds between two kills of a worker. granian ends altogether where one worker dies
# twice within 5.5 seconds; systemd would then start it again, and nothing does here.
REST = 6
MEGABYTE = 1024 * 1024


@contextmanager
def disk(megabytes: int) -> Iterator[tuple[Path, bool]]:
    """A folder on a small disk of its own, or else any folder.

    The second part says whether it is a disk of its own, which needs the rights of
    root. Such a disk can be filled without harm to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "faults"]
    own = os.geteuid() == 0 and not subprocess.run([*mount, folder]).returncode
    try:
        yield folder, own
    finally:
        if own:
            # Lazy: a process that has just been killed may still hold a file.
            subprocess.run(["umount", "--lazy", folder], check=True)
        subprocess.run(["rm", "-r", "--", folder], check=True)


@dataclass
class Site:
    """One node and its database, on one disk."""

    server: Server
    postgres: Postgres | None
    storm: Storm
    random: random.Random
    disk: Path | None
    may_kill_at: float = 0  # a worker, by time.monotonic()

    def connect(self) -> Any:
        """A connection of a program that is not the site."""
        if self.postgres:
            return psycopg.connect(self.postgres.url, autocommit=True)
        return sqlite3.connect(
            self.server.folder / "db.sqlite3", timeout=30, isolation_level=None
        )

    @contextmanager
    def down(self) -> Iterator[None]:
        """Inside, no process of the server lives."""
        self.storm.down.add(self.server.port)
        try:
            yield
        finally:
            self.storm.down.discard(self.server.port)


def kill_a_worker(site: Site) -> None:
    assert site.server.process is not None
    time.sleep(max(0, site.may_kill_at - time.monotonic()))
    first = site.server.process.pid
    workers = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    with suppress(ProcessLookupError):
        os.kill(int(site.random.choice(workers)), signal.SIGKILL)
    site.may_kill_at = time.monotonic() + REST
    time.sleep(0.5)


def kill_the_server(site: Site) -> None:
    with site.down():
        site.server.kill()
        site.server.start()


def restart_the_server(site: Site) -> None:
    with site.down():
        site.server.stop()
        site.server.start()


def jump_the_clock(site: Site) -> None:
    """The server's clock goes ahead or back by up to two hours, and stays there."""
    site.server.environment |= {
        "PYTHONPATH": str(CLOCK),
        "CLOCK_SHIFT": str(site.random.randint(-7200, 7200)),
    }
    kill_the_server(site)


def lock_the_database(site: Site) -> None:
    """Another program holds a lock for longer than the site waits."""
    link = site.connect()
    if site.postgres:
        link.execute("BEGIN")
        link.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
    else:
        link.execute("BEGIN IMMEDIATE")
    time.sleep(6)
    link.execute("ROLLBACK")
    link.close()


def change_a_table(site: Site) -> None:
    """What a migration does: hold the table, add a column, keep every row."""
    link = site.connect()
    name = f"added_{site.random.randrange(10**9)}"
    for change in (f"ADD COLUMN {name} integer DEFAULT 0", f"DROP COLUMN {name}"):
        link.execute("BEGIN IMMEDIATE" if site.postgres is None else "BEGIN")
        link.execute(f"ALTER TABLE {TABLE} {change}")
        time.sleep(1)
        link.execute("COMMIT")
    link.close()


def prepare_again(site: Site) -> None:
    manage("prepare", site.server.environment)


def fill_the_disk(site: Site) -> None:
    assert site.disk is not None
    ballast = site.disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(MEGABYTE)):
            pass
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    # What is written next needs new space: the log of changes is begun anew.
    begin = "SELECT pg_switch_wal()" if site.postgres else TRUNCATE
    latest = time.monotonic() + 3
    while time.monotonic() < latest:
        with suppress(psycopg.Error, sqlite3.Error), closing(site.connect()) as link:
            link.execute(begin)
        time.sleep(0.2)
    ballast.unlink()
    if site.postgres:
        _wait_for(site.postgres)


def kill_postgres(site: Site) -> None:
    assert site.postgres is not None
    site.postgres.kill()
    time.sleep(site.random.uniform(0, 3))
    site.postgres.start()


def stop_postgres(site: Site) -> None:
    assert site.postgres is not None
    site.postgres.shut_down()
    time.sleep(site.random.uniform(1, 3))
    site.postgres.start()


def stop_postgres_and_kill_a_worker(site: Site) -> None:
    """The new worker begins while there is no database."""
    assert site.postgres is not None
    site.postgres.shut_down()
    kill_a_worker(site)
    time.sleep(2)
    site.postgres.start()


def freeze_postgres(site: Site) -> None:
    assert site.postgres is not None
    site.postgres.freeze()
    time.sleep(3)
    site.postgres.thaw()


def cut_connections(site: Site) -> None:
    link = site.connect()
    for _ in range(5):
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        time.sleep(0.2)
    link.close()


def _wait_for(postgres: Postgres) -> None:
    """Until it takes connections; it may have ended by itself."""
    latest = time.monotonic() + START_LIMIT
    while time.monotonic() < latest:
        if not postgres.runs:
            with suppress(FileNotFoundError):
                postgres.kill()
            postgres.start()
        with suppress(psycopg.OperationalError):
            psycopg.connect(postgres.url, connect_timeout=5).close()
            return
        time.sleep(0.2)
    raise TimeoutError("PostgreSQL takes no connections")


Strike = Callable[[Site], None]
ON_BOTH: dict[str, Strike] = {
    "kill -9 of a worker": kill_a_worker,
    "kill -9 of the whole server": kill_the_server,
    "server restarted in order": restart_the_server,
    "clock jumps, server restarts": jump_the_clock,
    "database locked by another program": lock_the_database,
    "table changed as by a migration": change_a_table,
    "`prepare` beside visitors": prepare_again,
}
ON_POSTGRES: dict[str, Strike] = {
    "kill -9 of PostgreSQL": kill_postgres,
    "PostgreSQL stopped": stop_postgres,
    "PostgreSQL stopped, a worker killed": stop_postgres_and_kill_a_worker,
    "PostgreSQL frozen": freeze_postgres,
    "connections to PostgreSQL cut": cut_connections,
}
DISK_FULL = "disk full"


@dataclass(frozen=True, slots=True)
class Outcome:
    storm: Storm
    struck: dict[str, int]  # fault to how often it struck
    seconds: float
    log: str  # of the server


def rage(
    static: Path,
    *,
    on_postgres: bool,
    saves: int,
    seed: int,
    only: tuple[str, ...] = (),
    think: float = 0.15,
) -> Outcome:
    """Strike in random order until so many saves are acknowledged.

    Every fault strikes as often as any other, or once more. `only`: these alone, each
    once at least. `think`: see Storm.raging.
    """
    with disk(700 if on_postgres else 64) as (folder, own):
        strikes = ON_BOTH | (ON_POSTGRES if on_postgres else {})
        if own:
            strikes = strikes | {DISK_FULL: fill_the_disk}
        names = [name for name in strikes if not only or name in only]
        struck = dict.fromkeys(names, 0)
        postgres = Postgres(folder) if on_postgres else None
        data = folder / "site"
        data.mkdir(mode=0o700)
        server = Server(
            data,
            static,
            database_url=postgres.url if postgres else "",
            PROXIES="1",
        )
        storm = Storm([server.port], seed)
        dice = random.Random(seed)
        site = Site(server, postgres, storm, dice, folder if own else None)
        began = time.monotonic()
        try:
            server.start()
            with storm.raging(takers=TAKERS, think=think):
                while storm.seen["saves acknowledged"] < saves or 0 in struck.values():
                    dice.shuffle(names)
                    for name in names:
                        time.sleep(dice.uniform(0.3, 2))
                        strikes[name](site)
                        struck[name] += 1
            storm.verify(rows_of(data, server.database_url))
            # Scores every result again, and ends with an error where one differs.
            manage("verify_results", server.environment | {"PYTHONPATH": ""})
            log = server.log.read_text()
        finally:
            server.kill()
            if postgres:
                postgres.stop()
        return Outcome(storm, struck, time.monotonic() - began, log)


def collect_static(folder: Path) -> Path:
    """The collected static files, in a folder of their own."""
    static = folder / "static"
    environment = environment_of(STATIC_ROOT=str(static), DATA_DIR=str(folder / "data"))
    manage("collectstatic --noinput --verbosity 0", environment)
    return static
