"""Every read of more than one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from content_editor.contents import contents_for_item
from django.db.models import OuterRef, QuerySet, Subquery

from .document import Document, Strengths
from .models import BLOCKS, Block, Page, PageVersion, Role, SiteWords, Strength


def site_words() -> SiteWords | None:
    return SiteWords.objects.first()


def roles() -> QuerySet[Role]:
    """Both roles, project first."""
    return Role.objects.select_related("page")


def strengths() -> QuerySet[Strength]:
    """All strengths, retired ones too: published pages and results may still name them."""
    return Strength.objects.select_related("role")


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
    """What visitors see of this page; None where it was never published or was taken offline."""
    return current_versions().filter(page=page).first()


def strength_names() -> dict[str, str]:
    """By slug, as visitors read them today."""
    return dict(Strength.objects.values_list("slug", "name"))


def blocks(page: Page) -> list[Block]:
    """The draft blocks of a page, in order."""
    return list(contents_for_item(page, list(BLOCKS.values())))


def frozen(page: Page, rows: Iterable[Block]) -> Document:
    """The page with these blocks as publishing would freeze it now. Raises ValidationError for lines that cannot be read."""
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
    """The page as publishing would freeze it now. Raises ValidationError as `frozen` does."""
    return frozen(page, blocks(page))


def as_draft(document: Document) -> Document:
    """A published state as the draft rows can hold it: its lists of strengths are those of today."""
    blocks = (
        BLOCKS[block.kind].thaw(block).freeze()
        if isinstance(block, Strengths)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def is_listed(strength: Strength) -> bool:
    """Whether any published state of a page names this strength."""
    return PageVersion.objects.filter(content__contains=f'"{strength.slug}"').exists()
