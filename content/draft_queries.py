"""Which pages wait to be published: three queries, however many pages and blocks there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from . import document, queries
from .models import BLOCKS, Block, Page, PageVersion, Strength, StrengthsBlock


def waiting() -> list[Page]:
    """Pages whose draft is not what visitors see, or that were never published. One taken offline waits for nothing."""
    newest = (
        PageVersion.objects.filter(page=OuterRef("pk"))
        .order_by("-number")
        .values("content")[:1]
    )
    pages = Page.objects.annotate(shown=Subquery(newest))
    blocks, lists = _blocks(), _Lists()
    return [
        page
        for page in pages
        if page.shown != ""
        and _differs(page, [lists.beside(row) for row in blocks[page.pk]])
    ]


def _differs(page: Any, rows: list[Any]) -> bool:
    try:
        return bool(page.shown != document.to_json(queries.frozen(page, rows)))
    except ValidationError:
        return True  # lines that cannot be read cannot have been published


def _blocks() -> dict[int, list[Block]]:
    """The draft blocks of every page, in order: one query, where reading each kind of block takes one for each."""
    kinds = [
        model.objects.order_by().values_list(
            Value(kind), JSONObject(**{name: name for name in _columns(model)})
        )
        for kind, model in BLOCKS.items()
    ]
    rows = [
        _row(BLOCKS[kind], values)
        for kind, values in kinds[0].union(*kinds[1:], all=True)
    ]
    by_page: defaultdict[int, list[Block]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.ordering):
        by_page[row.parent_id].append(row)
    return by_page


def _columns(model: type[Block]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row(model: type[Block], values: dict[str, Any]) -> Block:
    # SQLite's JSON knows no booleans.
    return model(
        **{
            name: model._meta.get_field(name).to_python(value)
            for name, value in values.items()
        }
    )


@dataclass(frozen=True)
class _ListedStrengths:
    """What StrengthsBlock.freeze gives, without a query of its own."""

    row: Any
    role: str
    slugs: tuple[str, ...]

    def freeze(self) -> document.Strengths:
        return document.Strengths(
            self.row.heading, self.row.intro, self.row.kind, self.role, self.slugs
        )


class _Lists:
    """The strengths of every list, in order."""

    def __init__(self) -> None:
        self.slugs: defaultdict[tuple[str, int | None], list[str]] = defaultdict(list)
        self.roles: dict[int | None, str] = {None: ""}
        for row in Strength.objects.select_related("role").order_by("position", "pk"):
            self.roles[row.role_id] = row.role.slug if row.role else ""
            if not row.retired:
                self.slugs[row.kind, row.role_id].append(row.slug)

    def beside(self, row: Block) -> Any:
        if not isinstance(row, StrengthsBlock):
            return row
        # A role without a strength has no list that could have been published.
        return _ListedStrengths(
            row,
            self.roles.get(row.role_id, ""),
            tuple(self.slugs[row.kind, row.role_id]),
        )
