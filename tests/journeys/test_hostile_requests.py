"""Requests as no browser sends them, byte by byte, to a real server.

None is answered with a failure, a file of the machine, or the version of the server;
and none stops the server.
"""

from __future__ import annotations

import re
import socket

import pytest

from tests.support.browser.server import Server

SECONDS = 3  # without a byte, after which a server is taken to wait for more
HOST = b"Host: localhost\r\nConnection: close\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
LONG = b"a" * 70_000
# The log looks for such addresses.
WORKSPACES = b"/coach" * 65_000


def get(target: bytes) -> bytes:
    return b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n"


def post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /quiz/ HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


HOSTILE = {
    # Methods
    "unknown method": b"HACK / HTTP/1.1\r\n" + HOST + b"\r\n",
    "method in lower case": b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
    "method with a line end": b"GE\r\nT / HTTP/1.1\r\n" + HOST + b"\r\n",
    "long method": b"A" * 5_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "OPTIONS of everything": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "DELETE": b"DELETE / HTTP/1.1\r\n" + HOST + b"\r\n",
    # Versions and shapes
    "HTTP 0.9": b"GET /\r\n\r\n",
    "HTTP 1.0 without a host": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP 2 in words": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "HTTP 9.9": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "start of HTTP 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50,
    "empty lines": b"\r\n" * 50,
    "only line feeds": GET.replace(b"\r", b"") + b"\n",
    # Hosts
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "other host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "host with a path": b"GET / HTTP/1.1\r\nHost: localhost/evil\r\n\r\n",
    "host with a mark": b"GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n",
    "absolute address": get(b"http://evil.example/"),
    "absolute address of a file": get(b"file:///etc/passwd"),
    # Paths
    "two slashes": get(b"//evil.example/"),
    "traversal": get(b"/../../../../etc/passwd"),
    "traversal in static files": get(b"/static/../../../../etc/passwd"),
    "encoded traversal": get(b"/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    "twice encoded traversal": get(b"/static/%252e%252e%252f%252e%252e%252fetc/passwd"),
    "backslashes": get(b"/static/..\\..\\..\\etc\\passwd"),
    "overlong dots": get(b"/static/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd"),
    "NUL": get(b"/static/css/site.css%00.html"),
    "raw NUL": get(b"/\0"),
    "bad percent": get(b"/%zz/%/%1"),
    "no UTF-8": get(b"/%ff%fe/"),
    "surrogate": get(b"/%ed%a0%80/"),
    "line end in the path": get(b"/%0d%0aSet-Cookie:%20evil=1"),
    "hidden file": get(b"/static/.collected"),
    "long path": get(b"/" + LONG),
    "long query": get(b"/?" + LONG),
    "long path of workspaces": get(WORKSPACES[:60_000]),
    "path of workspaces": get(WORKSPACES[:30_000]),
    # Headers
    "huge header": GET + b"X-Long: " + LONG * 4 + b"\r\n\r\n",
    "origin of workspaces": post(b"Origin: " + WORKSPACES + b"\r\n"),
    "shorter origin of workspaces": post(
        b"Origin: " + WORKSPACES[:30_000] + b"\r\nContent-Length: 0\r\n"
    ),
    "thousand headers": GET + b"X-Many: 1\r\n" * 1_000 + b"\r\n",
    "header without a colon": GET + b"nonsense\r\n\r\n",
    "folded header": GET + b"X-Folded: a\r\n b\r\n\r\n",
    "NUL in a header": GET + b"X-Nul: a\0b\r\n\r\n",
    "space before the colon": GET + b"Content-Length : 3\r\n\r\nabc",
    "script name": b"GET /evil/ HTTP/1.1\r\n" + HOST + b"SCRIPT_NAME: /evil\r\n\r\n",
    "forged path": GET + b"X-Original-URL: /admin/\r\nX-Rewrite-URL: /admin/\r\n\r\n",
    "bad cookies": GET + b"Cookie: " + b";=\xff\0"[:3] * 500 + b"\r\n\r\n",
    "bad range": b"GET /static/img/icon.svg HTTP/1.1\r\n"
    + HOST
    + b"Range: bytes=9-1,-0,5-99999999999999999999\r\n\r\n",
    # Smuggling and bodies
    "both lengths": post(
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"0\r\n\r\nGET /admin/ HTTP/1.1\r\n\r\n",
    ),
    "two lengths": post(b"Content-Length: 3\r\nContent-Length: 9\r\n", b"abc"),
    "signed length": post(b"Content-Length: +3\r\n", b"abc"),
    "length below nothing": post(b"Content-Length: -1\r\n"),
    "endless length": post(b"Content-Length: " + b"9" * 40 + b"\r\n"),
    "unknown coding": post(b"Transfer-Encoding: xchunked\r\n", b"abc"),
    "bad chunk": post(b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"),
    "overlong chunk": post(
        b"Transfer-Encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFF\r\nabc\r\n"
    ),
    "form without a boundary": post(
        b"Content-Type: multipart/form-data\r\nContent-Length: 3\r\n", b"abc"
    ),
    "unknown charset": post(
        b"Content-Type: application/x-www-form-urlencoded; charset=evil\r\n"
        b"Content-Length: 3\r\n",
        b"a=b",
    ),
}


def answers(server: Server, request: bytes) -> bytes:
    """All that the server sends until it closes, or has nothing more to say."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as link:
        received = b""
        try:
            link.sendall(request)
            while part := link.recv(65_536):
                received += part
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            pass
    return received


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_request_is_answered_or_hung_up_on(server: Server, shape: str) -> None:
    before = server.log.stat().st_size
    received = answers(server, HOSTILE[shape])
    statuses = re.findall(rb"^HTTP/1\.[01] (\d{3})", received, re.MULTILINE)
    # A connection that is closed without a word is an answer, too. A second answer
    # would be one to a smuggled request.
    assert len(statuses) <= 1, statuses
    assert not [status for status in statuses if status >= b"500"], statuses
    assert b"root:" not in received
    assert b"Set-Cookie: evil" not in received
    # The name of the server may be known, and its version not.
    assert not re.search(rb"^(server:.*\d|x-powered-by:)", received, re.I | re.M)
    logged = server.log.read_bytes()[before:]
    assert b"Traceback" not in logged
    assert b"panicked" not in logged
    assert answers(server, get(b"/healthz")).endswith(b"ok")


def test_script_name_is_not_taken_from_a_client(server: Server) -> None:
    received = answers(server, HOSTILE["script name"])
    assert received.startswith(b"HTTP/1.1 404")
    assert b"/evil/quiz" not in received
