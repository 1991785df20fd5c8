"""Pages that are rendered once and kept, with holes for what each request puts in.

A page is kept under the facts from which it was rendered. So only a request with the
same facts gets it, and who may see it is decided before, by a query, at each request.
Owner keys, tokens of forms and checked buttons are holes: no page keeps them.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assessments.models import Result, ShareLink
from assessments.queries.grants import Hold
from content import published

MAX_PAGES = 120  # of one process; a page has 5,000 to 40,000 letters
# Stands around the name of a hole. No text of the site or of a visitor contains it.
_MARK = secrets.token_hex(8)
_HOLE = re.compile(rf"{_MARK}([\w-]+){_MARK}", re.ASCII)
# The templates' indentation is a third of a page.
_INDENTATION = re.compile(r"\n\s+")

Context = dict[str, object]
# Text, the name of a hole, text, the name of a hole, …, text.
_Pieces = list[str]


def hole(name: str) -> SafeString:
    """What a template writes in the place of a value that comes later."""
    return SafeString(f"{_MARK}{name}{_MARK}")


class _Shelf:
    """The pages of one published state of the site, the last used one at the end."""

    def __init__(self, site: object = None) -> None:
        self.site = site
        self.pages: OrderedDict[Hashable, _Pieces] = OrderedDict()


class _Kept:
    shelf, lock = _Shelf(), Lock()


def forget() -> None:
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
        pieces = _HOLE.split(_INDENTATION.sub("\n", text))
        if not (key is None or messages or settings.DEBUG) and (
            site is published.current()
        ):
            _keep(key, site, pieces)
    values = dict(holes())
    if "csrf_token" in pieces[1::2]:
        values["csrf_token"] = get_token(request)
    filled = list(pieces)
    filled[1::2] = [values.get(name, "") for name in pieces[1::2]]
    return HttpResponse("".join(filled))


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
        if len(pages) > MAX_PAGES:
            pages.popitem(last=False)
