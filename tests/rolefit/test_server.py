"""What Django is told of a request, and which bodies are refused before that."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, ClassVar, TypeVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from granian.rsgi import ProtocolClosed

from assessments.web import client_network
from rolefit import server, uploads


class Headers(list[tuple[str, str]]):
    """Headers as granian has them: names in lower case, in the order they came."""

    def items(self) -> list[tuple[str, str]]:
        return self

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self if key == name), default)

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self)


def scope(**changes: Any) -> SimpleNamespace:
    given = {
        "method": "GET",
        "path": "/skills/",
        "query_string": "",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "203.0.113.9:50123",
        "headers": Headers([("host", "localhost:8000")]),
    }
    return SimpleNamespace(**{**given, **changes})


def request(body: bytes = b"", **changes: Any) -> WSGIRequest:
    return WSGIRequest(server.environ_of(scope(**changes), body))


class Protocol:
    """granian's side of one request: gives the body and takes the answer."""

    def __init__(self, body: bytes | Exception | None = b"") -> None:
        self.body, self.was_read = body, False
        self.status, self.text = 0, b""
        self.headers: dict[str, str] = {}

    async def __call__(self) -> bytes:
        self.was_read = True
        if self.body is None:
            await asyncio.sleep(3600)
        if isinstance(self.body, Exception):
            raise self.body
        return self.body or b""

    def response_bytes(
        self, status: int, headers: list[tuple[str, str]], body: bytes
    ) -> None:
        self.status, self.headers, self.text = status, dict(headers), body


P = TypeVar("P", bound=Protocol)


def asked(protocol: P, **changes: Any) -> P:
    """The protocol after the application has answered this request."""
    asyncio.run(server.Application().__rsgi__(scope(**changes), protocol))
    return protocol


@pytest.mark.parametrize(
    ("path", "seen"), [("/skills/", "/skills/"), ("/é/", "/é/"), ("/a b/", "/a b/")]
)
def test_path_arrives_as_it_was_sent(path: str, seen: str) -> None:
    assert request(path=path).path_info == seen


def test_form_arrives() -> None:
    sent = request(
        b"a=1&b=%C3%A9",
        method="POST",
        headers=Headers(
            [
                ("content-type", "application/x-www-form-urlencoded"),
                ("content-length", "12"),
            ]
        ),
    )
    assert sent.POST.dict() == {"a": "1", "b": "é"}


def test_cookies_in_several_headers_are_all_read() -> None:
    sent = request(headers=Headers([("cookie", "a=1"), ("cookie", "b=2")]))
    assert sent.COOKIES == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("client", "address"),
    [("203.0.113.9:50123", "203.0.113.9"), ("[2001:db8::1]:50123", "2001:db8::/64")],
)
def test_address_of_the_client_is_known_without_a_proxy(
    client: str, address: str
) -> None:
    assert client_network(request(client=client)) == address


@override_settings(
    PROXIES=1, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
)
def test_proxy_says_who_asks_and_how() -> None:
    sent = request(
        headers=Headers(
            [
                ("x-forwarded-for", "198.51.100.1"),
                ("x-forwarded-for", "203.0.113.77"),
                ("x_forwarded_for", "192.0.2.66"),  # a client's own, to deceive
                ("x-forwarded-proto", "https"),
            ]
        )
    )
    assert client_network(sent) == "203.0.113.77"
    assert sent.is_secure()


def test_alive_is_answered_without_a_thread_or_a_known_host() -> None:
    found = asked(Protocol(), path="/healthz", headers=Headers([("host", "10.0.0.1")]))
    assert (found.status, found.text) == (200, b"ok")


POST = ("content-type", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("content-length", str(server.MAX_BODY + 1))], 413),
        ([("content-length", "-1")], 413),
        ([("content-length", "much")], 413),
        ([("transfer-encoding", "chunked")], 411),
    ],
)
def test_body_too_long_or_of_unknown_length_is_refused_unread(
    headers: list[tuple[str, str]], status: int
) -> None:
    found = asked(Protocol(b"x"), method="POST", headers=Headers([POST, *headers]))
    assert (found.status, found.was_read) == (status, False)


def test_body_that_does_not_arrive_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.01)
    headers = Headers([POST, ("content-length", "5")])
    assert asked(Protocol(None), method="POST", headers=headers).status == 408


def test_body_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    headers = Headers([POST, ("content-length", "5")])
    found = asked(Protocol(RuntimeError("gone")), method="POST", headers=headers)
    assert found.status == 400


def test_request_is_refused_when_too_many_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MAX_QUEUED", -1_000)
    found = asked(Protocol())
    assert (found.status, found.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize("path", ["/quiz/", "/join/", "/coach/ask/"])
def test_file_is_refused_where_none_is_expected(
    questionnaire: object, path: str
) -> None:
    file = SimpleUploadedFile("a.txt", b"x")
    # The form itself would be accepted or shown again, with 302 or 422.
    assert Client().post(path, {"extra": file, "form": "full"}).status_code == 400


def test_staff_may_upload_a_questionnaire(
    questionnaire: object, staff_client: Client
) -> None:
    file = SimpleUploadedFile("a.json", b"{}", "application/json")
    response = staff_client.post(
        "/admin/assessments/questionnaire/upload/", {"file": file}
    )
    assert response.status_code == 422


class Progress:
    """A view that sends three parts, and whether it was closed."""

    closed = False

    @classmethod
    def parts(cls) -> Iterator[str]:
        try:
            yield from ("one\n", "two\n", "three\n")
        finally:
            cls.closed = True


def progress(request: HttpRequest) -> StreamingHttpResponse:
    Progress.closed = False
    return StreamingHttpResponse(Progress.parts())


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(b"a whole file"))


class Uploads:
    """Who may upload, by the cookie; and what happens while Django works."""

    answers: ClassVar = {"editor": 204, "stranger": 302, "outage": 503}
    meanwhile: ClassVar[Callable[[], None]] = staticmethod(lambda: None)


@csrf_exempt
def taken(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse(status=Uploads.answers[request.COOKIES["who"]])
    Uploads.meanwhile()
    return HttpResponse()


urlpatterns = [
    path("progress/", progress),
    path("file/", file),
    path(uploads.PICTURE_UPLOADS.removeprefix("/"), taken),
]


class Stream(Protocol):
    """A client that takes this many parts and then goes away."""

    def __init__(self, patience: int) -> None:
        super().__init__()
        self.patience, self.parts = patience, list[bytes]()

    def response_stream(self, status: int, headers: object) -> Stream:
        self.status = status
        return self

    async def send_bytes(self, part: bytes) -> None:
        if len(self.parts) == self.patience:
            raise ProtocolClosed
        self.parts.append(part)


@pytest.mark.parametrize(
    ("patience", "parts"),
    [(9, [b"one\n", b"two\n", b"three\n"]), (2, [b"one\n", b"two\n"])],
)
@override_settings(ROOT_URLCONF=__name__)
def test_parts_are_sent_as_they_are_made_until_the_client_goes(
    patience: int, parts: list[bytes]
) -> None:
    found = asked(Stream(patience), path="/progress/")
    assert (found.status, found.parts, Progress.closed) == (200, parts, True)


@override_settings(ROOT_URLCONF=__name__)
def test_file_is_sent_in_one_piece() -> None:
    assert asked(Protocol(), path="/file/").text == b"a whole file"


LARGE = ("content-length", str(2 * uploads.MAX_BODY))
EDITOR = ("cookie", "who=editor")
SENT = {"method": "POST", "path": uploads.PICTURE_UPLOADS}


@override_settings(ROOT_URLCONF=__name__)
def test_picture_of_the_article_may_be_large_and_nothing_else() -> None:
    headers = Headers([POST, LARGE, EDITOR])
    found = asked(Protocol(b"x"), **SENT, headers=headers)
    assert (found.status, found.was_read) == (200, True)
    found = asked(Protocol(b"x"), method="POST", path="/admin/", headers=headers)
    assert (found.status, found.was_read) == (413, False)
    too_large = ("content-length", str(uploads.MAX_PICTURE_BODY + 1))
    headers = Headers([POST, too_large, EDITOR])
    found = asked(Protocol(b"x"), **SENT, headers=headers)
    assert (found.status, found.was_read) == (413, False)


@pytest.mark.parametrize(("who", "status"), [("stranger", 403), ("outage", 503)])
@override_settings(ROOT_URLCONF=__name__)
def test_large_body_of_whoever_may_not_upload_is_refused_unread(
    who: str, status: int
) -> None:
    headers = Headers([POST, LARGE, ("cookie", f"who={who}")])
    found = asked(Protocol(b"x"), **SENT, headers=headers)
    assert (found.status, found.was_read) == (status, False)


@override_settings(ROOT_URLCONF=__name__)
def test_few_large_bodies_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.5)
    protocols = [Protocol(None) for _ in range(3)]
    small = Protocol(b"x")

    async def ask_all() -> None:
        application = server.Application()
        large = scope(**SENT, headers=Headers([POST, LARGE, EDITOR]))
        little = scope(**SENT, headers=Headers([POST, ("content-length", "1")]))
        await asyncio.gather(
            *(application.__rsgi__(large, protocol) for protocol in protocols),
            application.__rsgi__(little, small),
        )
        # Those that were given up make room for others.
        protocols.append(Protocol(b"x"))
        await application.__rsgi__(large, protocols[-1])

    asyncio.run(ask_all())
    assert sorted(each.status for each in protocols[:3]) == [408, 408, 503]
    assert protocols[3].status == 200
    [refused] = [each for each in protocols if each.status == 503]
    assert refused.headers["retry-after"] == "10"
    assert (refused.was_read, small.status) == (False, 200)


@override_settings(ROOT_URLCONF=__name__, THREADS=4)
def test_place_of_a_large_body_is_taken_until_django_has_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_work, go_on = threading.Barrier(server.MAX_LARGE_BODIES + 1), threading.Event()

    def work() -> None:
        at_work.wait(timeout=60)
        go_on.wait(timeout=60)

    monkeypatch.setattr(Uploads, "meanwhile", staticmethod(work))
    large = scope(**SENT, headers=Headers([POST, LARGE, EDITOR]))
    held = [Protocol(b"x") for _ in range(server.MAX_LARGE_BODIES)]
    one_more = Protocol(b"x")

    async def ask_all() -> None:
        application = server.Application()
        sent = [asyncio.create_task(application.__rsgi__(large, each)) for each in held]
        await asyncio.to_thread(at_work.wait, 60)
        await application.__rsgi__(large, one_more)
        go_on.set()
        await asyncio.gather(*sent)

    asyncio.run(ask_all())
    assert (one_more.status, one_more.was_read) == (503, False)
    assert [each.status for each in held] == [200] * server.MAX_LARGE_BODIES
