"""`manage.py prepare`: safe to repeat, and to start twice at once."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assessments.models import Result, Version
from tests.support.coaching import alone

ROOT = Path(__file__).parents[3]


@pytest.mark.django_db
def test_preparing_deletes_nothing_and_rolls_nothing_up(
    questionnaire: Version, capsys: pytest.CaptureFixture[str]
) -> None:
    """A start must not wait for daily work."""
    alone()
    Result.objects.update(expires_at=timezone.now())
    call_command("prepare", verbosity=0)
    assert Result.objects.count() == 1
    assert "Looked at" not in capsys.readouterr().out


@pytest.mark.database
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_nodes_may_prepare_an_empty_database_at_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 50,
        "DJANGO_SETTINGS_MODULE": "rolefit.settings",
    }
    name = f"nodes_{uuid4().hex}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        host = settings.DATABASES["default"]["OPTIONS"]["host"]
        environment["DATABASE_URL"] = f"postgresql://postgres@/{name}?host={host}"
    nodes = [
        subprocess.Popen(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [node.communicate(timeout=180) for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0], said
    assert sorted("version 1" in out for out, _ in said) == [False, True]
    assert [error for _, error in said] == ["", ""]
    if connection.vendor == "sqlite":
        file = tmp_path / "db.sqlite3"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
