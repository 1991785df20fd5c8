"""Keeps secrets out of log lines: tokens and codes stand in addresses, and Django logs the path of every 404."""

from __future__ import annotations

import logging
import re

# A code may be typed into the address in pieces, "/join/4ADGV TBJTT/"; what follows a path, "HTTP/1.1", is none of it.
SECRET_PATH = re.compile(
    r"(/(?:r|rate|join|accounts/confirm-email|accounts/password/reset/key)/)[^\s\"<>]+(?:(?:\s+(?!HTTP/)[\w'.-]{1,20}){1,9}/)?"
)


def hide(text: str) -> str:
    return SECRET_PATH.sub(r"\1…", text)


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), None
        if record.exc_info:
            # A traceback may quote the address as well; formatted here, the handler prints this text and not its own.
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True
