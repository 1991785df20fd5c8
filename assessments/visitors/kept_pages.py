"""Pages that are rendered once and kept, with holes for what each request puts in.

A page is kept under the facts from which it was rendered. So only a request with the
same facts gets it, and who may see it is decided before, by a query, at each request.
Owner keys, tokens of forms and checked buttons are holes: no page keeps them.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from threading import Lock

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

from assessments.models import Result, ShareLink
from assessments.queries.grants import Hold
from assessments.web import CARDS
from content import published

MAX_KEPT = 120  # of one process; a page has 5,000 to 40,000 letters
# Stands around the name of a hole. No text of the site or of a visitor contains it.
_MARK = secrets.token_hex(8)
_HOLE = re.compile(rf"{_MARK}([\w-]+){_MARK}", re.ASCII)
# The templates' indentation is a third of a page.
_INDENTATION = re.compile(r"\n\s+")

Context = dict[str, object]
_TAKES_GZIP = re.compile(r"\bgzip\b")
# A page with more holes is small, and compressed whole.
MAX_PACKED_HOLES = 20
# In a section without an answer, token, time and signed time are filled, of 30 to 50
# holes.
MAX_FILLED_FOR_CLOSING = 3
MAX_STORED = 150  # bytes; deflating so few takes longer than sending them
MAX_RANDOM_BYTES = 100


def hole(name: str) -> SafeString:
    """What a template writes in the place of a value that comes later."""
    return SafeString(f"{_MARK}{name}{_MARK}")


class _Pieces:
    """A rendered page: text, a hole, text, a hole, …, text."""

    def __init__(self, texts: list[bytes], names: list[str]) -> None:
        self.texts, self.names = texts, names
        self._packed: list[bytes] | None = None
        self._closed: dict[frozenset[str], _Pieces] = {}

    def fill(self, values: Mapping[str, str]) -> bytes:
        filled = [b""] * (len(self.texts) + len(self.names))
        filled[::2] = self.texts
        filled[1::2] = [values.get(name, "").encode() for name in self.names]
        return b"".join(filled)

    def closed(self, values: Mapping[str, str]) -> _Pieces:
        """This page without the holes that stay empty, if hardly any is filled.

        So a section in which nothing is answered yet is compressed only once, too.
        With an answer, more holes are filled, so no kept page is made for answers.
        """
        filled = frozenset(name for name in self.names if values.get(name))
        if len(filled) > MAX_FILLED_FOR_CLOSING:
            return self
        if filled not in self._closed:
            texts, names = self.texts[:1], []
            for name, text in zip(self.names, self.texts[1:], strict=True):
                if name in filled:
                    names.append(name)
                    texts.append(text)
                else:
                    texts[-1] += text
            self._closed[filled] = _Pieces(texts, names)
        return self._closed[filled]

    def fill_gzip(self, values: Mapping[str, str]) -> bytes:
        """The filled page by gzip, whose texts are compressed once and not each time.

        What fills a hole is compressed apart from the texts, so that the length tells
        nothing of whether the two are alike (BREACH). Random bytes as in Django.
        """
        if self._packed is None:
            self._packed = [_deflate(text) for text in self.texts]
        packed = [b""] * (len(self.texts) + len(self.names))
        packed[::2] = self._packed
        packed[1::2] = [_pack(values.get(name, "")) for name in self.names]
        whole = self.fill(values)
        # RFC 1952: the header with a file name, which nobody reads; an empty last
        # block; the checksum and the length.
        name = secrets.token_hex(secrets.randbelow(MAX_RANDOM_BYTES // 2))
        return b"".join(
            [
                b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + name.encode() + b"\0",
                *packed,
                b"\x03\0",
                struct.pack("<II", zlib.crc32(whole), len(whole)),
            ]
        )


def _pieces(rendered: str) -> _Pieces:
    parts = _HOLE.split(rendered)
    return _Pieces([text.encode() for text in parts[::2]], parts[1::2])


def _pack(value: str) -> bytes:
    """What fills a hole, as deflate writes it."""
    filling = value.encode()
    if len(filling) > MAX_STORED:
        return _deflate_again(filling)
    # RFC 1951 section 3.2.4: a block that is not compressed.
    return struct.pack("<BHH", 0, len(filling), len(filling) ^ 0xFFFF) + filling


def _deflate(text: bytes) -> bytes:
    """Deflated, ending at a byte, and without a look at what stands before."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


# Cards with the key, which assessments/web.py keeps too, and as many.
_deflate_again = lru_cache(maxsize=CARDS)(_deflate)


class _Shelf:
    """The pages of one published state of the site, the last used one at the end."""

    def __init__(self, site: object = None) -> None:
        self.site = site
        self.pages: OrderedDict[Hashable, _Pieces] = OrderedDict()


class _Kept:
    shelf, lock = _Shelf(), Lock()


def forget_kept() -> None:
    _Kept.shelf = _Shelf()


def render_kept(
    request: HttpRequest,
    template: str,
    facts: Context,
    *,
    made: Callable[[], Context],
    of: Hashable = None,
    holes: Callable[[], Mapping[str, str]] = dict,
) -> HttpResponse:
    """Render a page of a visitor, or take the kept one and fill its holes.

    `made` gives the rest of the context, and is called only to render. It must be a
    function of `facts` and `of` alone. `holes` gives HTML; a hole without a value stays
    empty. The token of forms is a hole by itself.

    Facts that cannot be compared by value, such as grants to coaches, and messages
    make a page that is not kept.
    """
    try:
        key = template, request.path, of, _fact(facts)
    except TypeError:
        key = None
    # A page that was rendered while this changed may be of either state.
    site, messages = published.current(), len(get_messages(request))
    pieces = None if key is None or messages else _find(key, site)
    if pieces is None:
        context = {**facts, **made(), "csrf_token": hole("csrf_token")}
        text = render_to_string(template, context, request)
        pieces = _pieces(_INDENTATION.sub("\n", text))
        if not (key is None or messages or settings.DEBUG) and (
            site is published.current()
        ):
            _keep(key, site, pieces)
    values = dict(holes())
    if "csrf_token" in pieces.names:
        values["csrf_token"] = _token(request)
    takes_gzip = _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if takes_gzip and len(pieces.names) > MAX_PACKED_HOLES:
        pieces = pieces.closed(values)
    if not takes_gzip or len(pieces.names) > MAX_PACKED_HOLES:
        return HttpResponse(pieces.fill(values))
    response = HttpResponse(pieces.fill_gzip(values))
    response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def _token(request: HttpRequest) -> str:
    """The token of forms. Who has its cookie, for a year from the start, keeps that."""
    has_cookie = "CSRF_COOKIE" in request.META
    token = get_token(request)
    if has_cookie:
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    return token


def _fact(value: object) -> Hashable:
    """The value as part of a key. Raises TypeError for what may change unseen."""
    if value is None or isinstance(value, str | int | datetime | Hold):
        return value
    if isinstance(value, dict):
        return tuple((name, _fact(part)) for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_fact, value))
    if isinstance(value, Result | ShareLink):
        loaded = vars(value)
        return type(value), *(
            (field.attname, loaded[field.attname])
            for field in value._meta.concrete_fields
            if field.attname in loaded
        )
    raise TypeError(type(value))


def _find(key: Hashable, site: object) -> _Pieces | None:
    with _Kept.lock:
        shelf = _Kept.shelf
        if shelf.site is not site or key not in shelf.pages:
            return None
        shelf.pages.move_to_end(key)
        return shelf.pages[key]


def _keep(key: Hashable, site: object, pieces: _Pieces) -> None:
    with _Kept.lock:
        if _Kept.shelf.site is not site:
            _Kept.shelf = _Shelf(site)
        pages = _Kept.shelf.pages
        pages[key] = pieces
        if len(pages) > MAX_KEPT:
            pages.popitem(last=False)
