"""The site behind the shipped nginx, under clients that are slow."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.browser.server import Server
from tests.support.front import NGINX, Front

pytestmark = pytest.mark.slow
SLOW_CLIENTS = 50  # of each kind
PAUSE = 0.5  # seconds between two bytes of each


@pytest.fixture
def front(server: Server, tmp_path: Path) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("no nginx on this machine")
    front = Front(tmp_path, server.port)
    with front.running():
        yield front


@contextmanager
def clients_that_trickle(front: Front, *beginnings: str) -> Iterator[None]:
    """Clients that send the beginning of a request and then a byte now and then.

    At the end, nginx must still listen to each: none was dropped to make room.
    """
    over = threading.Event()
    with ExitStack() as stack:
        clients = [
            stack.enter_context(front.connect())
            for _ in range(SLOW_CLIENTS * len(beginnings))
        ]

        def trickle() -> None:
            while not over.wait(PAUSE):
                for client in clients:
                    with suppress(OSError):  # it was dropped, and fails the test below
                        client.sendall(b"x")

        for number, client in enumerate(clients):
            client.sendall(beginnings[number % len(beginnings)].encode())
        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        assert all(still_waited_for(client) for client in clients)


def still_waited_for(client: ssl.SSLSocket) -> bool:
    """Whether nginx has neither answered nor closed the connection."""
    client.setblocking(False)
    with suppress(ssl.SSLWantReadError):
        client.recv(1)
        return False
    return True


def test_hundred_slow_clients_do_not_hold_the_site(
    front: Front, server: Server, record_property: Callable[[str, object], None]
) -> None:
    host = f"localhost:{server.port}"
    headers = f"GET /quiz/ HTTP/1.1\r\nHost: {host}\r\nX-Part: "
    body = (
        f"POST /quiz/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nform="
    )
    slowest = 0.0
    with clients_that_trickle(front, headers, body):
        for path in 3 * ["/healthz", "/skills/", "/readyz"]:
            asked = time.monotonic()
            assert front.ask(path, host=host).status == 200
            slowest = max(slowest, time.monotonic() - asked)
    record_property("seconds of the slowest answer", round(slowest, 2))
    print(f"Beside {2 * SLOW_CLIENTS} slow clients, answers took {slowest:.2f} s.")
