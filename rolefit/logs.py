"""Keeps secrets out of log lines.

Tokens and codes are parts of addresses, and Django logs the path of every 404.
"""

from __future__ import annotations

import logging
import re

# Somebody may type a code with spaces into the address, "/join/4ADGV TBJTT/". The
# "HTTP/1.1" after a path is not part of it.
SECRET_PATH = re.compile(
    r"(/(?:r|rate|join|accounts/confirm-email|accounts/password/reset/key)/)"
    r"[^\s\"<>]+(?:(?:\s+(?!HTTP/)[\w'.-]{1,20}){1,9}/)?"
)


def hide(text: str) -> str:
    return SECRET_PATH.sub(r"\1…", text)


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), None
        if record.exc_info:
            # A traceback may quote the address too. The handler prints exc_text
            # instead of formatting the traceback itself.
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True
