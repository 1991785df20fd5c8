"""Pages, their blocks and their states, roles and strengths: what is read of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, count
from typing import Any

from content_editor.contents import contents_for_item, contents_for_items
from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.text import slugify

from .addresses import reserved_segments
from .document import Document, PlacedPicture, Strengths, fingerprint
from .models import (
    BLOCKS,
    Block,
    FormerWords,
    OldAddress,
    Page,
    PageVersion,
    PictureBlock,
    Rendition,
    Role,
    SavedDraft,
    Strength,
    StrengthsBlock,
    UploadedPicture,
    Wording,
    WordsVersion,
)
from .models.words import live_state


def former_words(row: Wording) -> QuerySet[FormerWords]:
    """What each save of this row has changed, newest first."""
    return FormerWords.objects.filter(kind=row.model_name(), row=row.pk).select_related(
        "changed_by"
    )


def newest_versions() -> QuerySet[PageVersion]:
    """The newest state of every page that was ever published, taken offline or not."""
    return _newest_of(PageVersion.objects.all())


def last_shown() -> QuerySet[PageVersion]:
    """What visitors see of every page, and of one that is offline, what they last saw.

    Each has `withdrawn`: whether the page is offline.
    """
    later = PageVersion.objects.filter(
        page=OuterRef("page"), number__gt=OuterRef("number")
    )
    shown = _newest_of(PageVersion.objects.exclude(content=""))
    return shown.annotate(withdrawn=Exists(later))


def shown_documents() -> tuple[dict[int, Document], set[int]]:
    """What visitors last saw of each page by its key, and the keys of public pages."""
    versions: Any = list(last_shown())
    return (
        {version.page_id: version.document() for version in versions},
        {version.page_id for version in versions if not version.withdrawn},
    )


def _newest_of(versions: QuerySet[PageVersion]) -> QuerySet[PageVersion]:
    newest = versions.filter(page=OuterRef("page")).order_by("-number").values("pk")[:1]
    return PageVersion.objects.filter(pk=Subquery(newest)).order_by("page")


def last_position() -> int:
    """The position of the last page; 0 without one."""
    return Page.objects.aggregate(last=Max("position"))["last"] or 0


def free_slug(title: str) -> str:
    """An address for a new page of that title which no page has or had."""
    shown, _ = shown_documents()
    taken = {
        *reserved_segments(),
        *Page.objects.values_list("slug", flat=True),
        *old_addresses(),
        *(document.slug for document in shown.values()),
    }
    # With room for a number.
    slug = slugify(title)[:50].strip("-_") or "page"
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(slug for slug in numbered if slug not in taken)


def old_addresses() -> dict[str, int]:
    """Slugs that pages had in public before, each with the key of its page."""
    return dict(OldAddress.objects.values_list("slug", "page"))


def current_versions() -> QuerySet[PageVersion]:
    """The newest state of every page that visitors can see."""
    return newest_versions().exclude(content="")


def current_version(page: Page) -> PageVersion | None:
    """What visitors see of this page; None where it is not public."""
    return current_versions().filter(page=page).first()


def strength_names() -> dict[str, str]:
    """The names of all strengths as visitors read them today, by slug."""
    strengths = live_state()[Strength.model_name()]
    return {slug: strength["name"] for slug, strength in strengths.items()}


def blocks(page: Page) -> list[Block]:
    """The draft blocks of a page, in order."""
    return list(contents_for_item(page, list(BLOCKS.values())))


def draft_blocks(pages: Iterable[Page]) -> dict[Page, list[Block]]:
    """The draft blocks of many pages, in order.

    The number of queries depends on how many kinds of blocks there are, and not on how
    many pages and blocks: freezing the blocks needs no query of its own.
    """
    contents = contents_for_items(list(pages), list(BLOCKS.values()))
    words = live_state()
    roles, pictures = Role.objects.in_bulk(), UploadedPicture.objects.in_bulk()
    for row in chain.from_iterable(contents.values()):
        if isinstance(row, StrengthsBlock):
            row.role = roles[row.role_id] if row.role_id else None
            row.words = words
        elif isinstance(row, PictureBlock):
            row.picture = pictures[row.picture_id]
    return {page: list(rows) for page, rows in contents.items()}


def frozen(page: Page, rows: Iterable[Block]) -> Document:
    """The page with these blocks, as publishing would freeze it now.

    Raises ValidationError for lines that cannot be read.
    """
    parts = tuple(block.freeze() for block in rows)
    return Document(
        page.slug,
        page.title,
        page.nav_title,
        page.description,
        page.lead,
        page.position,
        page.in_navigation,
        parts,
    )


def draft(page: Page) -> Document:
    """The page as publishing would freeze it now. Raises ValidationError, as frozen."""
    return frozen(page, blocks(page))


def draft_fingerprint(page: Page) -> str:
    """The fingerprint of the draft; empty while it has lines that cannot be read."""
    try:
        return fingerprint([draft(page)])
    except ValidationError:
        return ""


def as_draft(document: Document) -> Document:
    """A published state as draft rows can keep it: they list the strengths of today."""
    blocks = (
        BLOCKS[block.kind].thaw(block).freeze()
        if isinstance(block, Strengths)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def rendition(sha256: str, width: int) -> bytes | None:
    """The WebP of a picture in one width; None where there is none."""
    data: bytes | memoryview | None = (
        Rendition.objects.filter(picture__sha256=sha256, width=width)
        .values_list("data", flat=True)
        .first()
    )
    # PostgreSQL gives a view of its memory.
    return None if data is None else bytes(data)


def pictures_in_use() -> frozenset[str]:
    """SHA-256 of the pictures on any draft, saved draft or state of a page."""
    drafted = PictureBlock.objects.values_list("picture__sha256", flat=True)
    with_pictures = {"content__contains": f'"kind":"{PlacedPicture.kind}"'}
    frozen: chain[PageVersion | SavedDraft] = chain(
        PageVersion.objects.filter(**with_pictures).iterator(),
        SavedDraft.objects.filter(**with_pictures).iterator(),
    )
    published = (
        block.sha256
        for state in frozen
        for block in state.document().blocks
        if isinstance(block, PlacedPicture)
    )
    return frozenset(chain(drafted, published))


def is_published(strength: Strength) -> bool:
    """Whether this strength was ever published, with the words or with a page."""
    content = Q(content__contains=f'"{strength.slug}"')
    return any(
        model.objects.filter(content).exists() for model in (WordsVersion, PageVersion)
    )
