"""Keeps secrets out of log lines.

Tokens and codes are parts of addresses, and Django logs the path of every 404.
"""

from __future__ import annotations

import logging
import re

# Somebody may type a code with spaces into the address, "/join/4ADGV TBJTT/", or paste
# a link with its bracket or quote, "/r/<…". The "HTTP/1.1" after a path is not part of
# it.
SECRET_PATH = re.compile(
    r"(/(?:r|rate|join|quiz/resume|accounts/confirm-email|accounts/password/reset/key)/)"
    r"(?!\s*HTTP/)[\s\"<>]{0,9}"
    r"[^\s\"<>]+(?:(?:\s+(?!HTTP/)[\w'.-]{1,20}){1,9}/)?",
    re.IGNORECASE,
)
# A token of a share link or of a rating page, wherever it stands; %2F is a slash.
TOKEN = re.compile(
    r"(?:(?<=%2f)|(?<![0-9a-z]))[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])", re.IGNORECASE
)


def hide(text: str) -> str:
    return TOKEN.sub("…", SECRET_PATH.sub(r"\1…", text))


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), None
        if record.exc_info:
            # A traceback may quote the address too. The handler prints exc_text
            # instead of formatting the traceback itself.
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True
