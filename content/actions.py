"""Pages are published, taken offline and restored; changes are recorded.

A plain saved form is written by the admin itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from . import findings, pictures, published, queries
from .document import Document, as_written, fingerprint, to_json
from .findings import PageFinding
from .models import (
    BLOCKS,
    AuditEntry,
    Block,
    OldAddress,
    Page,
    PageVersion,
    Rendition,
    ReviewRequest,
    SavedDraft,
    UploadedPicture,
)
from .moments import moment_words

# Saves that the page's script makes within this time are one saved draft.
TOGETHER = timedelta(minutes=10)
# A picture that no page shows is kept for this time: an earlier draft may have it.
UNUSED_KEPT = timedelta(days=30)


class PublishError(Exception):
    """A page cannot be published or taken offline; `findings` say why, in sentences."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(" ".join(findings))
        self.findings = tuple(findings)


def _refuse(findings_by_page: Iterable[tuple[Page, list[PageFinding]]]) -> None:
    if sentences := [
        f"“{page}” can’t be published: {finding}."
        for page, page_findings in findings_by_page
        for finding in page_findings
    ]:
        raise PublishError(sentences)


def lock_pages() -> None:
    """Wait until nobody else publishes a page or takes one offline.

    Both depend on the links among all public pages, so two of them must not overlap,
    even if they are about different pages. On SQLite no two transactions that write
    overlap. On PostgreSQL this locks every page, in the order of the keys.

    Code that also locks words locks them first. Rows that name a page, such as a role,
    can still be saved: whoever saves one may hold what an editor of a page waits for.
    """
    pages = Page.objects.select_for_update(no_key=True).order_by("pk")
    list(pages.values_list("pk"))


@transaction.atomic
def publish_pages(
    pages: Iterable[Page], *, by: User | None, seen: str | None = None
) -> list[PageVersion]:
    """Freeze the drafts of these pages as what visitors see; return the new states.

    The pages may link to one another. A page whose draft equals its published state
    gets no new state. `seen` is the fingerprint of the drafts that the publisher
    looked at.

    Raises PublishError, and writes nothing, if

    - a page has missing or unreadable text, no blocks, or an empty or repeated list of
      strengths;
    - a page links to an address of this site that does not exist;
    - another public page links to a place that a page would no longer have;
    - a draft has changed since the publisher looked at it.
    """
    lock_pages()
    locked = list(Page.objects.filter(pk__in=[page.pk for page in pages]))
    blocks = list(queries.draft_blocks(locked).values())
    shown, public = queries.shown_documents()
    old = queries.old_addresses()
    _refuse(
        (
            page,
            [*findings.of_rows(page, rows), *findings.of_address(page, shown, old)],
        )
        for page, rows in zip(locked, blocks, strict=True)
    )
    documents = list(map(queries.frozen, locked, blocks))
    _refuse_broken_links(locked, documents, blocks, shown, public, old)
    if seen is not None and seen != fingerprint(documents):
        raise PublishError(
            [
                "Someone saved a draft after you looked at it. Nothing was published. "
                "Check below what would change now."
            ]
        )
    versions = _store(locked, documents, shown, by=by)
    ReviewRequest.objects.filter(page__in=locked).delete()
    return versions


def _refuse_broken_links(
    pages: Sequence[Page],
    documents: Sequence[Document],
    blocks: Sequence[Sequence[Block]],
    shown: Mapping[int, Document],
    public: Collection[int],
    old: Mapping[str, int],
) -> None:
    """Check the links among all public pages as they will be after this publishing.

    `shown`, `public`: queries.shown_documents; `old`: queries.old_addresses.
    """
    drafts = {page.pk: doc for page, doc in zip(pages, documents, strict=True)}
    others = [shown[pk] for pk in public if pk not in drafts]
    together = [*others, *documents]
    moved = findings.moved_after(old, shown, drafts)
    anchors = findings.anchors_of(together, moved)
    _refuse(
        (page, findings.of_document(document, rows, anchors))
        for page, document, rows in zip(pages, documents, blocks, strict=True)
    )
    _refuse(
        (
            page,
            findings.of_links_here(
                document,
                (other for other in together if other is not document),
                moved,
            ),
        )
        for page, document in zip(pages, documents, strict=True)
    )


def _store(
    pages: Sequence[Page],
    documents: Sequence[Document],
    shown: Mapping[int, Document],
    *,
    by: User | None,
) -> list[PageVersion]:
    """Make a new state of each page whose published content would change."""
    newest = {version.page_id: version for version in queries.newest_versions()}
    versions: list[PageVersion] = []
    moves: list[tuple[Page, Document, Document]] = []
    for page, document in zip(pages, documents, strict=True):
        content = to_json(document)
        previous, before = newest.get(page.pk), shown.get(page.pk)
        if previous is not None and previous.content == content:
            continue
        number = previous.number + 1 if previous else 1
        versions.append(
            PageVersion(page=page, number=number, content=content, published_by=by)
        )
        if before is not None and before.slug != document.slug:
            moves.append((page, before, document))
    PageVersion.objects.bulk_create(versions)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            by=by,
            act=AuditEntry.Act.PUBLISH,
            subject=f"“{version.page}”, state {version.number}",
        )
        for version in versions
    )
    _move(moves, by=by)
    transaction.on_commit(published.forget)
    return versions


def _move(moves: Sequence[tuple[Page, Document, Document]], *, by: User | None) -> None:
    """Let the old address of each page lead to the new one.

    `moves`: pages as visitors have seen them, and as they see them now.
    """
    if not moves:
        return
    # A page may take an address of its own again.
    OldAddress.objects.filter(
        page__in=[page for page, _, _ in moves],
        slug__in=[after.slug for _, _, after in moves],
    ).delete()
    OldAddress.objects.bulk_create(
        OldAddress(slug=before.slug, page=page) for page, before, _ in moves
    )
    AuditEntry.objects.bulk_create(
        _changed(f"page “{page}”", {"address": (before.url, after.url)}, by=by)
        for page, before, after in moves
    )


@transaction.atomic
def publish_document(page: Page, document: Document) -> None:
    """Publish words that came with the software, whatever the draft of the page says.

    A draft that waits for a review still does.

    Raises PublishError as publish_pages does.
    """
    lock_pages()
    locked = Page.objects.get(pk=page.pk)
    blocks = [BLOCKS[block.kind].thaw(block) for block in document.blocks]
    shown, public = queries.shown_documents()
    old = queries.old_addresses()
    _refuse_broken_links([locked], [document], [blocks], shown, public, old)
    _store([locked], [document], shown, by=None)


@transaction.atomic
def withdraw_page(page: Page, *, by: User) -> PageVersion:
    """Take a page offline, and return the mark of that in the list of its states.

    The page leaves the contents, the navigation and the sitemap, and its address
    answers 410. The draft stays as it is; publishing it brings the page back.

    Raises PublishError, and writes nothing, if the page is not public or if another
    public page links to it.
    """
    lock_pages()
    page = Page.objects.get(pk=page.pk)
    public = {version.page_id: version for version in queries.current_versions()}
    if page.pk not in public:
        raise PublishError([f"“{page}” isn’t on the site."])
    if linking := findings.linking_pages(page).values():
        raise PublishError(
            [
                f"“{page}” stays on the site because “{other.title}” links to it. "
                "Change that page first."
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
    subject: str, changes: Mapping[str, tuple[str, str]], *, by: User | None
) -> None:
    """Record that somebody changed what has no states of its own.

    `changes`: the value before and after, by the field's name as the editor knows it.
    An entry that would be too long gets the names alone. Without changes there is no
    entry.
    """
    if changes:
        _changed(subject, changes, by=by).save()


def _changed(
    subject: str, changes: Mapping[str, tuple[str, str]], *, by: User | None
) -> AuditEntry:
    """The entry of record_change, not saved yet."""
    max_length = AuditEntry._meta.get_field("subject").max_length or 0
    values = ", ".join(
        f"{name} from “{before}” to “{after}”"
        for name, (before, after) in changes.items()
    )
    text = f"{subject}: {values}"
    if len(text) > max_length:
        text = Truncator(f"{subject}: {', '.join(changes)}").chars(max_length)
    return AuditEntry(by=by, act=AuditEntry.Act.CHANGE, subject=text)


@transaction.atomic
def write_draft(page: Page, document: Document) -> None:
    """Replace the draft of a page by this document."""
    ReviewRequest.objects.filter(page=page).delete()
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


@transaction.atomic
def restore_page(version: PageVersion, *, by: User) -> Page:
    """Replace the draft rows by a published state, and record who did it.

    Visitors see it once the draft is published again.
    """
    document = version.document()
    page = Page.objects.select_for_update(no_key=True).get(pk=version.page_id)
    keep_draft(page, by=None)
    write_draft(page, document)
    keep_draft(page, by=by)
    LogEntry.objects.log_actions(
        by.pk,
        [page],
        CHANGE,
        f"Restored published state {version.number} to the draft.",
    )
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.RESTORE,
        subject=f"“{page}”, state {version.number}, to the draft",
    )
    return page


@transaction.atomic
def keep_draft(page: Page, *, by: User | None, by_itself: bool = False) -> None:
    """Keep a copy of the stored draft, unless the newest copy is the same.

    A review request ends if the editor wrote something else than that copy has.
    `by_itself`: saved by the page's script. Such saves of one person within TOGETHER
    are one copy.
    """
    try:
        draft = queries.draft(page)
    except ValidationError:
        return  # lines that no form would have taken
    content = to_json(draft)
    newest = page.drafts.first()
    if newest is not None and newest.content == content:
        return
    if newest is not None and as_written(newest.document()) != as_written(draft):
        ReviewRequest.objects.filter(page=page).delete()
    now = timezone.now()
    if (
        by_itself
        and newest is not None
        and newest.by_itself
        and newest.saved_by == by
        and now - newest.begun_at < TOGETHER
    ):
        newest.content, newest.saved_at = content, now
        newest.save()
        return
    SavedDraft.objects.create(
        page=page,
        content=content,
        saved_by=by,
        begun_at=now,
        saved_at=now,
        by_itself=by_itself,
    )


@transaction.atomic
def ask_for_review(
    page: Page, *, comment: str, by: User, seen: str | None = None
) -> None:
    """Mark the draft as ready.

    The mark goes with the next change of the draft, and when the page is published.
    `seen` is the queries.draft_fingerprint of the draft that the editor looked at.

    Raises PublishError, and writes nothing, if the draft has changed since.
    """
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if seen is not None and seen != queries.draft_fingerprint(page):
        raise PublishError(
            [
                "The draft has changed since you looked at it, so it isn’t marked. "
                "Check below what would change now."
            ]
        )
    keep_draft(page, by=None)
    ReviewRequest.objects.update_or_create(
        page=page,
        defaults={"comment": comment, "asked_by": by, "asked_at": timezone.now()},
    )
    LogEntry.objects.log_actions(by.pk, [page], CHANGE, "Marked as ready for review.")


@transaction.atomic
def restore_draft(draft: SavedDraft, *, by: User) -> Page:
    """Replace the draft rows by a draft that was saved before.

    What they say now is kept, too.
    """
    page = Page.objects.select_for_update(no_key=True).get(pk=draft.page_id)
    keep_draft(page, by=None)
    write_draft(page, draft.document())
    keep_draft(page, by=by)
    message = f"Restored the draft of {moment_words(draft.saved_at)}."
    LogEntry.objects.log_actions(by.pk, [page], CHANGE, message)
    return page


def add_picture(file: bytes, *, now: datetime) -> UploadedPicture:
    """Keep an uploaded picture, in a few widths and without what else its file says.

    The same picture is kept once. Raises pictures.PictureError for a file that is no
    picture which we take.
    """
    # Before the transaction, because it takes a second or two.
    encoded = pictures.encode(file)
    with transaction.atomic():
        picture, is_new = UploadedPicture.objects.get_or_create(
            sha256=pictures.picture_hash(encoded),
            defaults={
                "widths": [each.width for each in encoded],
                "height": encoded[-1].height,
                "unused_since": now,
            },
        )
        if is_new:
            Rendition.objects.bulk_create(
                Rendition(picture=picture, width=each.width, data=each.data)
                for each in encoded
            )
        elif picture.unused_since:
            picture.unused_since = now
            picture.save(update_fields=["unused_since"])
    return picture


@transaction.atomic
def forget_pictures(*, now: datetime) -> int:
    """Delete pictures that have been on no page for UNUSED_KEPT; return how many.

    A picture on any draft or any state of a page stays.
    """
    used = queries.pictures_in_use()
    forgotten = 0
    for picture in UploadedPicture.objects.select_for_update():
        if picture.sha256 in used:
            unused_since = None
        else:
            unused_since = picture.unused_since or now
            if unused_since <= now - UNUSED_KEPT:
                picture.delete()
                forgotten += 1
                continue
        if unused_since != picture.unused_since:
            picture.unused_since = unused_since
            picture.save(update_fields=["unused_since"])
    return forgotten
