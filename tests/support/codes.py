"""Codes of an authenticator app."""

from __future__ import annotations

import time

from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal import auth as totp


def code_of(secret: str, *, steps_ago: int = 0) -> str:
    """What the app shows now, or showed so many steps of 30 seconds ago."""
    counter = int(time.time()) // TOTP_PERIOD - steps_ago
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def unused_code_of(secret: str) -> str:
    """A code that the site takes now and that nobody has typed in this process.

    It takes each code once, and those of one step before and after, too.
    """
    for steps_ago in (0, 1, -1):
        code = code_of(secret, steps_ago=steps_ago)
        if (secret, code) not in _used:
            _used.add((secret, code))
            return code
    raise AssertionError("signed in more than three times within half a minute")


_used: set[tuple[str, str]] = set()
