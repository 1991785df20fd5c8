"""Starts the server: `python -m rolefit`.

HOST, PORT, WORKERS and THREADS are settings. The code is loaded once, before the
workers split off, so that they share its memory.
"""

from __future__ import annotations

import gc

from django.conf import settings
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from . import server

HEADER_MILLISECONDS = 15_000  # until all headers of a request must be there
# Until a worker that was asked to end has answered what it had begun.
END_SECONDS = 30


def main() -> None:
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
