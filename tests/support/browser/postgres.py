"""A durable PostgreSQL whose plug a test may pull."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.support.browser.server import ROOT, START_LIMIT


class Postgres:
    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where its files lie; any user must be able to open it."""
        command = [
            sys.executable,
            "tools/with_postgres.py",
            "--durable",
            "sh",
            "-c",
            'echo "$DATABASE_URL"; cat',
        ]
        place = {"TMPDIR": str(folder)} if folder else {}
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | place,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.data = Path(self.url.partition("host=")[2]) / "data"

    def _processes(self) -> list[int]:
        """The server and every process it has started."""
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        return [server, *_children_of(server)]

    def freeze(self) -> None:
        """The server neither answers nor closes a connection, until `thaw`."""
        for process in self._processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._processes():
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(process, signal.SIGCONT)

    def kill(self) -> None:
        """kill -9 of the server and of every process it has started."""
        victims = self._processes()
        for victim in victims:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(victim, signal.SIGKILL)
        _wait_for_the_end_of(victims)
        # In a container nobody may take the dead away, and PostgreSQL would think that
        # they still run.
        for lock in (
            self.data / "postmaster.pid",
            self.data.parent / ".s.PGSQL.5432.lock",
        ):
            lock.unlink()

    def shut_down(self) -> None:
        """In order, though every client is cut off."""
        victims = self._processes()
        os.kill(victims[0], signal.SIGINT)
        _wait_for_the_end_of(victims)

    @property
    def runs(self) -> bool:
        """Whether the first process lives, be it busy with recovery."""
        try:
            return not _is_dead(self._processes()[0])
        except FileNotFoundError:
            return False

    def start(self) -> None:
        """Again, on the same files and with the same options, which the server itself
        has written down.
        """
        options = (self.data / "postmaster.opts").read_text()
        tool = Path(shlex.split(options)[0]).with_name("pg_ctl")
        owner = self.data.stat()
        who = (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
            if os.geteuid() == 0
            else {}
        )
        # `restart` and not `start`, for it alone takes the written options; that no
        # server runs is fine with it.
        command = [
            tool,
            "-D",
            self.data,
            "-w",
            "-l",
            self.data.parent / "log",
            "restart",
        ]
        subprocess.run(
            command,
            check=True,
            cwd=self.data.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **who,
        )

    def stop(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0


def _wait_for_the_end_of(processes: list[int]) -> None:
    latest = time.monotonic() + START_LIMIT
    while not all(_is_dead(process) for process in processes):
        assert time.monotonic() < latest, "PostgreSQL does not end"
        time.sleep(0.02)


def _fields(process: int) -> list[str]:
    """State, parent and so on of a process; its name, which may hold anything, is left
    out.
    """
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _children_of(parent: int) -> list[int]:
    children = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(_fields(int(entry.name))[1]) == parent:
                children.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
    return children


def _is_dead(process: int) -> bool:
    try:
        return _fields(process)[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
