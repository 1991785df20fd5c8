"""No token and no code reaches a log line, not even inside a traceback."""

from __future__ import annotations

import io
import logging
import re
import time
from urllib.parse import unquote

import pytest

from rolefit.logs import MAX_MESSAGE, HideSecrets, hide
from tests.support.secret_addresses import (
    PLAIN_ADDRESSES,
    SECRET_ADDRESSES,
    secrets_in,
)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Not Found: /r/abc123/", "Not Found: /r/…"),
        ('"GET /r/abc123.json HTTP/1.1" 404', '"GET /r/… HTTP/1.1" 404'),
        ("Forbidden: /join/K7M2/", "Forbidden: /join/…"),
        ('"GET /join/7K3M9Q2RTX/?who=new HTTP/1.1" 200', '"GET /join/… HTTP/1.1" 200'),
        ("Unprocessable Entity: /join/7K3M9 Q2RTX/", "Unprocessable Entity: /join/…"),
        (
            "Unprocessable Entity: /join/7K 3M 9'Q 2RTX/",
            "Unprocessable Entity: /join/…",
        ),
        ("Too Many Requests: /join/", "Too Many Requests: /join/"),
        ("Not Found: /rate/abc123/", "Not Found: /rate/…"),
        (
            "Not Found: /quiz/resume/#27X4B-MQCRW-3VG1E-FBZJR",
            "Not Found: /quiz/resume/…",
        ),
        (
            '"GET /quiz/resume/%2327X4B-MQCRW-3VG1E-FBZJR HTTP/1.1" 404',
            '"GET /quiz/resume/… HTTP/1.1" 404',
        ),
        ('"GET /quiz/resume/ HTTP/1.1" 200', '"GET /quiz/resume/ HTTP/1.1" 200'),
        (
            "Not Found: /accounts/password/reset/key/3-abc/",
            "Not Found: /accounts/password/reset/key/…",
        ),
        (
            "Not Found: /accounts/confirm-email/abc:def/",
            "Not Found: /accounts/confirm-email/…",
        ),
        ("Not Found: /coach/3/?name=Ann", "Not Found: /coach/3/?…"),
        ("Not Found: /coach/coach/?name=Ann", "Not Found: /coach/coach/?…"),
        ("Not Found: /coach/3/? and more", "Not Found: /coach/3/? and more"),
        ("Not Found: /rooms/9/", "Not Found: /rooms/9/"),
        ("Not Found: /R/abc123/", "Not Found: /R/…"),
        ("Not Found: //r//abc123/", "Not Found: //r/…"),
        ("Not Found: /r/ abc123/", "Not Found: /r/…"),
        ("Not Found: /r/<abc123>", "Not Found: /r/…>"),
        ('Not Found: /r/"abc123"', 'Not Found: /r/…"'),
        ("Not Found: /7K3M9-Q2RTX", "Not Found: /…"),
        ("Not Found: /7k3m9q2rtx/", "Not Found: /…/"),
        ('"GET /7K3M9Q2rtx?a=b HTTP/1.1" 404', '"GET /…?a=b HTTP/1.1" 404'),
        ("Not Found: /27x4b-MQCRW-3vg1e-FBZJR", "Not Found: /…"),
        ("Not Found: /7K3M9-Q2RTX-OF5HJ-8WYZ4", "Not Found: /…"),
        ("Not Found: /difference/", "Not Found: /difference/"),
        (
            "Not Found: /ACCOUNTS/CONFIRM-EMAIL/abc:def/",
            "Not Found: /ACCOUNTS/CONFIRM-EMAIL/…",
        ),
        ("Not Found: /Quiz/Resume/27X4B", "Not Found: /Quiz/Resume/…"),
        ("Not Found: /RATE/abc123/", "Not Found: /RATE/…"),
        ("Not Found: /JOIN/k7m2", "Not Found: /JOIN/…"),
        ('"GET /join/ HTTP/1.1" 200', '"GET /join/ HTTP/1.1" 200'),
        ("Not Found: /01234567890123456789abcdef", "Not Found: /…"),
        ("Not Found: /r,01234567890123456789ABCDEF.", "Not Found: /r,…."),
        ("GET /r%2F01234567890123456789abcdef HTTP/1.1", "GET /r%2F… HTTP/1.1"),
        ("sha256 " + "0123456789abcdef" * 4, "sha256 " + "0123456789abcdef" * 4),
        (
            "https://rolefit.example/r/abc123/?x=1 twice /r/def/",
            "https://rolefit.example/r/… twice /r/…",
        ),
    ],
)
def test_secret_part_of_an_address_is_hidden(line: str, written: str) -> None:
    assert hide(line) == written


@pytest.mark.parametrize("address", SECRET_ADDRESSES)
def test_no_part_of_a_secret_is_left_of_an_address(address: str) -> None:
    for line in (f'"GET {address} HTTP/1.1" 404 9', f"Not Found: {unquote(address)}"):
        assert secrets_in(line) != set()
        assert secrets_in(hide(line)) == set(), hide(line)


@pytest.mark.parametrize("address", PLAIN_ADDRESSES)
def test_other_addresses_are_logged_as_they_are(address: str) -> None:
    for line in (f'"GET {address} HTTP/1.1" 404 9', f"Not Found: {unquote(address)}"):
        assert hide(line) == line


def processor_seconds(text: str) -> float:
    begun = time.thread_time()
    hide(text)
    return time.thread_time() - begun


@pytest.mark.parametrize(
    "part",
    [
        "/coach",
        "%2fcoach",
        "/coach/?",
        "/r/",
        "/r/ ",
        " /a",
        "a ",
        "0",
        " /0",
        "/join/",
    ],
)
def test_no_address_takes_longer_than_others_of_its_length(part: str) -> None:
    """Compared with a plain one; where each part is tried anew, it is 500 times."""
    size = 120_000
    plain = processor_seconds("/other" * (size // 6))
    assert processor_seconds(part * (size // len(part))) < 25 * plain + 0.05


def test_long_message_is_shortened_and_says_who_sent_it() -> None:
    record = logging.makeLogRecord({"msg": f"Forbidden: {'/a' * 9_000}: account 7"})
    HideSecrets().filter(record)
    assert len(record.getMessage()) == MAX_MESSAGE + 1
    assert record.getMessage().startswith("Forbidden: /a/a")
    assert record.getMessage().endswith("/a: account 7")


def test_arguments_and_tracebacks_are_hidden_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(HideSecrets())
    logger = logging.getLogger("rolefit.test")
    logger.addHandler(handler)
    try:
        try:
            raise ValueError("cannot read /r/abc123/")
        except ValueError:
            logger.exception("Error at %s", "/join/K7M2/")
    finally:
        logger.removeHandler(handler)
    # The message, the line of source in the traceback, and the exception.
    addresses = re.findall(r"(?:at|read) (/[^\s\"]+)", stream.getvalue())
    assert addresses == ["/join/…", "/r/…", "/r/…"]
