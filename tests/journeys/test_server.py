"""The real server under clients that are slow, and under kill and end."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from rolefit.uploads import PICTURE_UPLOADS
from tests.support.browser.postgres import Postgres
from tests.support.browser.server import ROOT, START_LIMIT, Server
from tests.support.storm import Page, ask

pytestmark = pytest.mark.slow
SLOW_CLIENTS = 16  # of each kind; twice the threads of the server
SAVING = 9  # at once, more than the threads of the server
# A token of the form that a cookie must have; Django reads the body to compare them.
COOKIE = f"csrftoken={'a' * 32}"
SECRET = "01234567890123456789abcdef"


def get(
    server: Server, path: str, **headers: str
) -> tuple[int, str, dict[str, str | None]]:
    connection = HTTPConnection("localhost", server.port, timeout=START_LIMIT)
    try:
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), dict(reply.headers)
    finally:
        connection.close()


def eventually(is_so: Callable[[], bool]) -> None:
    latest = time.monotonic() + START_LIMIT
    while not is_so():
        assert time.monotonic() < latest
        time.sleep(0.05)


@contextmanager
def clients_that_send(server: Server, *beginnings: bytes) -> Iterator[None]:
    """Connections that have sent the beginning of a request and go on no further.

    At the end, the server must still wait for each: none was dropped to make room.
    """
    connections = [
        socket.create_connection(("127.0.0.1", server.port))
        for _ in range(SLOW_CLIENTS * len(beginnings))
    ]
    try:
        for number, connection in enumerate(connections):
            connection.sendall(beginnings[number % len(beginnings)])
        yield
        assert select.select(connections, [], [], 0)[0] == []
    finally:
        for connection in connections:
            connection.close()


def test_slow_clients_do_not_hold_the_site(server: Server) -> None:
    host = f"Host: localhost:{server.port}\r\n"
    headers = f"GET / HTTP/1.1\r\n{host}X-Part:".encode()
    body = (
        f"POST /quiz/ HTTP/1.1\r\n{host}Cookie: {COOKIE}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nform="
    ).encode()
    with clients_that_send(server, headers, body):
        for path in ("/healthz", "/skills/", "/quiz/", "/readyz"):
            assert get(server, path)[0] == 200


def test_long_body_is_refused_before_it_is_sent(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(
            f"POST /quiz/ HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
            "Content-Length: 2000000\r\n\r\n".encode()
        )
        assert connection.recv(100).split()[1] == b"413"


EDITOR_SIGNS_IN = """
import django; django.setup()
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from tests.support.second_factor import give_with_force_login
give_with_force_login()
user, _ = User.objects.get_or_create(
    username="ed@example.org",
    defaults={"email": "ed@example.org", "is_staff": True, "is_superuser": True},
)
Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
client = Client()
client.force_login(user)
print(client.session.session_key)
"""


def test_strangers_who_send_pictures_slowly_keep_no_editor_from_uploading(
    server: Server,
) -> None:
    made = subprocess.run(
        [sys.executable, "-c", EDITOR_SIGNS_IN],
        cwd=ROOT,
        env=server.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    session = made.stdout.split()[-1]
    token = "a" * 32
    fields = {"csrfmiddlewaretoken": token.encode(), "file": b"\x00" * 1_500_000}
    body = b"".join(
        f'--part\r\nContent-Disposition: form-data; name="{name}"'.encode()
        + (b'; filename="a.png"' if name == "file" else b"")
        + b"\r\n\r\n"
        + value
        + b"\r\n"
        for name, value in fields.items()
    )
    host = f"Host: localhost:{server.port}\r\n"
    slow = (
        f"POST {PICTURE_UPLOADS} HTTP/1.1\r\n{host}Content-Length: 9000000\r\n"
        f"Cookie: sessionid={'x' * 32}\r\n\r\nfile="
    ).encode()
    strangers = [
        socket.create_connection(("127.0.0.1", server.port), timeout=START_LIMIT)
        for _ in range(SLOW_CLIENTS)
    ]
    try:
        for stranger in strangers:
            stranger.sendall(slow)
        connection = HTTPConnection("localhost", server.port, timeout=START_LIMIT)
        connection.request(
            "POST",
            PICTURE_UPLOADS,
            body + b"--part--\r\n",
            {
                "Content-Type": "multipart/form-data; boundary=part",
                "Cookie": f"sessionid={session}; csrftoken={token}",
                "Origin": server.url,
            },
        )
        # It is no picture. That the form has been read is what counts.
        assert connection.getresponse().status == 422
        connection.close()
        for stranger in strangers:
            assert stranger.recv(100).split()[1] == b"403"
    finally:
        for stranger in strangers:
            stranger.close()


def test_killed_worker_is_replaced_while_the_other_answers(server: Server) -> None:
    assert server.process is not None
    parent = server.process.pid
    before = workers_of(parent)
    os.kill(max(before), signal.SIGKILL)
    # What the killed worker had in hand is reset; everything after it is answered.
    eventually(lambda: answers(server, "/healthz"))
    eventually(lambda: len(workers_of(parent)) == 2 and workers_of(parent) != before)
    assert get(server, "/quiz/")[0] == 200


def answers(server: Server, path: str) -> bool:
    try:
        return get(server, path)[0] == 200
    except ConnectionError:
        return False


def workers_of(parent: int) -> set[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return {int(child) for child in listed.split()}


def test_save_that_has_begun_is_answered_before_the_server_ends(
    server: Server,
) -> None:
    token, cookie = token_and_cookie(server)
    lock = sqlite3.connect(server.folder / "db.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        post = pool.submit(send_start, server, token, cookie)
        time.sleep(1)  # the start waits for the lock by now
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGTERM)
        time.sleep(0.5)
        lock.execute("ROLLBACK")
        lock.close()
        assert post.result().status == 302
    server.stop()


def token_and_cookie(server: Server) -> tuple[str, str]:
    """What the form that starts the questions needs."""
    _, page, headers = get(server, "/quiz/")
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return token, str(headers["set-cookie"]).partition(";")[0]


def start(server: Server) -> str:
    """Start the questions. Returns the cookie with the key."""
    reply = send_start(server, *token_and_cookie(server))
    cookies = reply.headers.get_all("Set-Cookie") or []
    return next(each for each in cookies if "rolefit_key" in each).partition(";")[0]


def send_start(server: Server, token: str, cookie: str) -> HTTPResponse:
    connection = HTTPConnection("localhost", server.port, timeout=START_LIMIT)
    connection.request(
        "POST",
        "/quiz/",
        f"csrfmiddlewaretoken={token}&form=full",
        {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    reply = connection.getresponse()
    reply.read()
    connection.close()
    return reply


def test_page_that_another_process_publishes_appears_without_a_restart(
    server: Server,
) -> None:
    for _ in range(5):
        get(server, "/")
    server.run_sql(
        "UPDATE content_wordsversion SET content = "
        "replace(content, 'A project manager gets it done.', 'From elsewhere.')"
    )
    eventually(lambda: all("From elsewhere." in get(server, "/")[1] for _ in range(5)))


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


def test_article_is_read_while_the_database_is_frozen_and_while_it_is_gone(
    postgres: Postgres, static_root: Path, tmp_path: Path
) -> None:
    address = f"{postgres.url}&connect_timeout=2"
    server = Server(tmp_path, static_root, database_url=address)
    server.start()
    try:
        key = start(server)
        cookies = dict([key.split("=")])
        drawn = Page(ask(server.port, "/quiz/1/", cookies=cookies).text)
        choices = {name: values[0] for name, values in drawn.buttons.items()}
        form = {**drawn.fields, **choices, "action": "continue"}
        postgres.freeze()
        time.sleep(1.1)  # what the processes hold is old now
        with ThreadPoolExecutor(SAVING) as pool:
            saves = [
                pool.submit(ask, server.port, "/quiz/1/", form, cookies=dict(cookies))
                for _ in range(SAVING)
            ]
            for path in 5 * ["/healthz", "/skills/", "/"]:
                assert get(server, path)[0] == 200
            assert not any(save.done() for save in saves)
            # The database is still frozen when they are answered.
            refused = [save.result() for save in saves]
        assert {answer.status for answer in refused} == {503}
        assert all(Page(answer.text).marked == choices for answer in refused)
        postgres.thaw()
        eventually(lambda: answers(server, "/readyz"))
        assert ask(server.port, "/quiz/1/", form, cookies=cookies).status == 302
        postgres.kill()
        time.sleep(1.1)
        for path in 5 * ["/healthz", "/skills/", "/", "/choosing/"]:
            assert get(server, path)[0] == 200
        status, text, _ = get(server, "/readyz")
        assert (status, json.loads(text)["ready"]) == (503, False)
        assert get(server, "/quiz/result/", Cookie=key)[0] == 503
        assert "Traceback" not in server.log.read_text()
        postgres.start()
        eventually(lambda: answers(server, "/readyz"))
    finally:
        server.kill()
        postgres.thaw()


def test_no_secret_of_an_address_reaches_the_log(server: Server) -> None:
    before = len(server.log.read_text())
    for path in (f"/r/{SECRET}/", f"/join/{SECRET}/", f"/{SECRET}/"):
        assert get(server, path)[0] == 404
    # The lines may come after the answers.
    eventually(lambda: server.log.read_text()[before:].count("Not Found: ") == 3)
    assert SECRET not in server.log.read_text()


def test_probe_may_name_any_host_and_others_may_not(server: Server) -> None:
    assert get(server, "/readyz", Host="10.0.0.1")[0] == 200
    assert get(server, "/", Host="10.0.0.1")[0] == 400
    assert get(server, "/skills/", Host="10.0.0.1")[0] == 400
