"""Another account of the machine reads nothing of DATA_DIR, but the static files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rolefit import environment

ROOT = Path(__file__).parents[2]
NOBODY = 65534
FILES = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "secret_key")
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may become another account"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def open_place() -> Iterator[Path]:
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


# Ends without closing the database, as a power cut does, so its log stays.
MAKE = """
import os
from django.conf import settings
from django.db import connection
call_command("collectstatic", interactive=False, verbosity=0)
connection.cursor().execute("create table one (two text)")
call_command("backup", settings.DATA_DIR / "inside.backup")
call_command("backup", settings.DATA_DIR.parent / "outside.backup")
os._exit(0)
"""


@contextmanager
def another_account() -> Iterator[None]:
    """What this process does within, another account of the machine does."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def readable(paths: Iterable[Path]) -> list[str]:
    """The names of those that another account can list or read."""
    found = []
    with another_account():
        for path in paths:
            with suppress(PermissionError):
                # A folder that is open still has no text.
                os.listdir(path) if path.is_dir() else path.read_bytes()
                found.append(path.name)
    return found


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A place with the data of a site, its backups, and its static files."""
    with open_place() as place:
        site = run(place, MAKE)
        assert site.returncode == 0, site.stderr
        names = {path.name for path in (place / "data").iterdir()}
        assert {*FILES, "inside.backup"} <= names
        yield place


def test_only_static_files_are_open_to_others(made: Path) -> None:
    data, static = made / "data", made / "static"
    private = [data, *data.iterdir(), made / "outside.backup"]
    assert {mode(path) & 0o077 for path in private} == {0}
    found = [static, *static.rglob("*")]
    assert any(path.suffix == ".gz" for path in found)
    assert {mode(path) for path in found} == {0o755, 0o644}


@needs_root
def test_another_account_reads_nothing_but_static_files(made: Path) -> None:
    data, static = made / "data", made / "static"
    private = [data, *data.rglob("*"), made / "outside.backup"]
    assert readable(private) == []
    # Nor where the folder stands open, as after a careless copy.
    data.chmod(0o755)
    found = readable(private)
    data.chmod(0o700)
    assert found == ["data"]
    style = next(static.glob("css/*.gz"))
    assert readable([static, style]) == ["static", style.name]


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


@needs_root
@pytest.mark.parametrize("name", ["", *FILES])
def test_start_is_refused_where_the_mode_cannot_change(name: str) -> None:
    """Only the owner of a file may change its mode."""
    sentence = ""
    with open_place() as place:
        data = place / "data"
        data.mkdir(mode=0o700)
        path = data / name
        if name:
            path.touch()
            os.chown(data, NOBODY, NOBODY)
        path.chmod(0o755)
        with another_account():
            try:
                environment.private_directory("DATA_DIR", data)
            except ImproperlyConfigured as refusal:
                sentence = str(refusal)
    assert f"sudo chmod {'600' if name else '700'} {path}`" in sentence


def test_folder_that_all_accounts_share_is_refused_and_left_alone(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        environment.private_directory("DATA_DIR", tmp_path)
    assert mode(tmp_path) == 0o1777
