"""Drafts of pages: which of them wait, what blocks publishing, what would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery

from . import findings, queries
from .difference import PageDifference, difference
from .document import Document, to_json
from .findings import PageFinding
from .models import Block, Page, PageVersion


@dataclass(frozen=True)
class PageReview:
    page: Page
    # What visitors see.
    current: PageVersion | None
    findings: list[PageFinding]
    # None while a field of the draft cannot be read.
    document: Document | None
    # From `current` to the draft; None where `document` is.
    difference: PageDifference | None

    @property
    def waits(self) -> bool:
        """Whether publishing would change anything for visitors."""
        return self.difference is not None and (
            self.current is None or bool(self.difference)
        )


def waiting_pages() -> list[Page]:
    """Pages whose draft is not what visitors see, or that were never published.

    A page that was taken offline does not wait.
    """
    newest = PageVersion.objects.filter(page=OuterRef("pk")).order_by("-number")
    pages: Any = Page.objects.annotate(shown=Subquery(newest.values("content")[:1]))
    drafts: dict[Any, list[Block]] = queries.draft_blocks(pages)
    return [
        page
        for page, rows in drafts.items()
        if page.shown != "" and _differs(page, rows)
    ]


def _differs(page: Any, rows: list[Block]) -> bool:
    try:
        return bool(page.shown != to_json(queries.frozen(page, rows)))
    except ValidationError:
        # Lines that cannot be read cannot have been published.
        return True


def review_pages(pages: Iterable[Page]) -> list[PageReview]:
    """A review of each draft, as if all of them were published together, in order."""
    drafts = [(page, queries.blocks(page)) for page in pages]
    of_rows = [findings.of_rows(page, rows) for page, rows in drafts]
    documents = [
        None if refused else queries.frozen(page, rows)
        for (page, rows), refused in zip(drafts, of_rows, strict=True)
    ]
    current = {version.page_id: version for version in queries.current_versions()}
    public = [version.document() for version in current.values()]
    drafted = [document for document in documents if document]
    slugs = {document.slug for document in drafted}
    together = [
        *(document for document in public if document.slug not in slugs),
        *drafted,
    ]
    anchors = findings.anchors_of(together)
    names = queries.strength_names()
    reviews = []
    for (page, rows), refused, document in zip(drafts, of_rows, documents, strict=True):
        live = current.get(page.pk)
        if document is None:
            reviews.append(PageReview(page, live, refused, None, None))
            continue
        changed = difference(live.document() if live else None, document, names)
        of_links = findings.of_links_here(
            document, (other for other in together if other is not document)
        )
        reviews.append(
            PageReview(
                page,
                live,
                [*findings.of_document(document, rows, anchors), *of_links],
                document,
                changed,
            )
        )
    return reviews
