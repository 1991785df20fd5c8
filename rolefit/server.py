"""The application that the server calls: finished pages here, all else in a thread.

granian speaks HTTP in Rust and calls `rsgi` on an event loop, by its interface
RSGI. A thread is taken only once the whole body of a request is there, so a client that
sends slowly holds no thread. A page that is kept as finished bytes needs no thread at
all. Everything else is Django, which is called as any WSGI server would call it.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections

# First, because it sets up what `kept` imports.
from .wsgi import application as django

# isort: split
from . import kept
from .uploads import MAX_BODY, max_body

# Bodies over MAX_BODY that one process reads or works on at a time. They bound its
# memory.
MAX_LARGE_BODIES = 2
BODY_SECONDS = 30.0  # until the whole body must be there
# For which a page waits to learn what has been published since.
REFRESH_SECONDS = 0.5
# Requests of one process that wait for a thread. Later ones would wait longer than a
# visitor does.
MAX_QUEUED = 200

Worked = TypeVar("Worked")
Headers = list[tuple[str, str]]
PLAIN = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]


class Refusal(Exception):
    """A request that gets a plain answer before Django sees it."""

    def __init__(self, status: HTTPStatus, text: str, *headers: tuple[str, str]):
        super().__init__(text)
        self.status, self.text, self.headers = status, text, headers


class Application:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(settings.THREADS, "request")
        self._running = 0
        self._large_bodies = 0
        # One thread of its own, so that a frozen database holds no other.
        self._refresher = ThreadPoolExecutor(1, "refresh")
        self._refresh: asyncio.Future[None] | None = None
        self._refresh_until = 0.0  # how long pages wait for it, by the loop's clock

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request. `scope` and `protocol` are granian's."""
        path, headers = scope.path, scope.headers
        if path == "/healthz":
            protocol.response_bytes(200, PLAIN, b"ok")
            return
        if found := await self._kept(scope, path, headers):
            protocol.response_bytes(found.status, found.headers, found.body)
            return
        try:
            length = _length_of_body(scope)
            if length > MAX_BODY:
                await self._check_sender(scope)
                with self._place_for_large_body():
                    await self._answer(scope, protocol, length)
            else:
                await self._answer(scope, protocol, length)
        except Refusal as refusal:
            protocol.response_bytes(
                refusal.status, [*PLAIN, *refusal.headers], refusal.text.encode()
            )

    async def _answer(self, scope: Any, protocol: Any, length: int) -> None:
        body = await self._body(protocol) if length else b""
        loop = asyncio.get_running_loop()
        await self._in_a_thread(_respond, scope, protocol, body, loop)

    async def _in_a_thread(
        self, work: Callable[..., Worked], *arguments: Any
    ) -> Worked:
        if self._running >= settings.THREADS + MAX_QUEUED:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many people are here right now. Try again in a minute.",
                ("retry-after", "10"),
            )
        loop = asyncio.get_running_loop()
        self._running += 1
        try:
            return await loop.run_in_executor(self._threads, work, *arguments)
        finally:
            self._running -= 1

    async def _check_sender(self, scope: Any) -> None:
        """Refuse whoever may not upload, before the body is read.

        Strangers could hold every place for large bodies by sending slowly.
        """
        status = await self._in_a_thread(_may_upload, scope)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Our server is having trouble. Try again in a minute.",
                ("retry-after", "10"),
            )
        if status != HTTPStatus.NO_CONTENT:
            raise Refusal(
                HTTPStatus.FORBIDDEN,
                "Sign in as somebody who edits pages, then choose the picture again.",
            )

    @contextmanager
    def _place_for_large_body(self) -> Iterator[None]:
        """Until the answer is there: the body stays in memory while Django works."""
        if self._large_bodies >= MAX_LARGE_BODIES:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Other pictures are being uploaded right now. Try again in a minute.",
                ("retry-after", "10"),
            )
        self._large_bodies += 1
        try:
            yield
        finally:
            self._large_bodies -= 1

    async def _kept(self, scope: Any, path: str, headers: Any) -> kept.Answer | None:
        if scope.method not in ("GET", "HEAD") or scope.query_string:
            return None
        if kept.has(path) and not kept.needs_no_load():
            await self._refreshed(path)
        door = kept.door(
            scope.scheme,
            headers.get("x-forwarded-proto", ""),
            headers.get("host", ""),
        )
        return kept.finished_answer(scope.method, path, door, headers)

    async def _body(self, protocol: Any) -> bytes:
        """The whole body. Refuses one that takes longer than BODY_SECONDS in all."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return bytes(await protocol())
        except TimeoutError:
            raise Refusal(
                HTTPStatus.REQUEST_TIMEOUT,
                "The rest of your form didn’t arrive. Try again.",
            ) from None
        except RuntimeError:
            # The client has gone; nobody reads this.
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body broke off.") from None

    async def _refreshed(self, path: str) -> None:
        """Learn what has been published since.

        One thread asks, for all requests. A database that does not answer delays those
        of the first half second by that time, and no others.
        """
        loop = asyncio.get_running_loop()
        if self._refresh is None or self._refresh.done():
            self._refresh = loop.run_in_executor(self._refresher, _refresh, path)
            self._refresh_until = loop.time() + REFRESH_SECONDS
        patience = self._refresh_until - loop.time()
        if patience > 0:
            await asyncio.wait([self._refresh], timeout=patience)


def _refresh(path: str) -> None:
    close_old_connections()
    kept.refresh(path)


def _length_of_body(scope: Any) -> int:
    """In bytes, as the head says. Refuses a body that is too long or does not say."""
    headers = scope.headers
    if "transfer-encoding" in headers:
        raise Refusal(
            HTTPStatus.LENGTH_REQUIRED, "Say how long the body is, in Content-Length."
        )
    length = headers.get("content-length", "0")
    most = max_body(scope.path)
    if not length.isascii() or not length.isdigit() or int(length) > most:
        raise Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"That’s too much: we take at most {most // 1024 // 1024} MB.",
        )
    return int(length)


def _may_upload(scope: Any) -> int:
    """The status with which Django answers a GET of the same address: 204 if this
    person may send a file there.
    """
    environ = environ_of(scope, b"") | {"REQUEST_METHOD": "GET"}
    status, _, response = call_django(environ)
    response.close()
    return status


def _respond(
    scope: Any, protocol: Any, body: bytes, loop: asyncio.AbstractEventLoop
) -> None:
    """Let Django answer. Runs in a thread of the pool."""
    status, headers, response = call_django(environ_of(scope, body))
    try:
        if getattr(response, "streaming", False):
            _stream(response, protocol.response_stream(status, headers), loop)
        else:
            protocol.response_bytes(status, headers, b"".join(response))
    finally:
        response.close()


def call_django(environ: dict[str, Any]) -> tuple[int, Headers, Any]:
    """Status, headers and body of Django's answer. The caller closes the body."""
    start: list[Any] = []

    def start_response(status: str, headers: Headers, *exc_info: Any) -> Any:
        start[:] = int(status[:3]), headers

    response = django(environ, start_response)
    status, headers = start
    return status, headers, response


def _stream(response: Any, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Send parts as they are made, until the client goes away."""

    async def send(part: bytes) -> None:
        await transport.send_bytes(part)

    for part in response:
        try:
            asyncio.run_coroutine_threadsafe(send(part), loop).result()
        except RuntimeError:
            return


class _File:
    """A file as one piece: ours are small, and no reader holds a thread then."""

    def __init__(self, file: Any, size: int = 0) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        yield self._file.read()

    def close(self) -> None:
        self._file.close()


_ALWAYS = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": _File,
}


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """The request as WSGI has it (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope.method,
        # WSGI wants the bytes of the path, each as one letter.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in scope.headers.items():
        # X_Forwarded_For would be the same as X-Forwarded-For below.
        if "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in environ:
            value = f"{environ[key]}{';' if name == 'cookie' else ','} {value}"
        environ[key] = value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ


rsgi = Application()
