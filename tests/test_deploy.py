"""The examples in deploy/ load, and do what docs/operate.md says of them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import get_commands

DEPLOY = Path(__file__).parents[1] / "deploy"
TOKEN = "0123456789abcdefghjkmnpqrs"
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"
NGINX, CADDY, SYSTEMD = (
    shutil.which(tool, path=SEARCHED) for tool in ("nginx", "caddy", "systemd-analyze")
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
    assert jobs == {"rollup", "forget_old", "verify_results"} & commands
    assert [unit for unit in started if "@" not in unit] == ["rolefit-backup"]
    backup = (DEPLOY / "rolefit-backup.service").read_text()
    assert "manage.py backup" in backup
    assert "backup" in commands


@pytest.mark.skipif(CADDY is None, reason="no Caddy on this machine")
def test_caddy_takes_its_file() -> None:
    found = subprocess.run(
        [CADDY, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rolefit.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "rolefit.pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
    )
    (folder / "rolefit.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Front:
    """nginx with the shipped file, on ports of its own, before a Node."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.node = folder, Node()
        self.plain, self.secure = free_port(), free_port()
        make_certificate(folder)
        text = (DEPLOY / "nginx.conf").read_text()
        for shipped, ours in (
            ("127.0.0.1:8000", f"127.0.0.1:{self.node.server_port}"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.secure} ssl"),
            ("listen [::]:80;", ""),
            ("listen [::]:443 ssl http2;", ""),
            ("/etc/ssl/", f"{folder}/"),
            ("/var/log/nginx/", f"{folder}/"),
            ("/srv/rolefit/deploy", str(DEPLOY)),
        ):
            assert shipped in text
            text = text.replace(shipped, ours)
        (folder / "site.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root root;\n" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}daemon off;\npid {folder}/pid;\nevents {{ }}\n"
            f"http {{\n{temporary}include {folder}/site.conf;\n}}\n"
        )
        self.command = [NGINX, "-e", folder / "error", "-c", folder / "nginx.conf"]

    def ask(self, path: str, *, secure: bool = True, body: bytes = b"") -> HTTPResponse:
        if secure:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            connection: HTTPConnection = HTTPSConnection(
                "127.0.0.1", self.secure, context=trusting, timeout=20
            )
        else:
            connection = HTTPConnection("127.0.0.1", self.plain, timeout=20)
        connection.request(
            "POST" if body else "GET",
            path,
            body or None,
            {"Host": f"rolefit.example:{self.secure}"},
        )
        answer = connection.getresponse()
        answer.page = answer.read().decode()
        connection.close()
        return answer

    def logged(self, *, lines: int) -> str:
        """The log, once it has so many lines: nginx writes them after its answers."""
        log = self.folder / "rolefit.log"
        wait_for(lambda: log.read_text().count("\n") >= lines)
        return log.read_text()


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("no nginx on this machine")
    front = Front(tmp_path)
    tested = subprocess.run([*front.command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    threading.Thread(target=front.node.serve_forever, daemon=True).start()
    process = subprocess.Popen(front.command, stderr=subprocess.DEVNULL)
    wait_for(lambda: listens(front.secure))
    yield front
    process.terminate()
    process.wait()
    front.node.shutdown()
    front.node.server_close()


def test_nginx_passes_on_what_the_site_needs_to_know(front: Front) -> None:
    assert front.ask("/method/").status == 200
    [(path, headers, _)] = front.node.asked
    assert path == "/method/"
    assert headers["Host"] == f"rolefit.example:{front.secure}"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"] == "127.0.0.1"


def test_nginx_sends_plain_addresses_to_https(front: Front) -> None:
    answer = front.ask("/method/?a=1", secure=False)
    assert answer.status == 301
    assert answer.getheader("Location") == "https://rolefit.example/method/?a=1"
    assert front.node.asked == []


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/r/{TOKEN}/", "/r/..."),
        (f"/R//{TOKEN}", "/r/..."),
        (f"/{TOKEN}", "/..."),
        ("/join/ABCD-EFGH/", "/join/..."),
        ("/rate/a-shorter-one/", "/rate/..."),
        ("/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/..."),
        ("/method/", "/method/"),
    ],
)
def test_nginx_logs_no_secret(front: Front, path: str, logged: str) -> None:
    front.ask(path)
    front.ask(path, secure=False)
    assert re.findall(r'"GET (\S+)"', front.logged(lines=2)) == [logged, logged]


def test_nginx_takes_a_slow_body_whole_before_it_asks_a_node(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.secure)) as raw:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with trusting.wrap_socket(raw) as slow:
            slow.sendall(
                b"POST /quiz/1/ HTTP/1.1\r\nHost: rolefit.example\r\n"
                b"Content-Length: 4\r\nConnection: close\r\n\r\nab"
            )
            assert front.ask("/method/").status == 200
            assert [path for path, _, _ in front.node.asked] == ["/method/"]
            slow.sendall(b"cd")
            assert slow.recv(1000).startswith(b"HTTP/1.1 200")
    assert front.node.asked[1][::2] == ("/quiz/1/", b"abcd")
    assert front.ask("/quiz/1/", body=b"x" * 1_100_000).status == 413


def test_nginx_says_that_the_site_is_away_and_logs_it(front: Front) -> None:
    front.node.shutdown()
    front.node.server_close()
    answer = front.ask(f"/r/{TOKEN}/")
    assert answer.status == 502
    assert answer.getheader("Retry-After") == "30"
    assert answer.page == (DEPLOY / "offline.html").read_text()
    assert re.search(
        r'"GET /r/\.\.\." 502 \d+ \S+ from \S+: 502$', front.logged(lines=1), re.M
    )
    assert TOKEN not in (front.folder / "rolefit-error.log").read_text()
