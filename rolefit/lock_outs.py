"""How long an account waits after too many wrong passwords or codes."""

from __future__ import annotations

import math
import time

from allauth.core import context
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.core.exceptions import ValidationError

from assessments.web import minutes

# allauth's name for the limit on wrong passwords and codes.
LIMIT = {"app": "allauth.account", "action": "login_failed"}
LOCKED = {"too_many_login_attempts", "rate_limited"}


def seconds_left(key: str) -> int:
    """Seconds until the next try is allowed, at least 1.

    `key` names the account as allauth's count does. The count has the moments of the
    failures, the newest first. Once the oldest is past its time, one more try is free.
    """
    [rate] = get_rates(**LIMIT)
    count = get_cache_key(context.request, rate=rate, key=key, **LIMIT)
    failures = cache.get(count) or [0.0]
    return max(1, math.ceil(failures[-1] + rate.duration - time.time()))


def with_waiting_time(error: ValidationError, key: str) -> ValidationError:
    """The error of a form. If it says that the account is locked, it also says for how
    long: allauth's own words name no time.
    """
    if getattr(error, "code", None) not in LOCKED:
        return error
    wait = minutes(seconds_left(key))
    return ValidationError(
        f"Too many failed tries. Try again in {wait} minute{'s' if wait > 1 else ''}.",
        code=error.code,
    )
