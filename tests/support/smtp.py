"""A mail server on this machine that keeps what it gets; a little of RFC 5321.

It has no TLS and asks for no password.
"""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from django.test import override_settings


@dataclass(frozen=True, slots=True)
class Received:
    """`to`: whom the envelope names. `raw`: the message as it came."""

    to: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore[arg-type,return-value]

    @property
    def body(self) -> str:
        return str(self.message.get_content())


@dataclass
class MailServer:
    """`refused`: addresses to which it takes no mail. `connections`: how many came.
    `breaks_off_after`: it hangs up instead of taking more mails than this.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    connections: int = 0
    breaks_off_after: int | None = None


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        kept: MailServer = self.server.kept  # type: ignore[attr-defined]
        kept.connections += 1
        to: list[str] = []
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to.append(line.decode().partition("<")[2].partition(">")[0])
                if to[-1] in kept.refused:
                    to.pop()
                    self.wfile.write(b"550 nobody here\r\n")
                    continue
            if verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if verb == b"DATA":
                if len(kept.received) == kept.breaks_off_after:
                    return
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text.removeprefix(b"."))
                kept.received.append(Received(to, b"".join(lines)))
                to = []
            self.wfile.write(b"250 good\r\n")


@contextmanager
def real_mail() -> Iterator[MailServer]:
    """The site sends its mail to a server of this kind."""
    with (
        mail_server() as server,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            EMAIL_USE_TLS=False,
            MAIL_GOES_OUT=True,
        ),
    ):
        yield server


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        kept = MailServer(server.server_address[1])
        server.kept = kept  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
