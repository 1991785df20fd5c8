"""What the two health checks say, to whom, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from content import published
from content.models import SiteWords
from rolefit import schema
from tests.support.articles import publish_drafted_words
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Sick = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _nothing_tried() -> Iterator[None]:
    schema.forget_agreement()
    yield
    schema.forget_agreement()


@pytest.fixture
def sick_database() -> Sick:
    """A database that refuses statements with this word in them."""

    @contextmanager
    def sick(word: str) -> Iterator[None]:
        def refuse(execute: Any, sql: str, *rest: Any) -> Any:
            if word in sql:
                raise OperationalError("the disk\nis full")
            return execute(sql, *rest)

        with connection.execute_wrapper(refuse):
            yield

    return sick


def test_alive_touches_no_database(client: Client) -> None:
    assert asked(lambda: client.get("/healthz")) == []
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
@override_settings(SECURE_SSL_REDIRECT=True)
def test_health_answers_any_host_without_tls(client: Client, page: str) -> None:
    response = client.get(page, headers={"host": "10.1.2.3:8000"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_ready_names_the_addresses_that_staff_have_not_set(
    article: None, client: Client
) -> None:
    missing = published.current().words.missing
    assert len(missing) == 5
    assert client.get("/readyz").json() == {"ready": True, "missing": missing}
    SiteWords.objects.update(
        booking_address="https://calls.example.net/",
        contact_email="a@example.net",
        controller="A. Sample, 1 Main Street",
        legal_basis="Consent",
        processors="No one",
    )
    publish_drafted_words()
    assert client.get("/readyz").json() == {"ready": True, "missing": []}


def test_not_ready_until_every_migration_is_applied(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    newest = max(
        name for app, name in recorder.applied_migrations() if app == "assessments"
    )
    recorder.record_unapplied("assessments", newest)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)


@pytest.mark.parametrize("word", ["SELECT", "INSERT"])
def test_not_ready_while_the_database_takes_no_statement_or_no_write(
    client: Client,
    sick_database: Sick,
    caplog: pytest.LogCaptureFixture,
    word: str,
) -> None:
    with sick_database(word):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)
    assert all(record.exc_info is None for record in caplog.records)
    assert client.get("/readyz").status_code == 200


def test_write_is_tried_again_after_some_seconds_and_leaves_nothing(
    client: Client,
) -> None:
    def writes() -> int:
        statements = asked(lambda: client.get("/readyz"))
        return sum(sql.startswith(("INSERT", "DELETE")) for sql in statements)

    assert (writes(), writes()) == (2, 0)
    schema._Tried.written_at -= schema.WRITE_SECONDS
    assert writes() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE 'ready-%'")
        assert cursor.fetchone() == (0,)


def test_probes_are_cheap_once_the_tables_were_compared(client: Client) -> None:
    client.get("/readyz")
    assert len(asked(lambda: client.get("/readyz"))) <= 2
