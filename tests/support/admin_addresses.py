"""Every address of the admin, read from the map of the site.

So a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

WORDS = {"slug": "skills", "form": "full", "table": "questions", "app_label": "auth"}
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


def admin_paths() -> list[str]:
    """All of them, each for the first row of its model, or for number 1."""
    models = {
        f"{model._meta.app_label}_{model._meta.model_name}_": model
        for model in admin.site._registry
    }
    paths = []
    for name, parts in admin_names().items():
        own = [model for start, model in models.items() if name.startswith(start)]
        rows = own[0]._default_manager.order_by("pk") if own else None
        row = rows.values_list("pk", flat=True).first() if rows is not None else None
        known = dict.fromkeys(("pk", "id", "object_id"), row) | WORDS
        values = {part: known.get(part) or 1 for part in parts}
        paths.append(reverse(f"admin:{name}", kwargs=values))
    return paths


def _patterns(
    patterns: list[URLPattern | URLResolver],
) -> Iterator[tuple[str, set[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name, set(pattern.pattern.regex.groupindex)
