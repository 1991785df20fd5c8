"""Measures what visits cost beside a bare Django site under the same kind of server.

    python tools/with_postgres.py --durable python tools/bench_visits.py

Every figure is CPU time of the server's own processes for one request, read as in
tools/bench_http.py. A journey is what a browser with script asks: start, six sections,
a save for each choice, Finish, the result. The bare journey asks the bare site as many
pages with one row and as many writes. SQLite is measured first, then PostgreSQL where
DATABASE_URL names one, each with few results in the database and with many.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.support.browser.server import environment_of  # noqa: E402
from tools.bench_http import Connection, Site, bare, load, page, rolefit  # noqa: E402

KEY = "of a server that lives for one measurement only"
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)">')
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;]*)", re.IGNORECASE)
TOKEN = re.compile(rb"/r/([0-9a-z]{26})/")
SECTIONS = 6
visitors = count(1)


class Taker:
    """A visitor with cookies of their own, who counts what they ask."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.cookies: dict[bytes, bytes] = {}
        self.reads = self.writes = 0
        # The site limits how often one address may start.
        number = next(visitors)
        self.address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"

    def ask(
        self,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        expected: int,
        plain: bool = True,
    ) -> bytes:
        headers = f"X-Forwarded-For: {self.address}\r\n"
        if not plain:
            headers += "Accept-Encoding: gzip, deflate, br\r\n"
        if self.cookies:
            pairs = b"; ".join(b"=".join(pair) for pair in self.cookies.items())
            headers += f"Cookie: {pairs.decode()}\r\n"
        body = None if fields is None else urlencode(fields).encode()
        status, head, answer = self.connection.ask(path, headers=headers, body=body)
        if status != expected:
            raise AssertionError(f"{path} answered {status}")
        self.cookies |= dict(COOKIE.findall(head))
        if body is None:
            self.reads += 1
        else:
            self.writes += 1
        return answer

    def fields(self, path: str) -> dict[str, str]:
        """The hidden fields of a page, drawn as if a minute had passed since."""
        found = {
            name.decode(): html.unescape(value.decode())
            for name, value in HIDDEN.findall(self.ask(path, expected=200))
        }
        if "shown" in found:
            drawn = signing.loads(found["shown"], salt="section")
            drawn[1] -= 60_000
            found["shown"] = signing.dumps(drawn, salt="section")
        return found

    def start(self) -> None:
        token = self.fields("/quiz/")["csrfmiddlewaretoken"]
        self.ask("/quiz/", {"csrfmiddlewaretoken": token, "form": "full"}, expected=302)

    def section(
        self, number: int, *, saves: bool = True, end: bool = True
    ) -> dict[str, str]:
        """Answer a section; returns what its last POST sends, or would send."""
        fields = self.fields(f"/quiz/{number}/")
        questions = [name[4:] for name in fields if name.startswith("was-")]
        for place, question in enumerate(questions):
            fields[question] = str(1 + (place * 3 + number) % 4)
            if saves:
                self.ask(
                    f"/quiz/{number}/", fields | {"action": "autosave"}, expected=200
                )
                fields[f"was-{question}"] = fields[question]
        fields["action"] = "finish" if number == SECTIONS else "continue"
        if end:
            self.ask(f"/quiz/{number}/", fields, expected=302)
        return fields

    def stop_before_finish(self) -> dict[str, str]:
        """Answer everything; returns what Finish sends."""
        self.start()
        for number in range(1, SECTIONS):
            self.section(number, saves=False)
        return self.section(SECTIONS, saves=False, end=False)

    def finish(self) -> None:
        last = self.stop_before_finish()
        self.ask(f"/quiz/{SECTIONS}/", last, expected=302)


def journey(connection: Connection) -> int:
    taker = Taker(connection)
    taker.start()
    for number in range(1, SECTIONS + 1):
        taker.section(number)
    taker.ask("/quiz/result/", expected=200)
    return taker.reads + taker.writes


def bare_journey(reads: int, writes: int) -> Callable[[Connection], int]:
    def visit(connection: Connection) -> int:
        for number in range(reads + writes):
            if number * reads // (reads + writes) != (
                (number + 1) * reads // (reads + writes)
            ):
                connection.ask("/row/")
            else:
                connection.ask("/write/", body=b"text=two")
        return reads + writes

    return visit


def write(connection: Connection) -> int:
    status, _, _ = connection.ask("/write/", body=b"text=two")
    if status != 204:
        raise AssertionError(f"/write/ answered {status}")
    return 1


def measure(ours: Site, least: Site, *, visits: int, journeys: int) -> None:
    """Print one table."""
    prepared = Connection(ours.port)
    finished, shared = Taker(prepared), Taker(prepared)
    finished.finish()
    token = finished.fields("/quiz/result/share/")["csrfmiddlewaretoken"]
    link = {"csrfmiddlewaretoken": token, "label": "", "name": "", "scope": "answers"}
    finished.ask("/quiz/result/share/", link | {"days": "30"}, expected=302)
    [secret, *_] = TOKEN.findall(finished.ask("/quiz/result/share/", expected=200))
    # One attempt may be saved 600 times in an hour.
    savers = [Taker(prepared) for _ in range(visits // 200 + 1)]
    for saver in savers:
        saver.start()
    forms = [saver.fields("/quiz/1/") for saver in savers]
    saves = count()

    def as_(taker: Taker, path: str) -> Callable[[Connection], int]:
        def visit(connection: Connection) -> int:
            taker.connection = connection
            taker.ask(path, expected=200, plain=False)
            return 1

        return visit

    def save(connection: Connection) -> int:
        turn, which = divmod(next(saves), len(savers))
        savers[which].connection = connection
        changed = {"T1": "12345"[turn % 5], "action": "autosave"}
        savers[which].ask("/quiz/1/", forms[which] | changed, expected=200)
        return 1

    cost = {
        "bare page": load(least, page("/"), visits=visits),
        "bare page with one row": load(least, page("/row/"), visits=visits),
        "bare write": load(least, write, visits=visits, clients=1),
    }
    print(f"{'':<26}{'CPU ms':>8}{'÷ bare':>9}{'bare ÷ it':>11}{'in a second':>13}")
    for name, like, visit, clients in [
        ("public page", "bare page", page("/skills/"), 2),
        ("section", "bare page with one row", as_(savers[0], "/quiz/1/"), 1),
        ("save", "bare write", save, 1),
        ("result", "bare page with one row", as_(finished, "/quiz/result/"), 1),
        (
            "shared page",
            "bare page with one row",
            as_(shared, f"/r/{secret.decode()}/"),
            1,
        ),
    ]:
        cost[name] = load(ours, visit, visits=visits, clients=clients)
        _print(name, cost[name].cpu_ms, cost[like].cpu_ms, cost[name].a_second)
    for name in ("bare page", "bare page with one row", "bare write"):
        _print(name, cost[name].cpu_ms, cost[name].cpu_ms, cost[name].a_second)

    finishes = 5 * journeys
    prepared = Connection(ours.port)  # the first one may have been idle for too long
    waiting = [Taker(prepared) for _ in range(finishes + max(finishes // 20, 5))]
    ready = [(taker, taker.stop_before_finish()) for taker in waiting]

    def finish(connection: Connection) -> int:
        taker, last = ready.pop()
        taker.connection = connection
        taker.ask(f"/quiz/{SECTIONS}/", last, expected=302)
        return 1

    finished_cost = load(ours, finish, visits=finishes, clients=1)
    _print(
        "finish",
        finished_cost.cpu_ms,
        cost["bare write"].cpu_ms,
        finished_cost.a_second,
    )

    for takers in (1, 8):
        reads, writes = 8, 32  # of `journey`
        ours_cost = load(ours, journey, visits=journeys * takers, clients=takers)
        least_cost = load(
            least,
            bare_journey(reads, writes),
            visits=journeys * takers,
            clients=takers,
        )
        _print(
            f"journey, {takers} at once",
            ours_cost.cpu_ms,
            least_cost.cpu_ms,
            ours_cost.a_second,
        )
        print(
            f"{'':<26}requests in a second ÷ bare: "
            f"{ours_cost.a_second / least_cost.a_second:.2f}"
        )
    print(
        f"memory of two workers (PSS): {ours.megabytes():.0f} MB, bare "
        f"{least.megabytes():.0f} MB, {ours.megabytes() / least.megabytes():.2f} times"
    )


def _print(name: str, cpu: float, like: float, a_second: float) -> None:
    # A difference of two measurements may be nothing.
    ratio = like / cpu if cpu else float("nan")
    print(
        f"{name:<26}{cpu:>8.3f}{cpu / like:>9.2f}{ratio:>11.2f}{a_second:>13.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--visits", type=int, default=2_000)
    parser.add_argument("--journeys", type=int, default=20)
    options = parser.parse_args()
    settings.configure(SECRET_KEY=KEY)
    postgres = os.environ.get("DATABASE_URL", "")
    for name, url in [("SQLite", ""), ("PostgreSQL", postgres)]:
        if name == "PostgreSQL" and not url:
            continue
        with (
            tempfile.TemporaryDirectory() as bare_folder,
            tempfile.TemporaryDirectory() as folder,
            bare(Path(bare_folder), url) as least,
            rolefit(Path(folder), url, PROXIES="1") as ours,
        ):
            filled = 0
            for results in (options.few, options.many):
                environment = environment_of(DATA_DIR=folder, SECRET_KEY=KEY)
                if url:
                    environment["DATABASE_URL"] = url
                subprocess.run(
                    [sys.executable, "tools/fill_results.py"]
                    + ["--count", str(results - filled), "--seed", str(results)]
                    # As after a year: the seconds of the last month are still there.
                    + ["--days", "365", "--timed", "0.1"],
                    cwd=ROOT,
                    env=environment,
                    check=True,
                )
                filled = results
                print(f"\n== {name}, {results:,} results")
                measure(ours, least, visits=options.visits, journeys=options.journeys)
                subprocess.run(
                    [sys.executable, "tools/bench_jobs.py"],
                    cwd=ROOT,
                    env=environment,
                    check=True,
                )


if __name__ == "__main__":
    main()
