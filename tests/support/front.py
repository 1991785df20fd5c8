"""nginx with the shipped file, for tests that ask it or trouble it."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.browser.server import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
# The address that a visitor comes from, in tests: not that of the node.
CLIENT = "127.0.0.2"
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"
NGINX = shutil.which("nginx", path=SEARCHED)


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
    (folder / "fullchain.pem").write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
    )
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def trusting() -> ssl.SSLContext:
    """Takes the certificate that we have signed ourselves."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Front:
    """nginx with the shipped file, on ports of its own, before one node."""

    def __init__(self, folder: Path, node: int) -> None:
        """`node`: its port on this machine."""
        self.folder = folder
        self.plain, self.secure = free_port(), free_port()
        make_certificate(folder)
        text = (DEPLOY / "nginx.conf").read_text()
        for shipped, ours in (
            ("127.0.0.1:8000", f"127.0.0.1:{node}"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.secure} ssl"),
            ("listen [::]:80;", ""),
            ("listen [::]:443 ssl http2;", ""),
            ("/etc/letsencrypt/live/rolefit.example/", f"{folder}/"),
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

    @contextmanager
    def running(self) -> Iterator[None]:
        tested = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: listens(self.secure))
            yield
        finally:
            process.terminate()
            process.wait()

    def connect(self) -> ssl.SSLSocket:
        """A connection on which a test says what it likes."""
        raw = socket.create_connection(("127.0.0.1", self.secure), timeout=20)
        return trusting().wrap_socket(raw)

    def ask(
        self,
        path: str,
        *,
        secure: bool = True,
        body: bytes = b"",
        host: str = "rolefit.example",
    ) -> HTTPResponse:
        if secure:
            connection: HTTPConnection = HTTPSConnection(
                "127.0.0.1",
                self.secure,
                context=trusting(),
                timeout=20,
                source_address=(CLIENT, 0),
            )
        else:
            connection = HTTPConnection(
                "127.0.0.1", self.plain, timeout=20, source_address=(CLIENT, 0)
            )
        connection.request(
            "POST" if body else "GET",
            path,
            body or None,
            {"Host": host},
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
