"""Addresses of the site: absolute ones, and which first segments pages may not take.

A page stands at the root of the site, so it must not hide any other address.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver


def absolute_url(path: str) -> str:
    """The address of a path under BASE_URL, whatever host the request named."""
    return settings.BASE_URL + path


def _routes(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and "/" not in route:
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def reserved_segments() -> frozenset[str]:
    """First path segments of the site's addresses that are no page's own."""
    segments = {
        route.lstrip("^").split("/")[0]
        for route in _routes(get_resolver().url_patterns)
    }
    segments |= {
        urlsplit(address).path.strip("/").split("/")[0]
        for address in (settings.STATIC_URL or "", settings.MEDIA_URL or "")
    }
    return frozenset(segment for segment in segments if segment and "<" not in segment)


def validate_free(slug: str) -> None:
    if slug in reserved_segments():
        raise ValidationError(
            f"Other addresses of this site start with “{slug}”. Choose a different one."
        )
