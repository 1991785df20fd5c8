"""Addresses and browsers of sign-ins are kept no longer than their sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

# A session in use every day would otherwise go on for ever.
MAX_SESSION_AGE = timedelta(days=90)


def forget_with_session(sender: Any, instance: Session, **kwargs: Any) -> None:
    """Delete what is kept of a sign-in together with its session (a signal receiver).

    Sessions end when somebody signs out, when `clearsessions` runs, and when another
    takes their place, as after a change of password.
    """
    UserSession.objects.filter(session_key=instance.session_key).delete()


def sessions_of(user: User) -> list[Session]:
    """The live sessions of an account.

    It reads all sessions; only people with an account have one.
    """
    live = Session.objects.filter(expire_date__gt=timezone.now())
    return [
        session
        for session in live.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]


def end_sessions(user: User) -> None:
    """Sign an account out in every browser."""
    for session in sessions_of(user):
        session.delete()


def forget_cached(*, now: datetime) -> int:
    """Delete what is over in the caches: the limits of sign-ins name addresses.

    Django itself deletes it only when a cache is full. Returns how many entries.
    """
    deleted = 0
    for cache in settings.CACHES.values():
        if str(cache["BACKEND"]).endswith(".DatabaseCache"):
            table = connection.ops.quote_name(str(cache["LOCATION"]))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {table} WHERE expires <= %s",  # noqa: S608
                    [connection.ops.adapt_datetimefield_value(now)],
                )
                deleted += cursor.rowcount
    return deleted


@transaction.atomic
def forget_sign_ins(*, now: datetime) -> int:
    """End sessions older than MAX_SESSION_AGE, and forget sign-ins without a session.

    Returns how many sign-ins were forgotten.
    """
    old = UserSession.objects.filter(created_at__lte=now - MAX_SESSION_AGE)
    Session.objects.filter(session_key__in=list(_keys(old))).delete()
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    forgotten, _ = UserSession.objects.exclude(session_key__in=live).delete()
    return int(forgotten)


def _keys(rows: Any) -> Any:
    return rows.values_list("session_key", flat=True)
