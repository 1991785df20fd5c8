"""Drafts of pages: which of them wait, what blocks publishing, what would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from . import findings, queries
from .difference import PageDifference, difference
from .document import Document
from .findings import PageFinding
from .models import Block, Page, PageVersion, ReviewRequest


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


class DraftState(TextChoices):
    """How the draft of a page stands to what visitors see."""

    SAME = "live", "Live"
    DIFFERS = "differs", "Unpublished changes"
    NEW = "new", "Not published yet"
    OFFLINE = "offline", "Offline"


WAITING = (DraftState.DIFFERS, DraftState.NEW)


@dataclass(frozen=True)
class PageStatus:
    page: Page
    state: DraftState
    # What visitors see or last saw; None for a page that was never published.
    shown: Document | None
    # What stands in the way of publishing this page alone, if it waits for that.
    findings: list[PageFinding]
    request: ReviewRequest | None

    @property
    def waits(self) -> bool:
        """Whether there is something to publish, in a page that is not offline."""
        return self.state in WAITING


def page_statuses() -> list[PageStatus]:
    """Every page, in order. Costs the same number of queries however many there are."""
    pages: Any = Page.objects.select_related("review_request__asked_by")
    shown, public = queries.shown_documents()
    old = queries.old_addresses()
    return [
        _status(page, rows, shown, public, old)
        for page, rows in queries.draft_blocks(pages).items()
    ]


def _status(
    page: Any,
    rows: list[Block],
    shown: dict[int, Document],
    public: set[int],
    old: dict[str, int],
) -> PageStatus:
    found = [*findings.of_rows(page, rows), *findings.of_address(page, shown, old)]
    try:
        draft = queries.frozen(page, rows)
    except ValidationError:
        # Lines that cannot be read cannot have been published.
        draft = None
    last = shown.get(page.pk)
    if last is None:
        state = DraftState.NEW
    elif page.pk not in public:
        state = DraftState.OFFLINE
    else:
        state = DraftState.SAME if draft == last else DraftState.DIFFERS
    if draft and not found and state in WAITING:
        others = [shown[pk] for pk in shown if pk in public and pk != page.pk]
        moved = findings.moved_after(old, shown, {page.pk: draft})
        anchors = findings.anchors_of([*others, draft], moved)
        found = [
            *findings.of_document(draft, rows, anchors),
            *findings.of_links_here(draft, others, moved),
        ]
    request = getattr(page, "review_request", None)
    return PageStatus(page, state, last, found, request)


@dataclass(frozen=True)
class _Draft:
    page: Page
    rows: list[Block]
    # What its fields and its address refuse.
    refused: list[PageFinding]
    # None while anything is refused.
    document: Document | None


@dataclass(frozen=True)
class _Site:
    """What drafts are compared with."""

    # What visitors last saw of each page, by its key.
    shown: dict[int, Document]
    # What visitors see, by the key of the page.
    current: dict[int, PageVersion]
    # Keys of pages, by old address.
    old: dict[str, int]
    # Names of strengths, by slug.
    names: dict[str, str]


def review_batch(
    pages: Iterable[Page],
) -> tuple[list[PageReview], list[PageReview]]:
    """The drafts that can be published together, and those that cannot.

    A page may link to a new one of the same batch. If that one cannot be published,
    neither can this. The number of queries does not depend on how many pages there are.
    """
    site = _read_site()
    together = _read_drafts(pages, site)
    refused: list[PageReview] = []
    while True:
        reviews = _reviews(together, site)
        blocked = {review.page.pk for review in reviews if review.findings}
        if not blocked:
            return reviews, refused
        refused += [review for review in reviews if review.findings]
        together = [draft for draft in together if draft.page.pk not in blocked]


def review_pages(pages: Iterable[Page]) -> list[PageReview]:
    """A review of each draft, as if all of them were published together, in order."""
    site = _read_site()
    return _reviews(_read_drafts(pages, site), site)


def _read_site() -> _Site:
    versions: Any = list(queries.last_shown())
    return _Site(
        {version.page_id: version.document() for version in versions},
        {version.page_id: version for version in versions if not version.withdrawn},
        queries.old_addresses(),
        queries.strength_names(),
    )


def _read_drafts(pages: Iterable[Page], site: _Site) -> list[_Draft]:
    drafts = []
    for page, rows in queries.draft_blocks(pages).items():
        refused = [
            *findings.of_rows(page, rows),
            *findings.of_address(page, site.shown, site.old),
        ]
        document = None if refused else queries.frozen(page, rows)
        drafts.append(_Draft(page, rows, refused, document))
    return drafts


def _reviews(drafts: list[_Draft], site: _Site) -> list[PageReview]:
    drafted = {draft.page.pk: draft.document for draft in drafts if draft.document}
    together = [
        *(site.shown[page] for page in site.current if page not in drafted),
        *drafted.values(),
    ]
    moved = findings.moved_after(site.old, site.shown, drafted)
    anchors = findings.anchors_of(together, moved)
    reviews = []
    for draft in drafts:
        page, document = draft.page, draft.document
        live = site.current.get(page.pk)
        if document is None:
            reviews.append(PageReview(page, live, draft.refused, None, None))
            continue
        shown = site.shown[page.pk] if live else None
        of_links = findings.of_links_here(
            document, [other for other in together if other is not document], moved
        )
        reviews.append(
            PageReview(
                page,
                live,
                [*findings.of_document(document, draft.rows, anchors), *of_links],
                document,
                difference(shown, document, site.names),
            )
        )
    return reviews
