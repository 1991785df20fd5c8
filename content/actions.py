"""Every write that is more than a saved form: publishing pages, taking them offline, and taking an older state back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import Truncator

from . import findings, published, queries
from .document import fingerprint, to_json
from .findings import Finding
from .models import BLOCKS, AuditEntry, Page, PageVersion


class PublishError(Exception):
    """Why a page cannot be published or taken offline: `findings` are sentences for the editor."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(" ".join(findings))
        self.findings = tuple(findings)


def _refuse(found: Iterable[tuple[Page, list[Finding]]]) -> None:
    if sentences := [
        f"“{page}” cannot be published: {finding}."
        for page, each in found
        for finding in each
    ]:
        raise PublishError(sentences)


@transaction.atomic
def publish_pages(
    pages: Iterable[Page], *, by: User | None, seen: str | None = None
) -> list[PageVersion]:
    """Freeze the drafts of these pages as what visitors see; links among them count as good. Gives the new states.

    A page whose draft equals its published state is left as it is. Raises PublishError, and writes nothing, if any of
    them has missing or unreadable text, no blocks, an empty or repeated list of strengths, or a link to an address of
    ours that does not exist; if another public page links to a place that it would not have; or if `seen`, the fingerprint of the drafts that the publisher looked at, is not that of
    the drafts as they are now.
    """
    # The lock makes two editors who publish at once take turns (SQLite has its own), so that numbers do not collide.
    locked = list(
        Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages])
    )
    blocks = [queries.blocks(page) for page in locked]
    _refuse(zip(locked, map(findings.of_rows, locked, blocks), strict=True))
    documents = list(map(queries.frozen, locked, blocks))
    newest = {version.page_id: version for version in queries.newest_versions()}
    chosen = {page.pk for page in locked}
    others = [
        version.document()
        for version in newest.values()
        if not version.is_offline and version.page_id not in chosen
    ]
    together = [*others, *documents]  # the public pages, once this is done
    anchors = findings.anchors_of(together)
    _refuse(
        (page, findings.of_document(document, rows, anchors))
        for page, document, rows in zip(locked, documents, blocks, strict=True)
    )
    _refuse(
        (
            page,
            findings.of_links_here(
                document, (other for other in together if other is not document)
            ),
        )
        for page, document in zip(locked, documents, strict=True)
    )
    if seen is not None and seen != fingerprint(documents):
        raise PublishError(
            [
                "A draft was saved after you looked at it, so nothing is published. See below what would change now."
            ]
        )
    versions = []
    for page, document in zip(locked, documents, strict=True):
        content = to_json(document)
        held = newest.get(page.pk)
        if held is None or held.content != content:
            versions.append(
                PageVersion.objects.create(
                    page=page,
                    number=held.number + 1 if held else 1,
                    content=content,
                    published_by=by,
                )
            )
            AuditEntry.objects.create(
                by=by,
                act=AuditEntry.Act.PUBLISH,
                subject=f"“{page}”, state {versions[-1].number}",
            )
    transaction.on_commit(published.forget)
    return versions


def publish_page(page: Page, *, by: User | None) -> PageVersion:
    """Freeze one draft and give its published state: the new one, or the present one where nothing has changed.

    Raises PublishError as publish_pages does.
    """
    publish_pages([page], by=by)
    return page.versions.latest("number")


@transaction.atomic
def withdraw_page(page: Page, *, by: User) -> PageVersion:
    """Take a page offline: it leaves contents, top line and sitemap, and its address answers 410. The draft stays as it
    is, and publishing it brings the page back. Gives the mark that stands in the row of its states.

    Raises PublishError, and writes nothing, if the page is not public or another public page links to it.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    public = {version.page_id: version for version in queries.current_versions()}
    if page.pk not in public:
        raise PublishError([f"“{page}” is not on the site."])
    others = [version.document() for pk, version in public.items() if pk != page.pk]
    if linking := [other for other in others if findings.leads_to(other, page.slug)]:
        raise PublishError(
            [
                f"“{page}” stays on the site: “{other.title}” links to it. Mend that page first."
                for other in linking
            ]
        )
    mark = PageVersion.objects.create(
        page=page, number=public[page.pk].number + 1, content="", published_by=by
    )
    AuditEntry.objects.create(
        by=by, act=AuditEntry.Act.REVOKE, subject=f"“{page}”, taken offline"
    )
    transaction.on_commit(published.forget)
    return mark


def record_change(
    subject: str, changes: Mapping[str, tuple[str, str]], *, by: User
) -> None:
    """Write down that somebody changed what stands on the site at once: each field, named as the editor knows it, with what it
    said and says. Where that is too long for an entry, the names of the fields alone. Nothing changed, nothing written."""
    if not changes:
        return
    longest = AuditEntry._meta.get_field("subject").max_length or 0
    said = ", ".join(
        f"{name} from “{before}” to “{after}”"
        for name, (before, after) in changes.items()
    )
    whole = f"{subject}: {said}"
    if len(whole) > longest:
        whole = Truncator(f"{subject}: {', '.join(changes)}").chars(longest)
    AuditEntry.objects.create(by=by, act=AuditEntry.Act.CHANGE, subject=whole)


@transaction.atomic
def restore_page(version: PageVersion, *, by: User) -> Page:
    """Put a published state back into the draft rows, in place of what stands there; the history says by whom.

    Visitors see it once it is published again.
    """
    document = version.document()
    page = Page.objects.select_for_update().get(pk=version.page_id)
    for row in queries.blocks(page):
        row.delete()
    for name in (
        "title",
        "nav_title",
        "description",
        "lead",
        "position",
        "in_navigation",
    ):
        setattr(page, name, getattr(document, name))
    page.save()
    for place, frozen in enumerate(document.blocks, 1):
        block = BLOCKS[frozen.kind].thaw(frozen)
        block.parent, block.region, block.ordering = page, "main", place * 10
        block.save()
    LogEntry.objects.log_actions(
        by.pk,
        [page],
        CHANGE,
        f"Put published state {version.number} back into the draft.",
    )
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.RESTORE,
        subject=f"“{page}”, state {version.number}, into the draft",
    )
    return page
