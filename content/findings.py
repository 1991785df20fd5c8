"""What blocks the publishing of a page, in sentences for the editor."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import Resolver404, resolve
from django.utils.text import capfirst

from . import queries
from .document import Document, FrozenBlock, Prose, Strengths
from .models import Block, Page
from .models.pages import taken_address

PAGE_VIEW = "content:page"
# The tag of subheadings in rich text.
SUB_HEADING = "h3"
# Anchors of every page, from base.html.
FIXED_ANCHORS = frozenset(("main", "contents"))
# Anchors of every public page, by its slug.
Anchors = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class PageFinding:
    # A sentence without its final period.
    text: str
    # The draft block with the fault; None for the page itself.
    block: Block | None = None
    # The field of the page or block, if the fault is in one field.
    field: str = ""

    @property
    def sentence(self) -> str:
        return f"{capfirst(str(self))}."

    def __str__(self) -> str:
        return f"in “{self.block}”, {self.text}" if self.block else self.text


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses.append(dict(attrs).get("href") or "")


class _SubHeadings(HTMLParser):
    """Subheadings of rich text, each with whether there is text below it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._within = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == SUB_HEADING:
            self._within = True
            self.found.append(("", False))

    def handle_endtag(self, tag: str) -> None:
        if tag == SUB_HEADING:
            self._within = False

    def handle_data(self, data: str) -> None:
        if self.found and data.strip():
            words, has_text = self.found[-1]
            self.found[-1] = (words + data, False) if self._within else (words, True)


def _sub_heading_findings(text: str) -> Iterator[str]:
    for words, has_text in _SubHeadings(text).found:
        if not words:
            yield "a subheading is empty. Add text or remove it"
        elif not has_text:
            yield (
                f"the subheading “{words}” has no text below it. Add some, or turn it "
                "into a paragraph"
            )


def _is_ours(parts: SplitResult) -> bool:
    """Whether it is an address of this site, absolute or not."""
    if not parts.netloc:
        return not parts.scheme
    host = (
        parts.netloc.rpartition("@")[2].lower().removesuffix(":443").removesuffix(":80")
    )
    return (
        parts.scheme in ("", "http", "https")
        and host == urlsplit(settings.BASE_URL).netloc.lower()
    )


def _page_of(link: str, document: Document) -> str | None:
    """The slug of the page to which a link in this page leads; None if to no page.

    Raises Resolver404 for an address of this site that does not exist.
    """
    parts = urlsplit(link)
    if not _is_ours(parts):
        return None
    if not parts.path and not parts.netloc:
        return document.slug
    match = resolve(parts.path or "/")
    return str(match.kwargs["slug"]) if match.view_name == PAGE_VIEW else None


def _links_to(document: Document, slugs: Container[str]) -> Iterator[SplitResult]:
    """The links in the text of a page that lead to the page of these slugs."""
    links = (
        urlsplit(link)
        for block in document.blocks
        if isinstance(block, Prose)
        for link in _Links(block.text).addresses
    )
    return (link for link in links if _is_ours(link) and link.path.strip("/") in slugs)


def leads_to(document: Document, slugs: Container[str]) -> bool:
    """Whether the text of a page links to the page of these slugs, old or new."""
    return any(_links_to(document, slugs))


def linking_pages(page: Page) -> dict[int, Document]:
    """The other public pages whose text links to this one, by their keys."""
    shown, public = queries.shown_documents()
    if page.pk not in shown:
        return {}
    slugs = {shown[page.pk].slug}
    slugs |= {slug for slug, pk in queries.old_addresses().items() if pk == page.pk}
    return {
        pk: shown[pk] for pk in public if pk != page.pk and leads_to(shown[pk], slugs)
    }


def _link_finding(link: str, document: Document, anchors: Anchors) -> str:
    """What is wrong with a link in this page; "" if nothing is."""
    parts = urlsplit(link)
    if not link:
        return "a link has no address, or a kind of address that isn’t allowed"
    if (
        not (parts.scheme or parts.netloc)
        and parts.path
        and not parts.path.startswith("/")
    ):
        return (
            f"the link “{link}” has to start with https:// or with a slash, like "
            "/skills/"
        )
    try:
        slug = _page_of(link, document)
    except Resolver404:
        return f"the link “{link}” goes to a page that doesn’t exist"
    if slug is None and not (_is_ours(parts) and parts.path in ("", "/")):
        return ""
    if slug is not None and slug not in anchors:
        return f"the link “{link}” goes to a page that isn’t published"
    if (
        parts.fragment
        and parts.fragment not in anchors.get(slug or "", frozenset()) | FIXED_ANCHORS
    ):
        return f"the link “{link}” goes to a place that isn’t on that page"
    return ""


def _block_findings(
    block: FrozenBlock, document: Document, anchors: Anchors, seen: frozenset[str]
) -> Iterator[str]:
    """What is wrong in one block; `seen` are the strengths that stand further up."""
    if isinstance(block, Prose):
        yield from filter(
            None,
            (
                _link_finding(link, document, anchors)
                for link in _Links(block.text).addresses
            ),
        )
        yield from _sub_heading_findings(block.text)
    elif isinstance(block, Strengths):
        if not block.strengths:
            yield "there are no strengths to list"
        if seen & set(block.strengths):
            yield "some strengths are already listed higher up"


def _refusals(row: Page | Block, clean: Callable[[Any], None]) -> Iterator[PageFinding]:
    """What the fields refuse: missing text, unreadable lines, an address in use."""
    try:
        clean(row)
    except ValidationError as refused:
        for name, errors in refused.error_dict.items():
            concerns_the_row = name == NON_FIELD_ERRORS
            words = (
                ""
                if concerns_the_row
                else f"{getattr(row._meta.get_field(name), 'verbose_name', name)}: "
            )
            messages = (
                "still empty" if error.code in ("blank", "null") else message
                for error in errors
                for message in error.messages
            )
            for message in messages:
                yield PageFinding(
                    words + message.removesuffix("."),
                    None if isinstance(row, Page) else row,
                    "" if concerns_the_row else name,
                )


def of_rows(page: Page, rows: Sequence[Block]) -> list[PageFinding]:
    """What the fields of a stored draft refuse, without a query.

    The database takes care of the rest, such as rows that must exist; `of_address`
    checks the address. `rows` come from queries.draft_blocks. If there is any such
    finding, it may be impossible to read the draft as a document.
    """
    return [
        *_refusals(page, lambda page: page.clean_fields()),
        *(finding for row in rows for finding in _refusals(row, _clean_block)),
    ]


def _clean_block(row: Block) -> None:
    links = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.full_clean(exclude=links, validate_unique=False, validate_constraints=False)


def of_address(
    page: Page, shown: Mapping[int, Document], old: Mapping[str, int]
) -> list[PageFinding]:
    """Refuse an address that another page has or had in public.

    `shown`, `old`: see moved_after.
    """
    now = {document.slug: pk for pk, document in shown.items()}
    holder = {**old, **now}.get(page.slug, page.pk)
    if holder == page.pk:
        return []
    refusal = taken_address(page.slug, shown[holder].title)
    return [PageFinding(f"address: {refusal.removesuffix('.')}", None, "slug")]


def of_document(
    document: Document, rows: Sequence[Block], anchors: Anchors
) -> list[PageFinding]:
    """What is wrong in a readable draft.

    It may have no blocks, broken links, or empty or repeated lists of strengths.
    """
    findings = [] if rows else [PageFinding("it has no blocks")]
    seen: frozenset[str] = frozenset()
    for row, block in zip(rows, document.blocks, strict=True):
        findings += [
            PageFinding(text, row)
            for text in _block_findings(block, document, anchors, seen)
        ]
        seen |= (
            frozenset(block.strengths) if isinstance(block, Strengths) else frozenset()
        )
    return findings


def of_links_here(
    document: Document, others: Iterable[Document], moved: Mapping[str, str]
) -> list[PageFinding]:
    """Links of other public pages to places that this page would no longer have."""
    slugs = {document.slug, *(old for old in moved if moved[old] == document.slug)}
    anchors = frozenset(document.strengths) | FIXED_ANCHORS
    lost = [
        (other, link.fragment)
        for other in others
        for link in _links_to(other, slugs)
        if link.fragment and link.fragment not in anchors
    ]
    return [
        PageFinding(
            f"“{other.title}” links to “#{place}” on this page, which is no longer "
            "here. Fix that link first"
        )
        for other, place in dict.fromkeys(lost)
    ]


def anchors_of(documents: Iterable[Document], moved: Mapping[str, str]) -> Anchors:
    """`moved`: see moved_after."""
    anchors = {document.slug: frozenset(document.strengths) for document in documents}
    old = {slug: anchors[now] for slug, now in moved.items() if now in anchors}
    return old | anchors


def moved_after(
    old: Mapping[str, int],
    shown: Mapping[int, Document],
    drafts: Mapping[int, Document],
) -> dict[str, str]:
    """Slugs that lead to another one once these drafts are published.

    `old`: pages by a slug before; `shown`: what visitors last saw; all by the keys of
    pages.
    """
    slugs = {page: document.slug for page, document in {**shown, **drafts}.items()}
    before = {document.slug: page for page, document in shown.items()}
    return {
        slug: slugs[page]
        for slug, page in {**old, **before}.items()
        if slug != slugs[page]
    }
