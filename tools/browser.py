"""Finds a Chromium for the browser tests, or installs one.

It installs Debian's package where apt may be used, and else Playwright's download.
Prints its path, or says on standard error what is missing and ends with status 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def on_the_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def provide() -> str | None:
    """Install a Chromium and return its path.

    The installers write to standard error, because standard output has only the path.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (
            ["update", "-qq"],
            ["install", "-qq", "--yes", "--no-install-recommends", "chromium"],
        ):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            if subprocess.run(
                ["apt-get", *command], stdout=sys.stderr, env=quiet
            ).returncode:
                break
        if path := on_the_path():
            return path
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr
    )
    return of_playwright()


def main() -> int:
    path = on_the_path() or of_playwright()
    if path is None:
        print(
            "No Chromium on this machine; getting one for the browser tests.",
            file=sys.stderr,
        )
        path = provide()
    if path is None:
        print(
            "*** NO BROWSER: none is installed and none could be had. "
            "Install Chromium and try again. ***",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
