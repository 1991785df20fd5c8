"""What visitors see now: one frozen snapshot a process, so that a warm page asks the database nothing.

A snapshot is used for five seconds and then loaded again, in five queries; that is how other processes and nodes learn
of a publishing. The process that publishes calls `forget` and shows it at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import queries
from .document import Document
from .models import Role as RoleRow
from .models import SiteWords
from .models import Strength as StrengthRow

LIFETIME = 5.0  # seconds: how long another process may still show the state before


@dataclass(frozen=True)
class Words:
    name: str
    strapline: str
    description: str
    footer: str
    call_heading: str
    call_text: str
    internship: str
    call_button: str
    booking_address: str
    contact_email: str


@dataclass(frozen=True)
class Role:
    slug: str
    name: str
    sign: str  # project or product: the class that gives colour, sign and line
    question: str
    summary: str
    steps: tuple[str, str]
    url: str  # of the page about it, or nothing
    page_title: str  # of that page, or nothing


@dataclass(frozen=True)
class Strength:
    slug: str
    name: str
    kind: str  # key, interest or shared
    role: str  # slug, or nothing for a shared skill
    text: str
    retired: bool
    url: str  # of its paragraph on a page, or nothing


@dataclass(frozen=True)
class Chapter:
    number: int
    document: Document

    @property
    def slug(self) -> str:
        return self.document.slug

    @property
    def url(self) -> str:
        return self.document.url

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def nav_title(self) -> str:
        return self.document.nav_title

    @property
    def in_navigation(self) -> bool:
        return self.document.in_navigation


@dataclass(frozen=True)
class Site:
    words: Words
    roles: tuple[Role, ...]
    chapters: tuple[Chapter, ...]
    strengths: dict[str, Strength]
    offline: frozenset[str]  # slugs of pages that were taken offline

    def chapter(self, slug: str) -> Chapter | None:
        return next(
            (chapter for chapter in self.chapters if chapter.slug == slug), None
        )

    def neighbours(self, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
        """The chapters before and after."""
        before, after = chapter.number - 2, chapter.number
        return (
            self.chapters[before] if before >= 0 else None,
            self.chapters[after] if after < len(self.chapters) else None,
        )

    def with_document(self, document: Document) -> Site:
        """The site as it would be with this page published."""
        documents = [
            chapter.document
            for chapter in self.chapters
            if chapter.slug != document.slug
        ]
        return replace(self, chapters=_number([*documents, document]))


def _number(documents: list[Document]) -> tuple[Chapter, ...]:
    ordered = sorted(documents, key=lambda document: (document.position, document.slug))
    return tuple(
        Chapter(number, document) for number, document in enumerate(ordered, 1)
    )


def _role(row: RoleRow, chapters: tuple[Chapter, ...]) -> Role:
    chapter = next(
        (chapter for chapter in chapters if row.page and chapter.slug == row.page.slug),
        None,
    )
    steps = (row.first_step, row.second_step)
    about = (chapter.url, chapter.title) if chapter else ("", "")
    return Role(row.slug, row.name, row.sign, row.question, row.summary, steps, *about)


def _strength(row: StrengthRow, chapters: tuple[Chapter, ...]) -> Strength:
    url = next(
        (
            f"{chapter.url}#{row.slug}"
            for chapter in chapters
            if row.slug in chapter.document.strengths
        ),
        "",
    )
    return Strength(
        row.slug,
        row.name,
        row.kind,
        row.role.slug if row.role else "",
        row.text,
        row.retired,
        url,
    )


def load() -> Site:
    """Read the published state of the site from the database."""
    words = queries.site_words() or SiteWords()
    newest = queries.newest_versions().select_related("page")
    chapters = _number(
        [version.document() for version in newest if not version.is_offline]
    )
    return Site(
        words=Words(
            **{name: getattr(words, name) for name in Words.__dataclass_fields__}
        ),
        roles=tuple(_role(row, chapters) for row in queries.roles()),
        chapters=chapters,
        strengths={row.slug: _strength(row, chapters) for row in queries.strengths()},
        offline=frozenset(
            version.page.slug for version in newest if version.is_offline
        ),
    )


_snapshot: tuple[float, Site] | None = None


def current() -> Site:
    """The published state of the site, at most five seconds old."""
    global _snapshot
    held = _snapshot
    if held is None or time.monotonic() - held[0] >= LIFETIME:
        _snapshot = held = (time.monotonic(), load())
    return held[1]


def forget() -> None:
    """Load again at the next use. Called once a change is committed."""
    global _snapshot
    _snapshot = None


def context(request: HttpRequest) -> dict[str, object]:
    """For every template: `site` (words), `chapters` and `roles`, each read only where it is used."""
    return {
        "site": SimpleLazyObject(lambda: current().words),
        "chapters": SimpleLazyObject(lambda: current().chapters),
        "roles": SimpleLazyObject(lambda: current().roles),
    }
