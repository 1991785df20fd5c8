"""The real server, as `make run` starts it, in a folder of its own; it can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "var" / "browser-static"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_", "DJANGO_"))}
        self.environment = inherited | {
            "DEBUG": "0",
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(STATIC),
            "BASE_URL": self.address,
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        command = ["-m", "gunicorn", "rolefit.wsgi", "--bind", f"127.0.0.1:{self.port}", "-w", "2", "-k", "gthread", "--threads", "4"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--no-control-socket"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(200):
            try:
                with urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text())

    def kill(self) -> None:
        """kill -9 of the master and of every worker, in mid-sentence."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def change(self, statement: str, *values: object) -> None:
        """Alter a row where a test cannot wait for the clock."""
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as database:
            database.execute(statement, values)
        database.close()

    def take_time(self) -> None:
        """Let the open attempts have lasted five minutes: a robot answers faster than anybody reads."""
        self.change("UPDATE assessments_attempt SET seconds = 300 WHERE finished_at IS NULL")
