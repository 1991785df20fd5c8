"""Pages, their blocks and their states, roles and strengths: what is read of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from content_editor.contents import contents_for_item, contents_for_items
from django.db.models import OuterRef, Q, QuerySet, Subquery

from .document import Document, PlacedPicture, Strengths
from .models import (
    BLOCKS,
    Block,
    FormerWords,
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
    newest = (
        PageVersion.objects.filter(page=OuterRef("page"))
        .order_by("-number")
        .values("pk")[:1]
    )
    return PageVersion.objects.filter(pk=Subquery(newest)).order_by("page")


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
