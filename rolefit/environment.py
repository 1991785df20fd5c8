"""Typed readers of the process environment.

A wrong value stops the start with a sentence that names the variable.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from assessments.engine.numbers import whole_number


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    value = text(name)
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def integer(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    with suppress(ValueError):
        number = whole_number(value)
        if least <= number <= most:
            return number
    raise ImproperlyConfigured(
        f"{name} must be a whole number from {least} to {most}, not {value!r}."
    )


def host_list(name: str, default: str) -> list[str]:
    hosts = [host.strip() for host in text(name, default).split(",") if host.strip()]
    for host in hosts:
        if "/" in host or " " in host:
            raise ImproperlyConfigured(
                f"{name} must be host names separated by commas; "
                f"{host!r} is not a host name."
            )
    return hosts


def address_list(name: str) -> list[str]:
    """Email addresses, separated by commas."""
    addresses = [part.strip() for part in text(name).split(",") if part.strip()]
    for address in addresses:
        if address.count("@") != 1 or " " in address:
            raise ImproperlyConfigured(
                f"{name} must be email addresses separated by commas; "
                f"{address!r} is not an address."
            )
    return addresses


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} must be a time zone like Europe/Berlin, not {value!r}."
        ) from error
    return value


def origin(name: str, default: str) -> str:
    """An address such as https://example.org: scheme and host, nothing after it."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.path or parts.query or parts.fragment)
        )
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(
            f"{name} must be an address like https://example.org, not {value!r}."
        )
    return value


def directory(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} must be a folder that Rolefit may write to; "
            f"{path} is not: {error.strerror}."
        ) from error
    return path


def private_directory(name: str, default: Path) -> Path:
    """A folder that no other account of this machine can read, nor its files.

    What is open is closed at every start. Where that is not possible, the start stops.
    """
    path = Path(text(name, str(default))).expanduser().absolute()
    made = not path.exists()
    path = directory(name, path)
    if path.stat().st_mode & stat.S_ISVTX:
        raise ImproperlyConfigured(
            f"{name} must be a folder of its own; {path} is shared by all accounts."
        )
    if made:
        path.chmod(0o700)
    _close_to_others(name, path, "700")
    for file in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "secret_key"):
        with suppress(FileNotFoundError):
            _close_to_others(name, path / file, "600")
    return path


def _close_to_others(name: str, path: Path, mode: str) -> None:
    """Raises FileNotFoundError where there is no such file."""
    if not path.stat().st_mode & 0o077:
        return
    with suppress(PermissionError):
        path.chmod(int(mode, 8))
    # Some file systems ignore a change of mode without an error.
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(
            f"{name}: other accounts of this machine can read {path}, and Rolefit may "
            f"not change that. Run `sudo chmod {mode} {path}`."
        )


def public_directory(name: str, default: Path) -> Path:
    """A folder whose files a front server may read."""
    path = Path(text(name, str(default))).expanduser().absolute()
    made = not path.exists()
    path = directory(name, path)
    if made:
        path.chmod(0o755)
    return path


def secret_key(name: str, *, folder: Path, required: bool) -> str:
    """The key from the environment, or else a key that is made once in `folder`.

    `required`: several machines share the site, so the key must be in the environment.
    """
    value = text(name)
    if value:
        if len(value) < 40:
            raise ImproperlyConfigured(
                f"{name} must have at least 40 random characters; it has {len(value)}."
            )
        return value
    if required:
        raise ImproperlyConfigured(
            f"{name} is missing. With DATABASE_URL, several machines may serve one "
            f"site, and all of them need the same {name}."
        )
    path = folder / "secret_key"
    try:
        with open(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600),
            "w",
            encoding="ascii",
        ) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    value = path.read_text(encoding="ascii").strip()
    if len(value) < 40:
        raise ImproperlyConfigured(
            f"The file {path} has no usable key. "
            f"Delete the file to get a new key, or set {name}."
        )
    return value


def earlier_secret_keys(name: str) -> list[str]:
    """Keys that no longer sign anything but are still understood, by commas."""
    keys = [key.strip() for key in text(name).split(",") if key.strip()]
    for key in keys:
        if len(key) < 40:
            raise ImproperlyConfigured(
                f"{name} must be earlier keys of at least 40 characters each, "
                f"separated by commas; one has {len(key)}."
            )
    return keys


# How long PostgreSQL lets a page wait, in milliseconds. Without these limits, a frozen
# or locked database would hold every thread. docs/operate.md has the reasons.
STATEMENT_MS, LOCK_MS, IDLE_IN_TRANSACTION_MS = 10_000, 5_000, 30_000
POSTGRESQL = {
    # Seconds until a server that cannot be reached is given up.
    "connect_timeout": 5,
    # A machine that has gone without a word is noticed after about 15 seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
TIME_LIMITS = (
    f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS} "
    f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
)
# Seconds that a transaction of SQLite waits for the write lock.
SQLITE_BUSY_SECONDS = 5


def database(name: str, *, folder: Path) -> dict[str, Any]:
    """The database in an address like postgresql://…, or else SQLite in `folder`.

    The query of the address may hold options of libpq, such as `sslmode`, and two of
    ours. `pool=N`: this process keeps at most N connections and lends them to its
    threads. `pooler=transaction`: a pooler such as PgBouncer lends a connection for one
    transaction at a time, so nothing may be set or kept in a session.
    """
    url = text(name)
    if url:
        try:
            # `parse` and not `config`, which logs a warning where there is no variable.
            config: dict[str, Any] = dict(dj_database_url.parse(url))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} must be an address like postgresql://user:password@host/name: "
                f"{error}"
            ) from error
        if config["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                f"{name} must be a postgresql:// address. Leave it out to use SQLite."
            )
        options = POSTGRESQL | config.get("OPTIONS", {})
        pool, pooler = options.pop("pool", None), options.pop("pooler", None)
        if pooler not in (None, "transaction"):
            raise ImproperlyConfigured(
                f"{name}: pooler must be transaction, not {pooler!r}."
            )
        if pooler:
            # PgBouncer refuses the time limits as options of a connection. The settings
            # of the database carry them there (docs/operate.md).
            config["DISABLE_SERVER_SIDE_CURSORS"] = True
        else:
            options["options"] = f"{TIME_LIMITS} {options.get('options', '')}".strip()
        if pool is None:
            config["CONN_MAX_AGE"] = 60
        else:
            if not isinstance(pool, int) or not 1 <= pool <= 100:
                raise ImproperlyConfigured(
                    f"{name}: pool must be a whole number from 1 to 100, not {pool!r}."
                )
            # A thread waits `timeout` seconds for a connection, then its page fails.
            options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
        return config | {"CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "db.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Without IMMEDIATE, a transaction that reads first and then writes fails
            # under load with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                # Every commit reaches the disk before it is acknowledged, so a power
                # cut loses nothing that a page showed as saved.
                "PRAGMA synchronous=FULL;"
                "PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=67108864;"
                "PRAGMA cache_size=-16000"
            ),
        },
    }


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    # True for smtps://, and otherwise STARTTLS.
    implicit_tls: bool


def mail(name: str) -> MailServer | None:
    """The server in an address like smtps://user:password@host:465, if there is one."""
    url = text(name)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be an address like smtp://user:password@host:587: {error}"
        ) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} must be an address like smtp://user:password@host:587 "
            "(smtps:// for port 465)."
        )
    implicit = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=port or (465 if implicit else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        implicit_tls=implicit,
    )
