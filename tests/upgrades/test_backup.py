"""A backup is made while the site runs, and comes back whole."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.management import backups
from assessments.models import Result
from rolefit.schema import table_differences
from tests.support.snapshots import forget_snapshots
from tests.support.taker import Taker

from .scratch import every_row, scratch_database

pytestmark = [pytest.mark.database, pytest.mark.slow]


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@dataclass(frozen=True)
class Backup:
    file: Path
    said: str
    # Every row at the time, by model.
    rows: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def backup(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Backup:
    """Of a site with two results, whose key is a file."""
    folder = tmp_path_factory.mktemp("site")
    file = folder / "site.backup"
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        scratch_database(folder),
    ):
        patch.setattr(settings, "DATA_DIR", folder)
        (folder / "secret_key").write_text(settings.SECRET_KEY)
        run("prepare")
        for example in ("both", "close"):
            Taker(Client()).take(example)
        said = run("backup", str(file))
        rows = every_row()
    forget_snapshots()
    return Backup(file, said, rows)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    (tmp_path / "secret_key").write_text("of another site")
    return tmp_path


@pytest.fixture
def site(empty_database: None, data_dir: Path, backup: Backup) -> Iterator[None]:
    """The site again, from its backup."""
    run("restore", str(backup.file))
    yield
    forget_snapshots()


@pytest.mark.usefixtures("site")
def test_backup_comes_back_whole_and_verifies(data_dir: Path, backup: Backup) -> None:
    assert str(backup.file) in backup.said
    assert stat.S_IMODE(backup.file.stat().st_mode) == 0o600
    assert [path.name for path in backup.file.parent.glob("site.*")] == ["site.backup"]
    assert len(backup.rows["assessments.Result"]) == 2
    assert every_row() == backup.rows
    assert table_differences(connection) == []
    assert run("verify_results") == "Results checked: 2. No differences.\n"
    key = (data_dir / "secret_key").read_text()
    if connection.vendor == "sqlite":
        assert key == settings.SECRET_KEY
        assert backups.KEY_TABLE not in connection.introspection.table_names()
    else:
        assert key == "of another site"


@pytest.mark.usefixtures("site")
def test_backup_never_replaces_a_file(data_dir: Path) -> None:
    file = data_dir / "there"
    file.write_text("mine")
    with pytest.raises(CommandError, match="exists already"):
        run("backup", str(file))
    with pytest.raises(CommandError, match="can't be written"):
        run("backup", str(data_dir / "no folder" / "file"))
    assert file.read_text() == "mine"


@pytest.mark.usefixtures("site")
def test_restore_replaces_a_site_with_answers_only_when_told(backup: Backup) -> None:
    file = str(backup.file)
    Taker(Client()).take("low_both")
    with pytest.raises(CommandError, match="--replace"):
        run("restore", file)
    assert Result.objects.count() == 3
    run("restore", file, "--replace")
    assert Result.objects.count() == 2
    # Ids go on where they stopped, so the next visitor gets a result.
    Taker(Client()).take("low_both")
    assert Result.objects.count() == 3


@pytest.mark.usefixtures("site")
def test_restore_signs_everybody_out(data_dir: Path) -> None:
    user = User.objects.create_user("carla")
    Session.objects.create(
        session_key="ended since",
        session_data="",
        expire_date=timezone.now() + timedelta(days=1),
    )
    UserSession.objects.create(
        user=user, session_key="ended since", ip="192.0.2.1", user_agent="A browser"
    )
    file = data_dir / "signed-in"
    run("backup", str(file))
    Session.objects.all().delete()
    run("restore", str(file), "--replace")
    assert User.objects.get() == user
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    # Of a release that had no such table.
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {UserSession._meta.db_table}")
    older = data_dir / "older"
    run("backup", str(older))
    run("restore", str(older), "--replace")
    assert User.objects.get() == user


@pytest.mark.usefixtures("site")
def test_damaged_foreign_and_newer_backups_change_nothing(
    data_dir: Path, backup: Backup
) -> None:
    bad = data_dir / "bad"
    content = backup.file.read_bytes()
    bad.write_bytes(content[: len(content) // 2])
    for file in (bad, data_dir / "missing", Path(__file__)):
        with pytest.raises(CommandError):
            run("restore", str(file), "--replace")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('content', '9999_of_tomorrow', '2030-01-01')"
        )
    newer = data_dir / "newer"
    run("backup", str(newer))
    with pytest.raises(CommandError, match=r"newer release.*content\.9999_of_tomorrow"):
        run("restore", str(newer), "--replace")
    assert every_row() == backup.rows


@pytest.mark.usefixtures("site")
def test_postgresql_says_what_is_missing(
    data_dir: Path, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("PostgreSQL alone needs other programs")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_tomorrow (id int)")
    with pytest.raises(CommandError, match="of_tomorrow"):
        run("restore", str(backup.file), "--replace")
    assert Result.objects.count() == 2
    monkeypatch.setenv("PATH", str(data_dir))
    with pytest.raises(CommandError, match="postgresql-client"):
        run("backup", str(data_dir / "other"))
    assert not (data_dir / "other").exists()


@pytest.mark.usefixtures("site")
def test_key_of_the_environment_is_not_in_the_file(
    data_dir: Path, backup: Backup
) -> None:
    (data_dir / "secret_key").unlink(missing_ok=True)
    file = data_dir / "site.backup"
    assert "SECRET_KEY" in run("backup", str(file))
    key = settings.SECRET_KEY.encode()
    assert key not in file.read_bytes()
    assert (key in backup.file.read_bytes()) == (connection.vendor == "sqlite")
