"""A wrong setting stops the start with a sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "k" * 50


def started(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with nothing of this one's environment."""
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment}
    command = [
        sys.executable,
        "-c",
        "import django; from django.conf import settings; print(settings.BASE_URL, settings.SECRET_KEY)",
    ]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=clean | {"DJANGO_SETTINGS_MODULE": "rolefit.settings"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEBUG", "yes", "must be 0 or 1"),
        ("BASE_URL", "rolefit.example", "must be an address like https://example.org"),
        (
            "BASE_URL",
            "https://rolefit.example/shop",
            "must be an address like https://example.org",
        ),
        (
            "BASE_URL",
            "http://rolefit.example:port",
            "must be an address like https://example.org",
        ),
        ("ALLOWED_HOSTS", "https://rolefit.example", "is not a host name"),
        ("DATABASE_URL", "mysql://user@host/name", "must be a postgresql:// address"),
        ("DATABASE_URL", "nonsense", "must be"),
        ("SECRET_KEY", "short", "at least 40 characters"),
        ("PROXIES", "two", "must be a whole number from 0 to 5"),
        ("PROXIES", "9", "must be a whole number from 0 to 5"),
        ("UNFINISHED_DAYS", "0", "must be a whole number from 1 to 90"),
        ("FINISHED_DAYS", "-1", "must be a whole number from 30 to 1095"),
        ("EMAIL_URL", "post://host", "must be an address like smtp://"),
        ("EMAIL_URL", "smtp://host:port", "must be an address like smtp://"),
        (
            "DATA_DIR",
            "/dev/null/data",
            "must be a folder that this process may write to",
        ),
    ],
)
def test_wrong_value_is_named(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    result = started(tmp_path, **{name: value})
    last = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert name in last
    assert words in last


def test_several_machines_need_one_secret_key(tmp_path: Path) -> None:
    result = started(tmp_path, DATABASE_URL="postgresql://user:word@host/name")
    assert "SECRET_KEY is missing" in result.stderr


def test_https_without_a_proxy_is_refused_rather_than_redirected_for_ever(
    tmp_path: Path,
) -> None:
    assert (
        "PROXIES must say how many"
        in started(tmp_path, BASE_URL="https://rolefit.example").stderr
    )
    assert (
        started(tmp_path, BASE_URL="https://rolefit.example", PROXIES="1").returncode
        == 0
    )


def test_secret_key_of_one_machine_is_made_once_and_kept_to_itself(
    tmp_path: Path,
) -> None:
    first, second = started(tmp_path), started(tmp_path)
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_spoiled_secret_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x")
    assert "secret_key holds no usable key" in started(tmp_path).stderr


def test_key_of_the_environment_comes_first(tmp_path: Path) -> None:
    assert started(tmp_path, SECRET_KEY=KEY).stdout.strip().endswith(KEY)
