"""Prints how many requests a second `manage.py score --lines` answers on this machine, the start of Python and Django included."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFINITION = ROOT / "assessments" / "defaults" / "default.json"


def main(count: int) -> int:
    with tempfile.TemporaryFile() as requests, tempfile.TemporaryFile() as replies:
        made = [
            sys.executable,
            str(ROOT / "tools" / "random_requests.py"),
            f"--count={count}",
            f"--definition={DEFINITION}",
        ]
        subprocess.run(made, check=True, stdout=requests)
        requests.seek(0)
        began = time.perf_counter()
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "score",
            "--lines",
            f"--definition={DEFINITION}",
        ]
        subprocess.run(command, check=True, stdin=requests, stdout=replies)
        seconds = time.perf_counter() - began
        replies.seek(0)
        answered = sum(1 for line in replies if json.loads(line))
    print(f"{answered} requests in {seconds:.1f} s: {answered / seconds:,.0f} a second")
    return 0 if answered == count else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure manage.py score --lines.")
    parser.add_argument("--count", type=int, default=100_000)
    sys.exit(main(parser.parse_args().count))
