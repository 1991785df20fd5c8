"""A real server of the site, as `make run` starts it, that a test may kill."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT = 60  # seconds until a server must answer, on a busy machine too


def free_port() -> int:
    """A port that no other test process will take.

    Workers of pytest-xdist take every second port each. All lie below the range from
    which the system gives ports to outgoing connections, such as a browser's.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ports = [*range(10_000 + worker, 30_000, workers)]
    secrets.SystemRandom().shuffle(ports)
    for port in ports:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("every port is taken")


def environment_of(**ours: str) -> dict[str, str]:
    """The environment of a fresh machine.

    Nothing of what the tests themselves run under.
    """
    theirs = {
        "DATABASE_URL",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
        "DATA_DIR",
        "STATIC_ROOT",
        "SECRET_KEY",
    }
    kept = {name: value for name, value in os.environ.items() if name not in theirs}
    return {**kept, "DJANGO_SETTINGS_MODULE": "rolefit.settings", "DEBUG": "0", **ours}


def manage(command: str, environment: dict[str, str], *, code: Path = ROOT) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=code,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


class Server:
    def __init__(
        self,
        folder: Path,
        static: Path,
        *,
        database_url: str = "",
        code: Path = ROOT,
        **settings: str,
    ) -> None:
        """`code`: of this or another release. `settings`: more of the environment."""
        self.code = code
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder, self.database_url = folder, database_url
        self.log = folder / "server.log"
        self.environment = environment_of(
            DATA_DIR=str(folder),
            STATIC_ROOT=str(static),
            BASE_URL=self.url,
            PORT=str(self.port),
            SECRET_KEY="of a server that lives for one test run only",
        )
        self.environment |= settings
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.process: subprocess.Popen[bytes] | None = None
        manage("prepare", self.environment, code=code)

    def start(self) -> None:
        """Start, unless it runs, and wait until it is ready."""
        if self.process is not None:
            return
        command = [sys.executable, "-m", "rolefit"]
        if not (self.code / "rolefit" / "__main__.py").exists():
            # 0.2.0 ran under any WSGI server.
            command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
            command += ["--port", str(self.port), "--workers", "2"]
            command += ["--blocking-threads", "4", "rolefit.wsgi:application"]
        with self.log.open("ab") as log:
            # A session of its own, so that a signal to the group reaches the workers as
            # well.
            self.process = subprocess.Popen(
                command,
                cwd=self.code,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        latest = time.monotonic() + START_LIMIT
        while not self._ready():
            if time.monotonic() > latest or self.process.poll() is not None:
                raise RuntimeError(
                    f"the server does not start:\n{self.log.read_text()}"
                )
            time.sleep(0.05)

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/readyz", timeout=30) as reply:  # noqa: S310
                return bool(reply.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """kill -9 of master and workers at once: nobody gets to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(timeout=60)
            self.process = None

    def run_sql(self, statement: str) -> None:
        """Change the server's own database behind its back.

        A test has no minutes to let pass.
        """
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                connection.execute(statement)
            return
        connection = sqlite3.connect(self.folder / "db.sqlite3", timeout=60)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()

    def let_minutes_pass(self) -> None:
        """As if every open attempt had taken five minutes so far; quicker ones count as
        careless.
        """
        self.run_sql(
            "UPDATE assessments_attempt SET seconds = 300 WHERE finished_at IS NULL"
        )
