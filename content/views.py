"""The public pages.

None of them reads or sets a session, a cookie or a token, so every cache may keep them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import published, queries
from .addresses import absolute_url
from .published import Chapter, Site, for_everybody


def page_context(state: Site, chapter: Chapter) -> dict[str, Any]:
    """The context of a page's template, for visitors and for the admin's preview."""
    before, after = state.neighbors(chapter)
    return {
        "state": state,
        "chapters": state.chapters,
        "chapter": chapter,
        "page": chapter.document,
        "before": before,
        "after": after,
        "canonical": absolute_url(chapter.url),
        "base_url": settings.BASE_URL,
    }


def landing_context() -> dict[str, Any]:
    return {"canonical": absolute_url("/"), "base_url": settings.BASE_URL}


@require_safe
@for_everybody
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "content/landing.html", landing_context())


@require_safe
@for_everybody
def page(request: HttpRequest, slug: str) -> HttpResponse:
    state = published.current()
    chapter = state.chapter(slug)
    if chapter is None and slug in state.moved:
        return HttpResponsePermanentRedirect(f"/{state.moved[slug]}/")
    if chapter is None and slug in state.offline:
        return render(request, "content/offline.html", status=410)
    if chapter is None:
        raise Http404
    return render(request, "content/page.html", page_context(state, chapter))


@require_safe
@cache_control(public=True, max_age=365 * 24 * 60 * 60, immutable=True)
def picture(request: HttpRequest, sha256: str, width: str) -> HttpResponse:
    """A picture in one width. Its address names its bytes, so it never changes."""
    data = queries.rendition(sha256, int(width))
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/webp")


@require_safe
@for_everybody
def robots(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "robots.txt",
        {"base_url": settings.BASE_URL},
        content_type="text/plain; charset=utf-8",
    )
