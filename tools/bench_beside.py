"""Measures how long visitors wait for a save while a backup and the daily jobs run.

    python tools/with_postgres.py --durable python tools/bench_beside.py

On SQLite, then on PostgreSQL with half as many results where DATABASE_URL names one. Of
the results, all wait for the roll-up, three in ten are past their date, and most have
seconds per question that are to be emptied. Two visitors save all the time. In the end
the backup is restored, and every result in it is scored again. It fails where a save
took more than a second, or a result differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.support.browser.server import environment_of, manage  # noqa: E402
from tools.bench_http import Connection, Site, rolefit  # noqa: E402
from tools.bench_visits import KEY, Taker  # noqa: E402

MAX_SECONDS = 1.0
SAVERS = 2
SAVES = 500  # of one attempt; the limit is 600 an hour
NO_JOB, NO_JOB_SECONDS = "no job", 30  # what the machine alone makes slow
BACKUP = "backup"
# forget_old rolls up first, so it comes last to be measured alone.
JOBS = (NO_JOB, BACKUP, "rollup", "verify_results", "forget_old")
DAYS = 520  # over which the results were finished; they are kept for 365


def save_until(done: Event, site: Site) -> list[float]:
    """The seconds that each save took."""
    connection, taken = Connection(site.port), []
    while not done.is_set():
        taker = Taker(connection)
        taker.start()
        form = taker.fields("/quiz/1/") | {"action": "autosave"}
        for turn in range(SAVES):
            if done.is_set():
                break
            began = time.monotonic()
            taker.ask("/quiz/1/", form | {"T1": "12345"[turn % 5]}, expected=200)
            taken.append(time.monotonic() - began)
    connection.close()
    return taken


def beside(job: str, site: Site, environment: dict[str, str], file: Path) -> float:
    """The slowest save while the job runs. A backup is written to `file`."""
    done = Event()
    with ThreadPoolExecutor(SAVERS) as pool:
        savers = [pool.submit(save_until, done, site) for _ in range(SAVERS)]
        began = time.monotonic()
        try:
            if job == NO_JOB:
                time.sleep(NO_JOB_SECONDS)
            else:
                manage(f"{job} {file}" if job == BACKUP else job, environment)
        finally:
            seconds = time.monotonic() - began
            done.set()
        taken = sorted(second for saver in savers for second in saver.result())
    print(
        f"{job:<16}{seconds:>8.0f} s{len(taken):>9,} saves, of 100 the slowest "
        f"{taken[-len(taken) // 100]:.3f} s, slowest of all {taken[-1]:.3f} s",
        flush=True,
    )
    return taken[-1]


def restore(file: Path, environment: dict[str, str]) -> None:
    """Put the backup in the place of the database, and score its results again."""
    for command in (f"restore --replace {file}", "prepare", "verify_results"):
        began = time.monotonic()
        manage(command, environment)
        print(f"{command.split()[0]:<16}{time.monotonic() - began:>8.0f} s", flush=True)


def measure(results: int, url: str) -> float:
    """The slowest of all saves. `url`: of a PostgreSQL; empty for SQLite."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as place,
    ):
        environment = environment_of(DATA_DIR=folder, SECRET_KEY=KEY)
        if url:
            environment["DATABASE_URL"] = url
        file = Path(place) / "site.backup"
        with rolefit(Path(folder), url, PROXIES="1") as site:
            subprocess.run(
                [sys.executable, "tools/fill_results.py"]
                + ["--count", str(results), "--days", str(DAYS)],
                cwd=ROOT,
                env=environment,
                check=True,
            )
            print(f"{'PostgreSQL' if url else 'SQLite'}, {results:,} results")
            slowest = max(beside(job, site, environment, file) for job in JOBS)
        print(f"the backup: {file.stat().st_size / 1e6:,.0f} MB")
        restore(file, environment)
    return slowest


def main(results: int) -> int:
    settings.configure(SECRET_KEY=KEY)
    slowest = measure(results, "")
    if url := os.environ.get("DATABASE_URL", ""):
        slowest = max(slowest, measure(results // 2, url))
    return 1 if slowest > MAX_SECONDS else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=200_000)
    sys.exit(main(parser.parse_args().results))
