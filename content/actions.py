"""Every write that is more than a saved form: publishing pages and taking an older state back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction

from . import findings, published, queries
from .document import to_json
from .findings import Finding
from .models import BLOCKS, AuditEntry, Page, PageVersion


class PublishError(Exception):
    """Why a page cannot be published: `findings` are sentences for the editor."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(" ".join(findings))
        self.findings = tuple(findings)


def _refuse(found: Iterable[tuple[Page, list[Finding]]]) -> None:
    if sentences := [f"“{page}” cannot be published: {finding}." for page, each in found for finding in each]:
        raise PublishError(sentences)


@transaction.atomic
def publish_pages(pages: Iterable[Page], *, by: User | None) -> list[PageVersion]:
    """Freeze the drafts of these pages as what visitors see; links among them count as good. Gives the new states.

    A page whose draft equals its published state is left as it is. Raises PublishError, and writes nothing, if any of
    them has missing or unreadable text, no blocks, an empty or repeated list of strengths, or a link to an address of
    ours that does not exist.
    """
    # The lock makes two editors who publish at once take turns (SQLite has its own), so that numbers do not collide.
    locked = list(Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages]))
    blocks = [queries.blocks(page) for page in locked]
    _refuse(zip(locked, map(findings.of_rows, locked, blocks), strict=True))
    documents = list(map(queries.frozen, locked, blocks))
    current = {version.page_id: version for version in queries.current_versions()}
    anchors = findings.anchors_of([*(version.document() for version in current.values()), *documents])
    _refuse((page, findings.of_document(document, rows, anchors)) for page, document, rows in zip(locked, documents, blocks, strict=True))
    versions = []
    for page, document in zip(locked, documents, strict=True):
        content = to_json(document)
        held = current.get(page.pk)
        if held is None or held.content != content:
            versions.append(PageVersion.objects.create(page=page, number=held.number + 1 if held else 1, content=content, published_by=by))
            AuditEntry.objects.create(by=by, act=AuditEntry.Act.PUBLISH, subject=f"“{page}”, state {versions[-1].number}")
    transaction.on_commit(published.forget)
    return versions


def publish_page(page: Page, *, by: User | None) -> PageVersion:
    """Freeze one draft and give its published state: the new one, or the present one where nothing has changed.

    Raises PublishError as publish_pages does.
    """
    publish_pages([page], by=by)
    return page.versions.latest("number")


@transaction.atomic
def restore_page(version: PageVersion, *, by: User) -> Page:
    """Put a published state back into the draft rows, in place of what stands there; the history says by whom.

    Visitors see it once it is published again.
    """
    document = version.document()
    page = Page.objects.select_for_update().get(pk=version.page_id)
    for row in queries.blocks(page):
        row.delete()
    for name in ("title", "nav_title", "description", "lead", "position", "in_navigation"):
        setattr(page, name, getattr(document, name))
    page.save()
    for place, frozen in enumerate(document.blocks, 1):
        block = BLOCKS[frozen.kind].thaw(frozen)
        block.parent, block.region, block.ordering = page, "main", place * 10
        block.save()
    LogEntry.objects.log_actions(by.pk, [page], CHANGE, f"Put published state {version.number} back into the draft.")
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.RESTORE, subject=f"“{page}”, state {version.number}, into the draft")
    return page
