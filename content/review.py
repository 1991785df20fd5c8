"""Drafts as publishing would find them now: what stands in the way, and what would change for visitors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import findings, queries
from .difference import Difference, difference
from .document import Document
from .findings import Finding
from .models import Page, PageVersion


@dataclass(frozen=True)
class Review:
    page: Page
    current: PageVersion | None  # what visitors see
    findings: list[Finding]
    document: Document | None  # None while a field of the draft cannot be read
    difference: Difference | None  # from `current` to the draft; None as `document` is

    @property
    def waits(self) -> bool:
        """Whether publishing would change anything for visitors."""
        return self.difference is not None and (
            self.current is None or bool(self.difference)
        )


def review(pages: Iterable[Page]) -> list[Review]:
    """Each of these drafts as if all of them were published together, in the order given."""
    drafts = [(page, queries.blocks(page)) for page in pages]
    of_rows = [findings.of_rows(page, rows) for page, rows in drafts]
    documents = [
        None if found else queries.frozen(page, rows)
        for (page, rows), found in zip(drafts, of_rows, strict=True)
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
    for (page, rows), found, document in zip(drafts, of_rows, documents, strict=True):
        live = current.get(page.pk)
        if document is None:
            reviews.append(Review(page, live, found, None, None))
            continue
        changed = difference(live.document() if live else None, document, names)
        of_links = findings.of_links_here(
            document, (other for other in together if other is not document)
        )
        reviews.append(
            Review(
                page,
                live,
                [*findings.of_document(document, rows, anchors), *of_links],
                document,
                changed,
            )
        )
    return reviews
