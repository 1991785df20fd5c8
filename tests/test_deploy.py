"""The examples in deploy/ load, and do what docs/operate.md says of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import get_commands

from rolefit.uploads import PICTURE_UPLOADS
from tests.support.front import (
    CLIENT,
    DEPLOY,
    NGINX,
    SEARCHED,
    Front,
    free_port,
    listens,
    wait_for,
)
from tests.support.secret_addresses import (
    PLAIN_ADDRESSES,
    SECRET_ADDRESSES,
    TOKEN,
    secrets_in,
)

OPERATE = (DEPLOY.parent / "docs/operate.md").read_text()
CADDY, SYSTEMD = (
    shutil.which(tool, path=SEARCHED) for tool in ("caddy", "systemd-analyze")
)


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd on this machine")
def test_units_are_valid(tmp_path: Path) -> None:
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    for unit in units:
        text = unit.read_text().replace("/srv/rolefit/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text)
    paths = [tmp_path / unit.name.replace("@", "@rollup") for unit in units]
    for path in paths:
        if not path.exists():
            shutil.copy(tmp_path / path.name.replace("@rollup", "@"), path)
    found = subprocess.run(
        [SYSTEMD, "verify", *paths],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_timers_start_commands_that_exist() -> None:
    commands = set(get_commands())
    timers = sorted(DEPLOY.glob("*.timer"))
    started = [
        re.search(r"^Unit=(.+)\.service$", timer.read_text(), re.M)[1]
        for timer in timers
    ]
    jobs = {unit.partition("@")[2] for unit in started if "@" in unit}
    assert jobs == {"rollup", "forget_old", "verify_results", "tell_coaches"} & commands
    assert [unit for unit in started if "@" not in unit] == ["rolefit-backup"]
    backup = (DEPLOY / "rolefit-backup.service").read_text()
    assert "manage.py backup" in backup
    assert "backup" in commands


def test_cron_does_what_the_timers_do() -> None:
    lines = re.findall(r"^(?:\S+ ){4}\S+ +rolefit  (.+)$", OPERATE, re.M)
    started = [re.search(r"\$RUN (\w+)", line)[1] for line in lines]
    assert sorted(started) == [
        "backup",
        "forget_old",
        "rollup",
        "tell_coaches",
        "verify_results",
    ]
    unit = (DEPLOY / "rolefit-backup.service").read_text()
    [pruning] = re.findall(r"^ExecStartPost=/usr/bin/(find .+)$", unit, re.M)
    assert [line.endswith(f" && {pruning}") for line in lines].count(True) == 1


def test_folders_of_the_documents_are_made_at_the_set_up() -> None:
    [made] = re.findall(r"^install -d .+ -m 700 (.+)$", OPERATE, re.M)
    assert set(made.split()) == set(re.findall(r"/var/lib/[\w-]+", OPERATE))


def test_certificates_are_where_certbot_puts_them() -> None:
    """And certbot, which proves the name again at each renewal, finds its folder."""
    nginx = (DEPLOY / "nginx.conf").read_text()
    [folder] = re.findall(r"certbot certonly --webroot -w (\S+) ", OPERATE)
    assert f"/.well-known/acme-challenge/ {{ root {folder}; }}" in nginx
    for name in ("fullchain", "privkey"):
        assert f"/etc/letsencrypt/live/rolefit.example/{name}.pem;" in nginx


class Node(ThreadingHTTPServer):
    """In place of Rolefit: remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    server: Node

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append(
            (self.path, dict(self.headers), self.rfile.read(length))
        )
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node()
    thread = threading.Thread(target=node.serve_forever)
    thread.start()
    yield node
    node.shutdown()
    thread.join()
    node.server_close()


@pytest.fixture
def front(tmp_path: Path, node: Node) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("no nginx on this machine")
    front = Front(tmp_path, node.server_port)
    with front.running():
        yield front


def test_nginx_passes_on_what_the_site_needs_to_know(front: Front, node: Node) -> None:
    host = f"rolefit.example:{front.secure}"
    assert front.ask("/method/", host=host).status == 200
    [(path, headers, _)] = node.asked
    assert path == "/method/"
    assert headers["Host"] == host
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"] == CLIENT


def test_nginx_sends_plain_addresses_to_https(front: Front, node: Node) -> None:
    answer = front.ask("/method/?a=1", secure=False)
    assert answer.status == 301
    assert answer.getheader("Location") == "https://rolefit.example/method/?a=1"
    assert node.asked == []


def test_nginx_logs_no_secret_and_all_else(front: Front) -> None:
    for address in SECRET_ADDRESSES:
        front.ask(address)
        front.ask(address, secure=False)
    hidden = front.logged(lines=2 * len(SECRET_ADDRESSES))
    assert CLIENT not in hidden
    # The address alone: a time or a size may look like a part of a code.
    logged = re.findall(r'"GET (\S+)"', hidden)
    assert len(logged) == 2 * len(SECRET_ADDRESSES)
    assert {line: secrets_in(line) for line in logged if secrets_in(line)} == {}
    for address in PLAIN_ADDRESSES:
        front.ask(address)
    lines = front.logged(lines=2 * len(SECRET_ADDRESSES) + len(PLAIN_ADDRESSES))
    assert re.findall(r'"GET (\S+)"', lines[len(hidden) :]) == PLAIN_ADDRESSES


@pytest.mark.skipif(CADDY is None, reason="no Caddy on this machine")
def test_caddy_takes_its_file() -> None:
    found = subprocess.run(
        [CADDY, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.skipif(CADDY is None, reason="no Caddy on this machine")
@pytest.mark.parametrize("away", [False, True])
def test_caddy_logs_what_was_asked_and_no_client_and_no_secret(
    tmp_path: Path, node: Node, away: bool
) -> None:
    if away:
        node.shutdown()
        node.server_close()
    port = free_port()
    text = (DEPLOY / "Caddyfile").read_text()
    for shipped, ours in (
        # Some versions tell of failures, and this one of all requests at this level.
        ("\n{\n\tlog {\n", "\n{\n\tadmin off\n\tlog {\n\t\tlevel DEBUG\n"),
        ("rolefit.example {", f"http://127.0.0.1:{port} {{"),
        ("127.0.0.1:8000", f"127.0.0.1:{node.server_port}"),
        ("lb_try_duration 5s", "lb_try_duration 0s"),
        ("/var/log/caddy/", f"{tmp_path}/"),
        ("/srv/rolefit/deploy", str(DEPLOY)),
    ):
        assert text.count(shipped) == 1
        text = text.replace(shipped, ours)
    (tmp_path / "Caddyfile").write_text(text)
    log, journal = tmp_path / "rolefit.log", tmp_path / "journal"
    with journal.open("w") as errors:
        process = subprocess.Popen(
            [CADDY, "run", "--config", tmp_path / "Caddyfile"],
            stderr=errors,
            env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        )
        try:
            wait_for(lambda: listens(port))
            for address in ("/method/", f"/r/{TOKEN}/"):
                connection = HTTPConnection(
                    "127.0.0.1", port, timeout=20, source_address=(CLIENT, 0)
                )
                connection.request("GET", address)
                assert connection.getresponse().status == (502 if away else 200)
                connection.close()
            wait_for(lambda: log.exists() and log.read_text().count("\n") >= 2)
        finally:
            process.terminate()
            process.wait()
    lines = log.read_text()
    said = [json.loads(line) for line in lines.splitlines()]
    assert [line["request"]["uri"] for line in said] == ["/method/", "/..."]
    told = journal.read_text()
    assert '"uri":"/method/"' in told
    for private in (CLIENT, TOKEN):
        assert private not in lines + told


def test_no_address_holds_nginx_up() -> None:
    """Python's regular expressions try what those of nginx try."""
    text = (DEPLOY / "nginx.conf").read_text()
    patterns = re.findall(r'^ +"~\*?(.+)" +/', text, re.MULTILINE)
    assert len(patterns) == 10

    def processor_seconds(address: str) -> float:
        begun = time.thread_time()
        for pattern in patterns:
            re.search(pattern, address, re.IGNORECASE)
        return time.thread_time() - begun

    plain = processor_seconds("/other" * 10_000)
    assert processor_seconds("/coach" * 10_000) < 25 * plain + 0.05


def test_caddy_hides_the_same_from_its_log() -> None:
    """Its regular expressions know less than Python's."""
    text = (DEPLOY / "Caddyfile").read_text()
    [(pattern, instead)] = re.findall(r'request>uri regexp "(.*)" "(.*)"', text)
    assert not re.search(r"\(\?[<=!]", pattern)
    for address in SECRET_ADDRESSES:
        assert re.sub(pattern, instead, address) == instead
    for address in PLAIN_ADDRESSES:
        assert re.sub(pattern, instead, address) == address


def test_nginx_takes_a_slow_body_whole_before_it_asks_a_node(
    front: Front, node: Node
) -> None:
    with front.connect() as slow:
        slow.sendall(
            b"POST /quiz/1/ HTTP/1.1\r\nHost: rolefit.example\r\n"
            b"Content-Length: 4\r\nConnection: close\r\n\r\nab"
        )
        assert front.ask("/method/").status == 200
        assert [path for path, _, _ in node.asked] == ["/method/"]
        slow.sendall(b"cd")
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")
    assert node.asked[1][::2] == ("/quiz/1/", b"abcd")
    assert front.ask("/quiz/1/", body=b"x" * 1_100_000).status == 413
    assert front.ask(PICTURE_UPLOADS, body=b"x" * 1_100_000).status == 200
    assert front.ask(PICTURE_UPLOADS, body=b"x" * 12_000_000).status == 413


def test_nginx_says_that_the_site_is_away_and_logs_it(front: Front, node: Node) -> None:
    node.shutdown()
    node.server_close()
    answer = front.ask(f"/r/{TOKEN}/")
    assert answer.status == 502
    assert answer.getheader("Retry-After") == "30"
    assert answer.page == (DEPLOY / "offline.html").read_text()
    assert re.search(
        r'"GET /r/\.\.\." 502 \d+ \S+ from \S+: 502$', front.logged(lines=1), re.M
    )
    assert TOKEN not in (front.folder / "rolefit-error.log").read_text()
