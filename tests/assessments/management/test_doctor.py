"""`manage.py doctor` finds each thing that can be wrong, and says what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from assessments.actions.attempts import start
from assessments.actions.muting import muted, read_stop_token, stop_mail, stop_token
from assessments.management.commands import doctor
from assessments.management.commands.doctor import Symptom, symptoms_of
from assessments.models import Version
from content.models import ProseBlock, SiteWords
from tests.support.articles import (
    make_page,
    make_prose,
    publish_drafted_words,
    publish_page,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MANIFEST = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    }
}


def marks(check: Any) -> list[bool]:
    """Of each symptom, whether it is wrong."""
    found = symptoms_of(check)
    assert all(each.what and each.to_do for each in found)
    return [each.wrong for each in found]


def test_settings(settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8000"
    assert marks(doctor.check_settings) == [False]  # no https
    settings.DEBUG = True
    assert marks(doctor.check_settings) == [False, False]
    settings.BASE_URL = "https://rolefit.example"
    assert any(
        each.wrong and "DEBUG" in each.what
        for each in symptoms_of(doctor.check_settings)
    )


def test_earlier_key_goes_after_two_weeks(settings: Any) -> None:
    assert marks(doctor.check_earlier_keys) == []
    settings.SECRET_KEY_FALLBACKS = ["o" * 50]
    [found] = symptoms_of(doctor.check_earlier_keys)
    assert not found.wrong
    assert found.to_do.startswith("Unset it two weeks")


def test_earlier_key_stays_while_addresses_are_muted_with_it(settings: Any) -> None:
    settings.SECRET_KEY, now = "o" * 50, "n" * 50
    for person in ("ann", "bob"):
        token = stop_token(f"{person}@rolefit.example")
        stop_mail(link=None, digest=read_stop_token(token))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, ["o" * 50]
    assert muted(["ann@rolefit.example"])
    [found] = symptoms_of(doctor.check_earlier_keys)
    assert not found.wrong
    assert re.findall(r"\d+", found.what) == ["2"]
    assert found.to_do.startswith("Keep it.")
    settings.SECRET_KEY_FALLBACKS = []
    assert not muted(["ann@rolefit.example"])


def test_database_without_limits() -> None:
    if connection.vendor == "sqlite":
        # Tests need not reach the disk, and the doctor sees that.
        assert marks(doctor.check_database) == [True]
        return
    assert marks(doctor.check_database) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
    assert marks(doctor.check_database) == [True]


def test_schema() -> None:
    assert marks(doctor.check_schema) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_clickday RENAME COLUMN n TO m")
    assert True in marks(doctor.check_schema)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_clickday RENAME COLUMN m TO n")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'content'")
    assert marks(doctor.check_schema) == [True]


def test_writing(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    if connection.vendor == "postgresql":
        assert marks(doctor.check_writing) == []
        return
    file = Path(connection.settings_dict["NAME"])
    file.chmod(0o600)
    assert marks(doctor.check_writing) == []
    file.chmod(0o644)
    assert marks(doctor.check_writing) == [True]
    file.chmod(0o600)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        assert marks(doctor.check_writing) == [True]
        cursor.execute("PRAGMA query_only = OFF")


def test_clock(questionnaire: Version) -> None:
    start(version=questionnaire, form="full")
    assert marks(doctor.check_clock) == []
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        # PostgreSQL has a clock of its own to compare with.
        on_sqlite = connection.vendor == "sqlite"
        assert marks(doctor.check_clock) == ([True] if on_sqlite else [True, True])


def test_mail(settings: Any) -> None:
    settings.MAIL_GOES_OUT = False
    assert marks(doctor.check_mail) == [False]
    settings.MAIL_GOES_OUT = True
    assert marks(doctor.check_mail) == [True]  # the sender is on this machine
    settings.DEFAULT_FROM_EMAIL = "Rolefit <hello@rolefit.example>"
    assert marks(doctor.check_mail) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert marks(doctor.check_mail) == [True]


def test_static_files(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT, settings.DEBUG = tmp_path, True
    assert marks(doctor.check_static_files) == []
    with override_settings(DEBUG=False, STORAGES=MANIFEST):
        assert marks(doctor.check_static_files) == [True]
        call_command("collectstatic", interactive=False, verbosity=0)
        assert marks(doctor.check_static_files) == []
        next(tmp_path.glob("css/site.*.css")).unlink()
        assert marks(doctor.check_static_files) == [True]


def test_nothing_published(db: None) -> None:
    assert marks(doctor.check_published) == [True, True]


def test_published(questionnaire: Version) -> None:
    assert marks(doctor.check_published) == []


def test_jobs(questionnaire: Version) -> None:
    start(version=questionnaire, form="full")
    assert marks(doctor.check_jobs) == []
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert marks(doctor.check_jobs) == [True]


def test_words(article: None) -> None:
    # Two addresses and three texts about privacy are not set.
    assert marks(doctor.check_words) == [False] * 5
    SiteWords.objects.update(
        booking_address="https://calls.rolefit.example/",
        contact_email="a@b.example",
        controller="Rolefit",
        legal_basis="Your consent",
        processors="None",
    )
    publish_drafted_words()
    assert marks(doctor.check_words) == []
    SiteWords.objects.update(contact_email="privacy@example.org")
    publish_drafted_words()
    assert marks(doctor.check_words) == [False]


def test_words_left_over_in_a_page(db: None) -> None:
    before = marks(doctor.check_words)
    page = make_page("more")
    make_prose(page, text="<p>Lorem ipsum dolor.</p>")
    assert marks(doctor.check_words) == before  # not published yet
    publish_page(page, by=None)
    assert marks(doctor.check_words) == [*before, False]
    ProseBlock.objects.update(text="<p>Real words.</p>")
    publish_page(page, by=None)
    assert marks(doctor.check_words) == before


def test_database_that_is_not_made_yet_is_a_finding() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_attempt RENAME TO gone")
    found = symptoms_of(doctor.check_clock)
    assert [each.wrong for each in found] == [True]
    assert "prepare" in found[0].to_do


def run(*words: str) -> tuple[str, bool]:
    """What the command prints, and whether something is wrong."""
    out = StringIO()
    try:
        call_command("doctor", *words, stdout=out)
    except CommandError:
        return out.getvalue(), True
    return out.getvalue(), False


@pytest.mark.parametrize(
    ("symptom", "mark", "any_wrong"),
    [
        (None, "ok", False),
        (Symptom(False, "a", "b"), "look", False),
        (Symptom(True, "a", "b"), "WRONG", True),
    ],
)
def test_command_prints_a_line_for_each_check_and_fails_where_something_is_wrong(
    monkeypatch: pytest.MonkeyPatch, symptom: Symptom | None, mark: str, any_wrong: bool
) -> None:
    found = [symptom] if symptom else []
    monkeypatch.setattr(doctor, "CHECKS", {"Clock": lambda: iter(found)})
    said, failed = run()
    assert failed == any_wrong
    assert said.split()[:2] == [mark, "Clock"]
    assert mail.outbox == []


def test_mail_is_sent_on_request(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {})
    _, failed = run("--mail", "ada@example.org")
    assert not failed
    assert [each.to for each in mail.outbox] == [["ada@example.org"]]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    _, failed = run("--mail", "ada@example.org")
    assert failed
