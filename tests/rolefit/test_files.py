"""Another account of the machine reads nothing of DATA_DIR, but the static files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rolefit import environment

ROOT = Path(__file__).parents[2]
NOBODY = 65534
FILES = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "secret_key")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may pass, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def run(place: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code after the settings of a new process, with the umask of most machines."""
    environ = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(place / "data"),
        "STATIC_ROOT": str(place / "static"),
        "DJANGO_SETTINGS_MODULE": "rolefit.settings",
    }
    setup = "import django; django.setup(); from django.core.management import "
    return subprocess.run(
        [sys.executable, "-c", f"{setup}call_command\n{code}"],
        cwd=ROOT,
        env=environ,
        umask=0o022,
        text=True,
        capture_output=True,
    )


MAKE = """
from django.db import connection
from pathlib import Path
from django.conf import settings
call_command("collectstatic", interactive=False, verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("create table one (two text)")
    print(*(path.name for path in Path(settings.DATA_DIR).iterdir()))
"""


def test_another_account_reads_nothing_but_static_files(place: Path) -> None:
    made = run(place, MAKE)
    assert made.returncode == 0, made.stderr
    assert {"db.sqlite3", "db.sqlite3-wal", "secret_key"} <= set(made.stdout.split())
    data, static = place / "data", place / "static"
    assert mode(data) == 0o700
    assert {mode(each) & 0o077 for each in data.iterdir()} == {0}
    found = [static, *static.rglob("*")]
    assert any(each.suffix == ".gz" for each in found)
    assert {mode(each) for each in found} == {0o755, 0o644}
    if os.geteuid():
        pytest.skip("only root may become another account")
    read = "import os, sys; os.setuid(int(sys.argv[1])); open(sys.argv[2]).close()"
    style = str(next(static.glob("css/*.gz")))
    outcomes = {
        path: subprocess.run(
            ["/usr/bin/python3", "-c", read, str(NOBODY), path], capture_output=True
        ).returncode
        for path in (style, *map(str, (data / name for name in FILES[::3])))
    }
    assert list(outcomes.values()) == [0, 1, 1]


def test_open_folder_and_files_are_closed_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    for name in FILES:
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert environment.private_directory("DATA_DIR", tmp_path) == tmp_path
    assert mode(tmp_path) == 0o700
    assert {mode(tmp_path / name) for name in FILES} == {0o600}


@pytest.mark.parametrize("name", ["", *FILES])
def test_start_is_refused_where_the_mode_cannot_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    path.touch()
    path.chmod(0o755)

    def refuse(self: Path, mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.private_directory("DATA_DIR", tmp_path)
    assert f"sudo chmod {'600' if name else '700'} {path}`" in str(refusal.value)


def test_folder_that_all_accounts_share_is_refused_and_left_alone(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        environment.private_directory("DATA_DIR", tmp_path)
    assert mode(tmp_path) == 0o1777
