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

from . import server

HEADER_MILLISECONDS = 15_000  # until all headers of a request must be there
# Until a worker that was asked to end has answered what it had begun.
END_SECONDS = 30
PAGES = ["/", "/quiz/", "/method/", "/privacy/", "/accessibility/", "/robots.txt"]


def warm_up() -> None:
    """Ask for some pages, so that code, templates and words are in memory.

    Where the database is away, the workers load them later. A connection must not be
    open when the process splits, so all are closed.
    """
    scheme, _, host = settings.BASE_URL.partition("://")
    for path in PAGES:
        environ: dict[str, Any] = {
            "PATH_INFO": path,
            "HTTP_HOST": host,
            "HTTP_X_FORWARDED_PROTO": scheme,
            "wsgi.url_scheme": "http",
        }
        setup_testing_defaults(environ)
        _, _, body = server.call_django(environ)
        body.close()
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        # A pool has threads, which a split would not copy.
        if connection.vendor == "postgresql":
            connection.close_pool()


def main() -> None:
    warm_up()
    gc.collect()
    gc.freeze()
    Granian(
        f"{server.__name__}:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.RSGI,
        workers=settings.WORKERS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
    ).serve()


if __name__ == "__main__":
    main()
