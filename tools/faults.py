"""Lets faults strike the site while visitors answer, and prints what they lost.

    python tools/faults.py [--count 5000] [--seed 1] [--on sqlite|postgresql]

For each database, visitors save answers over HTTP until COUNT saves are acknowledged.
It ends with 1 where anything was lost, failed with 500, or could not be read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.support.strikes import (  # noqa: E402
    DISK_FULL,
    Outcome,
    collect_static,
    rage,
)

MOST_SHOWN = 20  # complaints of one kind of database


def show(database: str, outcome: Outcome) -> None:
    storm = outcome.storm
    print(f"\n{database}: {outcome.seconds:.0f} seconds, seed {storm.seed}")
    for name, times in outcome.struck.items():
        print(f"  {name:<42}{times:>8}")
    if DISK_FULL not in outcome.struck:
        print(f"  {DISK_FULL}: left out, for only root can mount a small disk")
    figures = {
        "saves acknowledged": storm.seen["saves acknowledged"],
        "last answers looked for and found": storm.seen["answers found"],
        "finished attempts, each with one result": len(storm.finished),
        "answers with 503": storm.seen["answers with 503"],
        "of them section pages, choices compared": storm.seen["pages not saved"],
        "requests without an answer": storm.seen["requests without an answer"],
        "pages of the article read": storm.seen["pages read"],
        "of them asked again after a reset": storm.seen["reads reset"],
        "anything wrong": len(storm.wrong),
    }
    for name, figure in figures.items():
        print(f"  {name:<42}{figure:>8,}")
    for complaint in storm.wrong[:MOST_SHOWN]:
        print(f"  WRONG: {complaint}")


def main(arguments: argparse.Namespace) -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        static = collect_static(Path(scratch))
        for database in arguments.on:
            outcome = rage(
                static,
                on_postgres=database == "postgresql",
                saves=arguments.count,
                seed=arguments.seed,
            )
            show(database, outcome)
            wrong += len(outcome.storm.wrong)
            if arguments.log:
                (arguments.log / f"{database}.log").write_text(outcome.log)
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Visitors answer while faults strike.")
    parser.add_argument("--count", type=int, default=5_000, metavar="SAVES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--on",
        nargs="+",
        choices=("sqlite", "postgresql"),
        default=["sqlite", "postgresql"],
    )
    parser.add_argument(
        "--log", type=Path, metavar="FOLDER", help="keep the server's log there"
    )
    sys.exit(main(parser.parse_args()))
