"""Public pages as finished bytes: who gets them, what is kept, and until when."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import brotli
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from assessments.actions.versions import publish
from assessments.models import Questionnaire
from assessments.queries import versions
from content import published, snapshot
from content.models import Page
from rolefit import kept
from tests.support.articles import publish_page
from tests.support.dom import parse

PAGES = [
    "/",
    "/skills/",
    "/method/",
    "/privacy/",
    "/accessibility/",
    "/robots.txt",
    "/sitemap.xml",
]
# Of all headers, those that may differ between the page as made and as kept.
OF_A_VARIANT = {"vary", "etag", "content-length", "content-encoding"}


def is_kept(path: str) -> bool:
    return path in kept._Kept.shelf.pages


@pytest.fixture
def warm(questionnaire: object, client: Client) -> Client:
    """A visitor to a site whose public pages are kept."""
    for _ in range(2):
        for path in ["/", *PAGES]:
            client.get(path, headers={"host": "localhost"})
    assert [path for path in PAGES if not is_kept(path)] == []
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def let_copies_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the clock of the copies of what is published, and stop it there."""
    later = time.monotonic() + snapshot.SECONDS
    clock = SimpleNamespace(monotonic=lambda: later)
    monkeypatch.setattr("content.snapshot.time", clock)


def headers_of(response: HttpResponse) -> dict[str, str]:
    headers = {name.lower(): value for name, value in response.items()}
    return {name: headers[name] for name in headers.keys() - OF_A_VARIANT}


def was_made(response: HttpResponse) -> bool:
    """Whether a template was drawn for this answer."""
    return bool(response.templates)


@pytest.mark.parametrize("path", PAGES)
def test_kept_page_is_the_page_that_was_made(
    questionnaire: object, client: Client, path: str
) -> None:
    published.current()
    versions.live_version()
    made, found = client.get(path), client.get(path)
    assert (was_made(made), was_made(found)) == (True, False)
    assert made.content == found.content
    assert headers_of(made) == headers_of(found)
    assert found["Content-Length"] == str(len(found.content))
    assert found["ETag"].removeprefix("W/") == made["ETag"].removeprefix("W/")
    assert found["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accept", "encoding", "read"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip;q=0.8", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_page_comes_compressed_as_the_browser_takes_it(
    warm: Client,
    accept: str,
    encoding: str | None,
    read: Callable[[bytes], bytes],
) -> None:
    plain = warm.get("/skills/")
    found = warm.get("/skills/", headers={"accept-encoding": accept})
    assert found.get("Content-Encoding") == encoding
    assert read(found.content) == plain.content
    assert found["Content-Length"] == str(len(found.content))


@pytest.mark.parametrize("prefix", ["", "W/"])
def test_browser_that_holds_the_page_gets_304(warm: Client, prefix: str) -> None:
    etag = prefix + warm.get("/skills/")["ETag"].removeprefix("W/")
    asked = {"if-none-match": f'"other", {etag}', "accept-encoding": "br"}
    found = warm.get("/skills/", headers=asked)
    assert (found.status_code, found.content) == (304, b"")
    assert "Content-Encoding" not in found
    other = warm.get("/skills/", headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_header_longer_than_any_browsers_is_not_read(warm: Client) -> None:
    etag = warm.get("/skills/")["ETag"]
    before = kept._encoding_of.cache_info().currsize
    for others, status in [(100, 304), (1_000, 200)]:
        asked = {
            "if-none-match": f"{etag}, {'x' * others}",
            "accept-encoding": f"br, {'x' * 200}",
        }
        found = warm.get("/skills/", headers=asked)
        assert (found.status_code, found.get("Content-Encoding")) == (status, None)
    assert kept._encoding_of.cache_info().currsize == before


def test_head_gets_the_headers_alone(warm: Client) -> None:
    page, head = warm.get("/skills/"), warm.head("/skills/")
    assert head.headers == page.headers
    assert head.content == b""


@pytest.mark.parametrize(
    "request_",
    [
        {"data": {"from": "mail"}},
        {"headers": {"host": "127.0.0.1"}},
        {"secure": True},
        {"headers": {"x-forwarded-proto": "https"}},
    ],
    ids=["query", "other host", "tls", "tls at the proxy"],
)
def test_page_is_made_for_another_way_in(
    warm: Client, request_: dict[str, object]
) -> None:
    assert not was_made(warm.get("/skills/"))
    assert was_made(warm.get("/skills/", **request_))


def test_wrong_host_never_gets_a_kept_page(warm: Client) -> None:
    assert warm.get("/skills/", headers={"host": "evil.example"}).status_code == 400
    assert warm.get("/skills/", headers={"host": "evil.example"}).status_code == 400


@override_settings(ALLOWED_HOSTS=[".example.org", "localhost"])
def test_strangers_leave_room_for_the_own_host(
    questionnaire: object, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MAX_DOORS", 4)
    for number in range(1, 9):
        for stranger in (
            {"host": f"localhost:{number}"},
            {"host": "localhost", "x-forwarded-proto": f"http{number}"},
            {"host": f"host{number}.example.org"},
        ):
            assert client.get("/skills/", headers=stranger).status_code == 200
    assert len(kept._Kept.shelf.doors) == 4
    own = {"host": settings.BASE_URL.partition("://")[2]}
    for forwarded in ("", "http", "https", "https, http"):
        asked = own | {"x-forwarded-proto": forwarded}
        client.get("/skills/", headers=asked)
        assert not was_made(client.get("/skills/", headers=asked))


@override_settings(SECURE_SSL_REDIRECT=True)
def test_plain_http_is_sent_to_https_though_the_page_is_kept(
    questionnaire: object, client: Client
) -> None:
    for _ in range(3):
        assert client.get("/skills/", secure=True).status_code == 200
    assert is_kept("/skills/")
    assert client.get("/skills/").status_code == 301


def test_visitor_with_cookies_gets_the_same_page_and_none_is_made_for_others(
    questionnaire: object, staff_client: Client
) -> None:
    staff_client.get("/")
    made = [staff_client.get("/skills/").content for _ in range(3)]
    assert not is_kept("/skills/")
    stranger = Client()
    for _ in range(2):
        assert stranger.get("/skills/").content == made[0]
    assert is_kept("/skills/")
    assert staff_client.get("/skills/").content == made[0]


@pytest.mark.parametrize(
    "path",
    ["/quiz/", "/call/", "/join/", "/quiz/resume/", "/accounts/login/", "/nowhere/"],
)
def test_page_of_one_visitor_is_never_kept(
    questionnaire: object, client: Client, path: str
) -> None:
    for _ in range(3):
        client.get(path)
    assert not is_kept(path)


def request_for(path: str = "/p/", **headers: str) -> WSGIRequest:
    return RequestFactory().get(path, headers=headers)


def response_with(**headers: str) -> HttpResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(b"x", headers={"Cache-Control": "public, max-age=0", **names})


def test_only_what_says_that_it_is_for_everybody_is() -> None:
    assert kept.is_for_everybody(request_for(), response_with())
    assert kept.is_for_everybody(request_for(), response_with(Vary="Accept-Encoding"))
    with_cookie = response_with()
    with_cookie.set_cookie("a", "b")
    failed = response_with()
    failed.status_code = 404
    for request, response in [
        (RequestFactory().post("/p/"), response_with()),
        (RequestFactory().head("/p/"), response_with()),
        (request_for("/p/?a=b"), response_with()),
        (request_for(cookie="a=b"), response_with()),
        (request_for(authorization="Basic abc"), response_with()),
        (request_for(), response_with(Cache_Control="private")),
        (request_for(), response_with(Vary="Accept-Encoding, Cookie")),
        (
            request_for(),
            response_with(Content_Security_Policy="script-src 'nonce-abc'"),
        ),
        (request_for(), with_cookie),
        (request_for(), failed),
    ]:
        assert not kept.is_for_everybody(request, response)


def keep(path: str, response: HttpResponse) -> None:
    response["ETag"] = '"a"'
    kept.keep_page(request_for(path), response, made_from=kept.state())


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_PAGES", 2)
    monkeypatch.setattr(kept, "MAX_DOORS", 1)
    monkeypatch.setattr(kept, "MAX_PAGE_BYTES", 10)
    large = response_with()
    large.content = b"x" * 11
    keep("/large/", large)
    for path in ("/a/", "/b/", "/c/"):
        keep(path, response_with())
    assert set(kept._Kept.shelf.pages) == {"/a/", "/b/"}
    other = request_for("/a/", host="localhost")
    kept.keep_page(other, response_with(ETag='"a"'), made_from=kept.state())
    assert kept._Kept.shelf.doors == {kept.door_of(request_for())}


def test_page_made_while_something_was_published_is_not_kept(article: None) -> None:
    published.current()
    made_from = kept.state()
    Page.objects.filter(slug="skills").update(title="Newer")
    publish_page(Page.objects.get(slug="skills"), by=None)
    published.forget()
    published.current()
    kept.keep_page(request_for(), response_with(ETag='"a"'), made_from=made_from)
    assert not is_kept("/p/")


def test_page_is_not_put_on_the_shelf_of_a_newer_state(article: None) -> None:
    published.current()
    keep("/p/", response_with())
    newer = kept._Shelf(((object(),), None))

    class Compared(tuple[object, ...]):
        """Another thread puts up a newer shelf while the shelf is looked at."""

        times = 0

        def __iter__(self) -> Iterator[object]:
            self.times += 1
            if self.times == 2:
                kept._Kept.shelf = newer
            return super().__iter__()

    made_from = Compared(kept.state())
    kept.keep_page(request_for(), response_with(ETag='"a"'), made_from=made_from)  # type: ignore[arg-type]
    assert (made_from.times, newer.pages) == (2, {})


def test_published_page_shows_at_once_here(
    warm: Client, django_capture_on_commit_callbacks
) -> None:
    Page.objects.filter(slug="skills").update(title="Newer")
    with django_capture_on_commit_callbacks(execute=True):
        publish_page(Page.objects.get(slug="skills"), by=None)
    for _ in range(3):
        assert parse(warm.get("/skills/")).one("h1").text == "Newer"


def test_published_page_shows_after_a_second_elsewhere(
    warm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = parse(warm.get("/skills/")).one("h1").text
    Page.objects.filter(slug="skills").update(title="Newer")
    publish_page(Page.objects.get(slug="skills"), by=None)  # nothing is committed here
    assert parse(warm.get("/skills/")).one("h1").text == before
    let_copies_grow_old(monkeypatch)
    assert parse(warm.get("/skills/")).one("h1").text == "Newer"
    assert snapshot.SECONDS == 3600.0  # else the first look might have been late


def test_published_questionnaire_drops_the_method_page(
    warm: Client, staff: object, django_capture_on_commit_callbacks
) -> None:
    assert warm.get("/method/").content
    draft = Questionnaire.objects.get()
    draft.name = "Second"
    draft.save()
    with django_capture_on_commit_callbacks(execute=True):
        publish(draft, by=staff)
    assert was_made(warm.get("/method/"))


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_served_while_the_database_is_away(
    warm: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    before = warm.get(path).content
    let_copies_grow_old(monkeypatch)
    tries = []

    def away(execute: object, sql: str, *rest: object) -> None:
        tries.append(sql)
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        for _ in range(3):
            found = warm.get(path)
            assert (found.content, was_made(found)) == (before, False)
    # One for each of the two copies; the next would come a second later.
    assert len(tries) == 2


def test_page_that_was_never_asked_for_is_made_while_the_database_is_away(
    article: None, client: Client
) -> None:
    client.get("/")

    def away(execute: object, sql: str, *rest: object) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        assert client.get("/choosing/").status_code == 200


def test_middleware_stands_before_everything_that_reads_a_cookie() -> None:
    first = ["rolefit.middleware.HealthMiddleware"]
    first.append("rolefit.middleware.KeptPagesMiddleware")
    assert settings.MIDDLEWARE[:2] == first
