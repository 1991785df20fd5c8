"""Work that waits until the answer is sent, so that its time tells nobody anything."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.dispatch import receiver


class _Waiting(threading.local):
    """One thread works on a request from its start until its answer is closed."""

    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []


_waiting = _Waiting()


def after_answer(work: Callable[[], object]) -> None:
    """Do this once the answer to the present request is sent. A failure is logged."""
    _waiting.work.append(work)


@receiver(request_finished)
def _do(**kwargs: Any) -> None:
    waiting, _waiting.work = _waiting.work, []
    if not waiting:
        return
    for work in waiting:
        try:
            work()
        except Exception:
            logging.getLogger(__name__).exception("What follows an answer failed")
    # Django has given the connection back already, and this thread may wait for long.
    if not connection.in_atomic_block:  # that of a test
        close_old_connections()
