"""Codes of an authenticator app."""

from __future__ import annotations

import time

from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal import auth as totp


def code_of(secret: str, *, steps_ago: int = 0) -> str:
    """What the app shows now, or showed so many steps of 30 seconds ago."""
    counter = int(time.time()) // TOTP_PERIOD - steps_ago
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))
