"""What a visitor, the log and ADMINS get when something fails."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path

from rolefit.logs import HideSecrets, MailAdmins, NoTracebacksOfOthers
from rolefit.refusals import RefusedBecause
from rolefit.urls import handler403, handler500
from rolefit.urls import urlpatterns as of_the_site
from tests.support.dom import parse

AWAY = OperationalError("connection to server failed:\n  Connection refused")
MISSING_TABLE = OperationalError("no such table: assessments_result")


class Broken:
    """What the view at /broken/ raises."""

    error: Exception = AWAY


def broken(request: HttpRequest) -> HttpResponse:
    raise Broken.error


urlpatterns = [path("broken/", broken), *of_the_site]
__all__ = ["handler403", "handler500", "urlpatterns"]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[str]]]:
    """What the site has written to the console since the test began."""
    stream = io.StringIO()
    handlers = logging.getLogger("django").handlers
    console = next(one for one in handlers if type(one) is logging.StreamHandler)
    before = console.setStream(stream)
    yield lambda: stream.getvalue().splitlines()
    if before is not None:
        console.setStream(before)


@pytest.fixture
def fail(client: Client) -> Iterator[Callable[[Exception], HttpResponse]]:
    """A page whose view raises this error."""
    client.raise_request_exception = False

    def ask(error: Exception) -> HttpResponse:
        Broken.error = error
        return client.get("/broken/?answer=secret")

    with override_settings(ROOT_URLCONF=__name__):
        yield ask


@pytest.mark.parametrize("error", [AWAY, InterfaceError("connection already closed")])
def test_page_without_its_database_says_come_back_and_takes_one_line(
    fail: Callable[[Exception], HttpResponse],
    lines: Callable[[], list[str]],
    error: Exception,
) -> None:
    response = fail(error)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert parse(response).has("main li a[href=/]")
    (line,) = lines()
    assert str(error).split()[-1] in line


@pytest.mark.parametrize("error", [ValueError("oh"), MISSING_TABLE])
def test_mistake_in_the_code_is_a_500_with_one_traceback(
    fail: Callable[[Exception], HttpResponse],
    lines: Callable[[], list[str]],
    error: Exception,
) -> None:
    response = fail(error)
    assert response.status_code == 500
    assert "\n".join(lines()).count("Traceback") == 1


def test_page_of_an_outage_needs_neither_database_nor_context() -> None:
    assert parse(render_to_string("503.html")).has("h1")


@pytest.mark.django_db
def test_refused_request_takes_one_line(
    fail: Callable[[Exception], HttpResponse],
    lines: Callable[[], list[str]],
    client: Client,
) -> None:
    assert fail(PermissionDenied("not yours")).status_code == 403
    response = client.get("/broken/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    forbidden, wrong_host = lines()
    assert "not yours" in forbidden
    assert "account unknown, sender" in forbidden
    assert wrong_host.count("elsewhere.example") == 2  # in Django's own sentence


@pytest.mark.django_db
def test_page_of_a_refusal_shows_our_reason_and_no_library_s(
    fail: Callable[[Exception], HttpResponse],
) -> None:
    for error in (RefusedBecause("Ask a superuser."), PermissionDenied("code 17")):
        response = fail(error)
        assert response.status_code == 403
        ours = isinstance(error, RefusedBecause)
        assert (str(error) in parse(response).text) == ours


def failure(error: Exception, **extra: Any) -> logging.LogRecord:
    """The record of an error that was raised."""
    try:
        raise error
    except Exception as raised:
        exc_info = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord(
        "django.request", logging.ERROR, "f.py", 1, "Failed: /r/abc/", None, exc_info
    )
    vars(record).update(extra)
    return record


@pytest.fixture
def mailing() -> Callable[[logging.LogRecord], Any]:
    """The handler as the settings make it where mail goes out."""
    handler = MailAdmins()
    handler.addFilter(NoTracebacksOfOthers())
    handler.addFilter(HideSecrets())
    return handler.handle


@override_settings(ADMINS=[("", "ada@example.org")])
def test_failure_is_mailed_once_without_secrets(
    mailing: Callable[[logging.LogRecord], Any],
) -> None:
    for _ in range(3):
        mailing(failure(ValueError("at /r/abc/")))
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "ValueError" in sent.body
    assert "abc" not in sent.subject + sent.body


@override_settings(ADMINS=[("", "ada@example.org")])
def test_refused_request_is_not_mailed(
    mailing: Callable[[logging.LogRecord], Any],
) -> None:
    mailing(failure(ValueError("a wrong host"), status_code=400))
    assert mail.outbox == []


@override_settings(ADMINS=[("", "ada@example.org")])
def test_many_failures_do_not_fill_a_mailbox(
    mailing: Callable[[logging.LogRecord], Any],
) -> None:
    for number in range(3 * MailAdmins.MAX_MAILS):
        kind = type(f"Error{number}", (Exception,), {})
        mailing(failure(kind()))
    assert len(mail.outbox) == MailAdmins.MAX_MAILS
