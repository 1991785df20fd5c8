"""Public pages as finished bytes, so that a page costs a look-up and no rendering.

What a shared cache may keep, a process keeps too: see `is_for_everybody`. The pages
belong to one published state of the site. When another state is published, all of them
are dropped.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from assessments.queries.versions import LIVE_VERSION
from content.published import SITE

SNAPSHOTS = (SITE, LIVE_VERSION)
# Bounds of memory: bytes of one page, pages of one state, and ways in.
MAX_PAGE_BYTES, MAX_PAGES, MAX_DOORS = 200_000, 200, 64
# Of brotli, from 0 to 11. A page of 20,000 bytes takes about 2 ms; 11 would take 40 ms
# and save 7 % of the bytes.
QUALITY = 6
# Characters of a header. Browsers send fewer, and these are read on the event loop.
MAX_ACCEPTED, MAX_TAGS = 200, 1_000
# What belongs to one variant of a body, or to the server.
OF_A_VARIANT = {"content-encoding", "content-length", "etag", "vary", "connection"}

# How a request came in: scheme, X-Forwarded-Proto, Host. Django has checked the host
# and the scheme of each one under which it gave a page.
Door = tuple[str, str, str]
FORWARDED = {"", "http", "https"}
# What the process holds of each snapshot, or None before the first load.
MadeFrom = tuple[tuple[object] | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Page:
    """One page in every variant; a variant is made when it is first asked for."""

    def __init__(self, headers: list[tuple[str, str]], body: bytes, etag: str) -> None:
        # Weak, because the variants differ in bytes.
        self.etag = f"W/{etag.removeprefix('W/')}"
        self._headers = [*headers, ("vary", "Accept-Encoding"), ("etag", self.etag)]
        self._body = body
        self._variants: dict[tuple[str, bool], Answer] = {}
        self.not_modified = Answer(304, self._headers, b"")

    def answer(self, encoding: str, *, head: bool) -> Answer:
        made = self._variants.get((encoding, head))
        if made is None:
            made = self._variants[encoding, head] = self._made(encoding, head)
        return made

    def _made(self, encoding: str, head: bool) -> Answer:
        if head:
            whole = self.answer(encoding, head=False)
            return Answer(200, whole.headers, b"")
        headers, body = list(self._headers), self._body
        if encoding == "br":
            body = brotli.compress(body, mode=brotli.MODE_TEXT, quality=QUALITY)
        elif encoding == "gzip":
            # No random bytes against BREACH: these pages hold no secret, and nothing of
            # the request.
            body = gzip.compress(body, 9, mtime=0)
        if encoding:
            headers.append(("content-encoding", encoding))
        return Answer(200, [*headers, ("content-length", str(len(body)))], body)


@dataclass(slots=True)
class _Shelf:
    """The pages of one state. A new state gets a new shelf, which replaces the old."""

    state: MadeFrom
    pages: dict[str, _Page] = field(default_factory=dict)
    doors: set[Door] = field(default_factory=set)


class _Kept:
    shelf = _Shelf(())


def state() -> MadeFrom:
    """What pages are made from now, without a query."""
    return tuple(snapshot.held() for snapshot in SNAPSHOTS)


def has(path: str) -> bool:
    return path in _Kept.shelf.pages


def refresh(path: str) -> None:
    """Where this page is kept, learn what has been published since."""
    if has(path):
        for snapshot in SNAPSHOTS:
            if snapshot.held() is not None:
                snapshot.get()


def needs_no_load() -> bool:
    """Whether the kept pages may be used right now without a query."""
    return all(
        snapshot.held() is None or snapshot.needs_no_load() for snapshot in SNAPSHOTS
    )


def finished_answer(
    method: str, path: str, door: Door, headers: Mapping[str, str]
) -> Answer | None:
    """The finished answer to a request without a query string, if there is one.

    `headers` are the two of the request that matter, by their names in lower case.
    """
    shelf = _Kept.shelf
    page = shelf.pages.get(path)
    if page is None or door not in shelf.doors or not _is(shelf.state, state()):
        return None
    if holds(headers.get("if-none-match"), page.etag):
        return page.not_modified
    encoding = encoding_of(headers.get("accept-encoding", ""))
    return page.answer(encoding, head=method == "HEAD")


def keep_page(
    request: HttpRequest, response: HttpResponseBase, *, made_from: MadeFrom
) -> None:
    """Keep this answer if it is one for everybody.

    `made_from` is what `state` said before the page was made.
    """
    if not isinstance(response, HttpResponse) or not is_for_everybody(
        request, response
    ):
        return
    # Uploaded pictures would take the room of pages, and browsers ask for each once.
    if response.get("Content-Type", "").startswith("image/"):
        return
    # A page that was made while the state changed may be of either state.
    if not _is(made_from, state()):
        return
    # Read once: another thread may put up the shelf of a newer state at any moment.
    shelf = _Kept.shelf
    if not _is(shelf.state, made_from):
        shelf = _Kept.shelf = _Shelf(made_from)
    body = response.content
    if response.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    etag = response.get("ETag")
    if not etag or len(body) > MAX_PAGE_BYTES or len(shelf.pages) >= MAX_PAGES:
        return
    headers = [
        (name.lower(), value)
        for name, value in response.items()
        if name.lower() not in OF_A_VARIANT
    ]
    shelf.pages.setdefault(request.path_info, _Page(headers, body, etag))
    way_in = door_of(request)
    if makes_door(way_in, there=len(shelf.doors)):
        shelf.doors.add(way_in)


def is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a shared cache may give this answer to any visitor.

    It must say so itself, and nothing of the visitor may have gone into it: the request
    brought no cookie and no query, and the answer sets no cookie and varies by nothing
    but its encoding. The Content-Security-Policy of a page with a nonce differs each
    time.
    """
    policy = response.get("Content-Security-Policy", "")
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and not request.META.get("HTTP_COOKIE")
        and not request.META.get("HTTP_AUTHORIZATION")
        and response.status_code == 200
        and "public" in response.get("Cache-Control", "")
        and vary <= {"", "accept-encoding"}
        and not response.cookies
        and "nonce-" not in policy
    )


def drop_pages() -> None:
    _Kept.shelf = _Shelf(())


def door_of(request: HttpRequest) -> Door:
    meta = request.META
    return door(
        meta.get("wsgi.url_scheme", ""),
        meta.get("HTTP_X_FORWARDED_PROTO", ""),
        meta.get("HTTP_HOST", ""),
    )


def door(scheme: str, forwarded: str, host: str) -> Door:
    """`forwarded`: X-Forwarded-Proto. Django reads the first of several, too."""
    return scheme, forwarded.partition(",")[0].strip(), host


def makes_door(way_in: Door, *, there: int) -> bool:
    """Whether this way in is kept beside `there` others.

    Strangers can name any port and any protocol, and under a wildcard any host. The few
    ways in by the site's own host always have room.
    """
    _, forwarded, host = way_in
    own = settings.BASE_URL.partition("://")[2]
    ports = {"", split_domain_port(own)[1], str(settings.PORT)}
    return (
        forwarded in FORWARDED
        and split_domain_port(host)[1] in ports
        and (host == own or there < MAX_DOORS)
    )


def _is(one: MadeFrom, other: MadeFrom) -> bool:
    """Whether both hold the same objects; comparing their contents would take long."""
    return len(one) == len(other) and all(map(_is_same, one, other))


def _is_same(one: object, other: object) -> bool:
    return one is other


def encoding_of(accept: str) -> str:
    """br, gzip or nothing: the best of what an Accept-Encoding header takes."""
    return _encoding_of(accept) if len(accept) <= MAX_ACCEPTED else ""


@lru_cache(maxsize=256)
def _encoding_of(accept: str) -> str:
    taken = {
        name.strip()
        for name, _, weight in (
            part.partition(";") for part in accept.lower().split(",")
        )
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    }
    return next((name for name in ("br", "gzip") if name in taken), "")


def holds(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag; weak and strong are alike."""
    if not if_none_match or len(if_none_match) > MAX_TAGS:
        return False
    if if_none_match == etag:
        return True
    bare = etag.removeprefix("W/")
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (bare, "*") for tag in tags)
