"""Measures what a request costs the server, and how many it answers in a second.

    python tools/bench_http.py

It starts a bare Django site and Rolefit side by side, each with two workers of four
threads, and asks them in turns over connections that stay open. CPU time is read from
/proc, of the server's own processes. So neither the client's work nor other programs on
the machine go into that figure; they do go into the requests in a second. The ratio is
the bare page's CPU time by that of Rolefit's page: at 1, the page costs as much as the
least that Django can do.

Other measurements use `bare`, `rolefit` and `load`.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.support.browser.server import environment_of, free_port, manage  # noqa: E402

WORKERS, THREADS = 2, 4
TICKS = os.sysconf("SC_CLK_TCK")
START_LIMIT = 60  # seconds until a server must answer
PAGES = ["/", "/skills/", "/method/", "/privacy/", "/robots.txt"]


@dataclass(frozen=True, slots=True)
class Site:
    """A server that runs: its first process, and its port."""

    pid: int
    port: int

    def processes(self) -> list[int]:
        """The first process and all that it has started."""
        found, look = [], [self.pid]
        while look:
            process = look.pop()
            found.append(process)
            children = Path(f"/proc/{process}/task/{process}/children").read_text()
            look += [int(child) for child in children.split()]
        return found

    def cpu_seconds(self) -> float:
        ticks = 0
        for process in self.processes():
            stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(stat[11]) + int(stat[12])  # user and system time
        return ticks / TICKS

    def megabytes(self) -> float:
        """Memory of all processes; what they share counts once (PSS)."""
        kilobytes = 0
        for process in self.processes():
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request cost, of many alike."""

    cpu_ms: float
    a_second: float


@contextmanager
def running(command: Sequence[str], environment: dict[str, str]) -> Iterator[Site]:
    """A server from this command, at PORT of the environment, until the block ends."""
    port = int(environment["PORT"])
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        latest = time.monotonic() + START_LIMIT
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > latest:
                sys.exit(f"{command[-1]} does not start.")
            time.sleep(0.05)
        yield Site(process.pid, port)
    finally:
        process.terminate()
        process.wait(60)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def bare(folder: Path, database_url: str = "") -> Iterator[Site]:
    """The bare site of tools/bare_site.py: /, /row/ and POST /write/."""
    environment = environment_of(
        PORT=str(free_port()), BARE_FOLDER=str(folder), PYTHONPATH=str(ROOT)
    )
    if database_url:
        environment["DATABASE_URL"] = database_url
    subprocess.run(
        [sys.executable, "-m", "tools.bare_site"], cwd=ROOT, env=environment, check=True
    )
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--port", environment["PORT"], "--workers", str(WORKERS)]
    command += ["--blocking-threads", str(THREADS), "tools.bare_site:application"]
    with running(command, environment) as site:
        yield site


@contextmanager
def rolefit(folder: Path, database_url: str = "", **settings: str) -> Iterator[Site]:
    """Rolefit as `make run` starts it, with its default content."""
    port = str(free_port())
    environment = environment_of(
        PORT=port,
        BASE_URL=f"http://localhost:{port}",
        DATA_DIR=str(folder),
        STATIC_ROOT=str(folder / "static"),
        SECRET_KEY="of a server that lives for one measurement only",  # noqa: S106
        WORKERS=str(WORKERS),
        THREADS=str(THREADS),
        **settings,
    )
    if database_url:
        environment["DATABASE_URL"] = database_url
    if not (folder / "static").exists():
        manage("collectstatic --noinput --verbosity 0", environment)
    manage("prepare", environment)
    with running([sys.executable, "-m", "rolefit"], environment) as site:
        yield site


class Connection:
    """A connection that stays open, as a browser's does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(
        self,
        path: str,
        *,
        headers: str = "Accept-Encoding: gzip, deflate, br\r\n",
        body: bytes | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer. Each line of `headers` ends with CR LF.

        A body in chunks is given as it came.
        """
        method = "GET" if body is None else "POST"
        if body is not None:
            headers += (
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n"
            )
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\n{headers}"
        self._socket.sendall(head.encode() + b"\r\n" + (body or b""))
        return self._answer()

    def _answer(self) -> tuple[int, bytes, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._receive()
        head, _, body = got.partition(b"\r\n\r\n")
        status, lower = int(head[9:12]), head.lower()
        if b"\r\ntransfer-encoding: chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._receive()
            return status, head, body
        if b"\r\ncontent-length: " in lower:
            length = int(lower.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
        else:
            length = 0  # 204 and 304
        while len(body) < length:
            body += self._receive()
        return status, head, body

    def _receive(self) -> bytes:
        part = self._socket.recv(65_536)
        if not part:
            raise ConnectionError("the server has closed the connection")
        return part

    def close(self) -> None:
        self._socket.close()


def load(
    site: Site,
    visit: Callable[[Connection], int],
    *,
    visits: int,
    clients: int = 2,
) -> Cost:
    """What a request of `visit` costs: it returns how many requests it has made."""

    def visit_often(times: int) -> int:
        connection = Connection(site.port)
        try:
            return sum(visit(connection) for _ in range(times))
        finally:
            connection.close()

    visit_often(max(visits // 20, 5))
    cpu, began = site.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        requests = sum(pool.map(visit_often, [visits // clients] * clients))
    seconds = time.perf_counter() - began
    return Cost((site.cpu_seconds() - cpu) * 1000 / requests, requests / seconds)


def page(path: str, expected: int = 200) -> Callable[[Connection], int]:
    """A visit that asks for this page once."""

    def visit(connection: Connection) -> int:
        status, _, _ = connection.ask(path)
        if status != expected:
            raise AssertionError(f"{path} answered {status}")
        return 1

    return visit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as bare_folder,
        tempfile.TemporaryDirectory() as folder,
        bare(Path(bare_folder)) as least,
        rolefit(Path(folder)) as ours,
    ):
        for path in PAGES:  # until every worker keeps every page
            load(ours, page(path), visits=200)
        found: dict[str, list[Cost]] = {}
        for _ in range(options.rounds):
            for name, site, path in [
                ("bare page", least, "/"),
                *((path, ours, path) for path in PAGES),
            ]:
                cost = load(site, page(path), visits=options.visits)
                found.setdefault(name, []).append(cost)
        _print(found)
        print(
            f"\nMemory: {ours.megabytes():.0f} MB, bare {least.megabytes():.0f} MB "
            f"({ours.megabytes() / least.megabytes():.2f} times)"
        )


def _print(found: dict[str, list[Cost]]) -> None:
    """The medians of all rounds, beside the bare page's."""
    medians = {
        name: Cost(
            median(cost.cpu_ms for cost in costs),
            median(cost.a_second for cost in costs),
        )
        for name, costs in found.items()
    }
    least = medians["bare page"]
    print(f"{'page':<16}{'CPU ms':>8}{'bare ÷ it':>12}{'in a second':>14}{'÷ bare':>9}")
    for name, cost in medians.items():
        print(
            f"{name:<16}{cost.cpu_ms:>8.3f}{least.cpu_ms / cost.cpu_ms:>12.2f}"
            f"{cost.a_second:>14.0f}{cost.a_second / least.a_second:>9.2f}"
        )


if __name__ == "__main__":
    main()
