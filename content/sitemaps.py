"""The addresses for search engines, under BASE_URL whatever the Host header says."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from . import published


class PublicPages(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        return [
            "/",
            *(chapter.url for chapter in published.current().chapters),
            "/quiz/",
            "/method/",
            "/privacy/",
            "/accessibility/",
        ]

    def location(self, item: str) -> str:
        return item

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.BASE_URL).netloc
