"""Keeps secrets out of log lines, leaves out empty tracebacks, and mails failures.

Tokens and codes are parts of addresses, and Django logs the path of every 404.
"""

from __future__ import annotations

import logging
import re
import threading
import time

from django.core.mail import mail_admins
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

# Somebody may type a code with spaces into the address, "/join/4ADGV TBJTT/", or paste
# a link with its bracket or quote, "/r/<…". The "HTTP/1.1" after a path is not part of
# it. %2F is a slash.
_WAYS = "r|rate|join|quiz/resume|accounts/confirm-email|accounts/password/reset/key"
SECRET_PATH = re.compile(
    f"(/(?:{_WAYS})/)".replace("/", "(?:/|%2f)") + r"(?!\s*HTTP/)[\s\"<>]{0,9}"
    r"[^\s\"<>]+(?:(?:\s+(?!HTTP/)[\w'.-]{1,20}){1,9}/)?",
    re.IGNORECASE,
)
# A token of a share link or of a rating page, wherever it stands.
TOKEN = re.compile(
    r"(?:(?<=%2f)|(?<![0-9a-z]))[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])", re.IGNORECASE
)
# A join code or an owner key typed right behind the name of the site, as in "/7K3M9-…".
# Codes are made of the same characters as tokens, in groups of five. I, L and O are
# read as 1, 1 and 0; without a digit, "/difference/" would look like a code, too.
_BETWEEN = r"(?:[-\s]|%20)?"
TYPED_KEY = re.compile(
    rf"(?<=\s/)(?:(?:[0-9a-hjkmnp-tv-z]{{5}}{_BETWEEN}){{1,3}}[0-9a-hjkmnp-tv-z]{{5}}"
    rf"|(?=[^/?\"]*[0-9])(?:[0-9a-tv-z]{{5}}{_BETWEEN}){{1,3}}[0-9a-tv-z]{{5}})"
    r"(?=[/\s\"?]|$)",
    re.IGNORECASE,
)
# Coaches search their people by name. The part with the question mark may be absent, so
# that each address is read once: strangers choose how long "/coach/coach/coach…" is.
WORKSPACE = re.compile(
    r"((?:/|%2f)coach(?:/|%2f)[^\s?\"]*)(\?[^\s\"]+)?", re.IGNORECASE
)
REFUSALS = 403, 429
# Characters of a message. More are what somebody sent; who sent it stands at the end.
MAX_MESSAGE, MAX_END = 2_000, 500


def hide(text: str) -> str:
    """The text without secrets, in time that grows only as its length does."""
    text = WORKSPACE.sub(_without_search, SECRET_PATH.sub(r"\1…", text))
    return TOKEN.sub("…", TYPED_KEY.sub("…", text))


def _without_search(found: re.Match[str]) -> str:
    return f"{found[1]}?…" if found[2] else found[1]


def shortened(text: str) -> str:
    if len(text) <= MAX_MESSAGE:
        return text
    return f"{text[: MAX_MESSAGE - MAX_END]}…{text[-MAX_END:]}"


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # Shortened last: half a secret would not be found.
        record.msg, record.args = shortened(hide(record.getMessage())), None
        if record.exc_info:
            # A traceback may quote the address too. The handler prints exc_text
            # instead of formatting the traceback itself.
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True


def is_outage(error: BaseException | None) -> bool:
    """Whether the database is away, locked or full, and the code has no part in it."""
    # SQLite calls a missing table or column an OperationalError as well.
    return isinstance(error, (OperationalError, InterfaceError)) and not str(
        error
    ).startswith("no such ")


def one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


class NoTracebacksOfOthers(logging.Filter):
    """Leaves one line of what no traceback explains.

    That is a request that was refused (a wrong host, a 403, a malformed form), and an
    outage of the database, which fails every request alike.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        refused = getattr(record, "status_code", 500) < 500
        if error and (refused or is_outage(error)):
            text = record.getMessage()
            record.msg = text if str(error) in text else f"{text} ({one_line(error)})"
            record.args = record.exc_info = record.exc_text = None
        return True


class NameRefused(logging.Filter):
    """Adds the account and the sender to Django's own line of a refused request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        status = getattr(record, "status_code", None)
        # A record passes through here once for each handler.
        if status in REFUSALS and request and not hasattr(record, "named"):
            # Traces need the models, and Django sets up the log before them.
            named = import_string("rolefit.traces.account_and_sender")
            who = named(request, getattr(request, "user", None))
            record.msg, record.args = f"{record.getMessage()}: {who}", None
            vars(record)["named"] = True
        return True


class MailAdmins(logging.Handler):
    """Mails a failure to ADMINS: the log's own lines, without anything of the request.

    The same failure is mailed once in MAIL_SECONDS, and at most MAX_MAILS in that time,
    so that an outage does not fill a mailbox.
    """

    MAIL_SECONDS, MAX_MAILS = 3600.0, 10

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[str, float] = {}
        self._access = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        # Django logs a wrong host as an error.
        refused = getattr(record, "status_code", 500) < 500
        if refused or not self._is_new(_kind(record)):
            return
        try:
            text = self.format(record)
            subject = text.splitlines()[0][:120]
            mail_admins(subject, text, fail_silently=True)
        except Exception:
            self.handleError(record)

    def _is_new(self, kind: str) -> bool:
        now = time.monotonic()
        with self._access:
            self._mailed = {
                mailed: at
                for mailed, at in self._mailed.items()
                if now - at < self.MAIL_SECONDS
            }
            if kind in self._mailed or len(self._mailed) >= self.MAX_MAILS:
                return False
            self._mailed[kind] = now
            return True


def _kind(record: logging.LogRecord) -> str:
    """What tells one failure from another: the error and where it arose."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{record.name} {record.levelno} {record.pathname}:{record.lineno}"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} {where}"
