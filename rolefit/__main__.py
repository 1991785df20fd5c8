"""Starts the server: `python -m rolefit`.

HOST, PORT, WORKERS and THREADS are settings. Code and pages are loaded once, before the
workers split off, so that these share the memory and answer quickly from the start.
"""

from __future__ import annotations

import gc
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

# First, because it sets up what the others import.
from . import server

# isort: split
from content.published import SITE

HEADER_MILLISECONDS = 15_000  # until all headers of a request must be there
MAX_HEAD = 32_768  # bytes of the address and all headers, as in nginx
# Until a worker that was asked to end has answered what it had begun.
END_SECONDS = 30
PUBLIC_PAGES = [
    "/",
    "/quiz/",
    "/method/",
    "/privacy/",
    "/accessibility/",
    "/robots.txt",
]


def warm_up() -> None:
    """Make every public page, so that code, templates and pages are in memory.

    Where the database is away, the workers do so later. A connection must not be open
    when the process splits, so all are closed.
    """
    scheme, _, host = settings.BASE_URL.partition("://")
    for path in PUBLIC_PAGES:
        ask_django(path, scheme, host)
    # What the pages are made from is there now, so they are kept from here on.
    held = SITE.held()
    chapters = [chapter.url for chapter in held[0].chapters] if held else []
    for path in [*PUBLIC_PAGES, "/sitemap.xml", *chapters]:
        ask_django(path, scheme, host)
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        # PostgreSQL may have a pool, with threads, which a split would not copy.
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()


def ask_django(path: str, scheme: str, host: str) -> None:
    """Ask Django for a page, as the front server would."""
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
    }
    if settings.PROXIES:
        environ["HTTP_X_FORWARDED_PROTO"] = scheme
    setup_testing_defaults(environ)
    _, _, body = server.call_django(environ)
    body.close()


def main() -> None:
    warm_up()
    gc.collect()
    gc.freeze()
    Granian(
        f"{server.__name__}:rsgi",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.RSGI,
        workers=settings.WORKERS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=MAX_HEAD
        ),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
    ).serve()


if __name__ == "__main__":
    main()
