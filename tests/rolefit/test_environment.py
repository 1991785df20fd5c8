"""A wrong setting stops the start with a sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).parents[2]
KEY = "k" * 50


Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load the settings with this environment alone."""

    def load_settings(**environment: str) -> dict[str, Any]:
        clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment}
        with monkeypatch.context() as patch:
            for name in os.environ:
                patch.delenv(name)
            for name, value in clean.items():
                patch.setenv(name, value)
            return run_path(
                str(ROOT / "rolefit/settings.py"), run_name="rolefit.loaded"
            )

    return load_settings


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
        ("SECRET_KEY", "short", "at least 40 random characters"),
        ("SECRET_KEY_FALLBACKS", f"{KEY},short", "at least 40 characters each"),
        ("PROXIES", "two", "must be a whole number from 0 to 5"),
        ("PROXIES", "9", "must be a whole number from 0 to 5"),
        ("PROXIES", "9" * 5_000, "must be a whole number from 0 to 5"),
        ("PROXIES", "\u0661", "must be a whole number from 0 to 5"),
        ("UNFINISHED_DAYS", "0", "must be a whole number from 1 to 90"),
        ("FINISHED_DAYS", "-1", "must be a whole number from 30 to 1095"),
        ("EMAIL_URL", "post://host", "must be an address like smtp://"),
        ("EMAIL_URL", "smtp://host:port", "must be an address like smtp://"),
        (
            "DATA_DIR",
            "/dev/null/data",
            "must be a folder that Rolefit may write to",
        ),
    ],
)
def test_wrong_value_is_named(load: Load, name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        load(**{name: value})
    assert name in str(refusal.value)
    assert words in str(refusal.value)


def test_wrong_value_stops_the_start_with_its_sentence_last(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DEBUG": "yes"},
        capture_output=True,
        text=True,
    )
    assert started.returncode != 0
    assert "DEBUG must be 0 or 1" in started.stderr.strip().splitlines()[-1]


def test_several_machines_need_one_secret_key(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is missing"):
        load(DATABASE_URL="postgresql://user:word@host/name")


def test_https_without_a_proxy_is_refused_rather_than_redirected_forever(
    load: Load,
) -> None:
    with pytest.raises(ImproperlyConfigured, match="PROXIES must be the number"):
        load(BASE_URL="https://rolefit.example")
    settings = load(BASE_URL="https://rolefit.example", PROXIES="1")
    assert settings["BASE_URL"] == "https://rolefit.example"


def test_secret_key_of_one_machine_is_made_once_and_kept_to_itself(
    load: Load, tmp_path: Path
) -> None:
    assert load()["SECRET_KEY"] == load()["SECRET_KEY"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_spoiled_secret_key_file_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x")
    with pytest.raises(ImproperlyConfigured, match="secret_key has no usable key"):
        load()


def test_earlier_keys_are_separated_by_commas(load: Load) -> None:
    assert load()["SECRET_KEY_FALLBACKS"] == []
    earlier = load(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=f"{'a' * 40}, {'b' * 40}")
    assert earlier["SECRET_KEY_FALLBACKS"] == ["a" * 40, "b" * 40]


def test_key_of_the_environment_comes_first(load: Load) -> None:
    assert load(SECRET_KEY=KEY)["SECRET_KEY"] == KEY


def test_https_binds_no_other_host_unless_asked(load: Load) -> None:
    def hsts(**wishes: str) -> tuple[int, bool, bool]:
        settings = load(BASE_URL="https://rolefit.example", PROXIES="1", **wishes)
        names = ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD")
        return tuple(settings[f"SECURE_HSTS_{name}"] for name in names)

    assert hsts() == (31_536_000, False, False)
    assert hsts(HSTS_SUBDOMAINS="1") == (31_536_000, True, False)
    assert hsts(HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1") == (31_536_000, True, True)
    with pytest.raises(ImproperlyConfigured, match="HSTS_SUBDOMAINS"):
        hsts(HSTS_PRELOAD="1")
