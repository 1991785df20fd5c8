"""Every address of the admin, read from the map of the site.

So a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

# The pages that every model of the admin may have.
OF_EVERY_MODEL = ("changelist", "add", "history", "delete", "change")


def admin_names() -> dict[str, set[str]]:
    """The names of the admin's addresses, with the parts that vary in each.

    Without the one that signs out, which would end a test.
    """
    [resolver] = (
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.app_name == "admin"
    )
    names = dict(_patterns(resolver.url_patterns))
    del names["logout"]
    return names


def names_of_models() -> set[str]:
    """The names of the addresses that every model of the admin may have."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in OF_EVERY_MODEL
    }


def _patterns(
    patterns: list[URLPattern | URLResolver],
) -> Iterator[tuple[str, set[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name, set(pattern.pattern.converters)
