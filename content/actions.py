"""Every write that is more than a saved form: publishing pages and taking an older state back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.urls import Resolver404, resolve

from . import published, queries
from .document import Document, Prose, Strengths, to_json
from .models import BLOCKS, Block, Page, PageVersion

PAGE_VIEW = "content:page"
FIXED_ANCHORS = frozenset(("main", "contents"))  # in every page, from base.html


class PublishError(Exception):
    """Why a page cannot be published: `findings` are sentences for the editor."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__(" ".join(findings))
        self.findings = tuple(findings)


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


def _link_finding(link: str, document: Document, anchors: dict[str, frozenset[str]]) -> str:
    """What is wrong with a link in this page, or nothing. `anchors` holds those of every public page, by slug."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    if not link:
        return "a link has no address, or one of a kind that is not allowed"
    if parts.path and not parts.path.startswith("/"):
        return f"the link “{link}” must start with a slash, as in /skills/, or with https://"
    slug = document.slug
    if parts.path:
        try:
            match = resolve(parts.path)
        except Resolver404:
            return f"the link “{link}” leads nowhere"
        if match.view_name != PAGE_VIEW:
            return ""
        slug = match.kwargs["slug"]
    if slug not in anchors:
        return f"the link “{link}” leads to a page that is not published"
    if parts.fragment and parts.fragment not in anchors[slug] | FIXED_ANCHORS:
        return f"the link “{link}” leads to a place that the page does not have"
    return ""


def _findings(document: Document, anchors: dict[str, frozenset[str]]) -> list[str]:
    found = [] if document.blocks else ["it has no blocks"]
    seen: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Prose):
            problems = [_link_finding(link, document, anchors) for link in _Links(block.text).found]
            found += [f"in “{block.heading}”, {problem}" for problem in problems if problem]
        elif isinstance(block, Strengths):
            if not block.strengths:
                found.append(f"in “{block.heading}”, there is no strength to list")
            if seen & set(block.strengths):
                found.append(f"in “{block.heading}”, strengths are listed that stand further up already")
            seen |= set(block.strengths)
    return [f"“{document.title}” cannot be published: {finding}." for finding in found]


def _row_findings(page: Page) -> list[str]:
    """What the fields themselves refuse: missing text, lines that cannot be read, an address that is taken."""
    found = []
    rows: list[Page | Block] = [page, *queries.blocks(page)]
    for row in rows:
        try:
            row.full_clean()
        except ValidationError as error:
            place = "" if row is page else f"in “{row}”, "
            for name, messages in error.message_dict.items():
                field = "" if name == NON_FIELD_ERRORS else f"{getattr(row._meta.get_field(name), 'verbose_name', name)}: "
                found += [f"{place}{field}{message}" for message in messages]
    return [f"“{page}” cannot be published: {finding}" for finding in found]


@transaction.atomic
def publish_pages(pages: Iterable[Page], *, by: User | None) -> list[PageVersion]:
    """Freeze the drafts of these pages as what visitors see; links among them count as good. Gives the new states.

    A page whose draft equals its published state is left as it is. Raises PublishError, and writes nothing, if any of
    them has missing or unreadable text, no blocks, an empty or repeated list of strengths, or a link to an address of
    ours that does not exist.
    """
    # The lock makes two editors who publish at once take turns (SQLite has its own), so that numbers do not collide.
    locked = list(Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages]))
    if findings := [finding for page in locked for finding in _row_findings(page)]:
        raise PublishError(findings)
    documents = [queries.draft(page) for page in locked]
    current = {version.page_id: version for version in queries.current_versions()}
    public = [version.document() for version in current.values()] + documents
    anchors = {document.slug: frozenset(document.strengths) for document in public}
    if findings := [finding for document in documents for finding in _findings(document, anchors)]:
        raise PublishError(findings)
    versions = []
    for page, document in zip(locked, documents, strict=True):
        content = to_json(document)
        held = current.get(page.pk)
        if held is None or held.content != content:
            versions.append(PageVersion.objects.create(page=page, number=held.number + 1 if held else 1, content=content, published_by=by))
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
    return page
