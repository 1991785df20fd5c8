"""What visitors see now: one frozen copy a process, so that a warm page needs no query.

The copy is used for one second and then loaded again, in three queries. That is how
other processes and nodes learn of a publishing. The process that publishes calls
`forget` and shows the new state at once. While the database is away, the copy stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import cache_control

from . import queries
from .document import Document, relinked
from .models import RESULT_PLACEHOLDER, Role, SiteWords, Strength, Wording
from .models.words import WordsState, live_state
from .snapshot import Snapshot

# For views whose page is the same for everybody: it reads and sets no session, cookie
# or token. Every cache may keep it, ours too (rolefit/kept.py). The browser asks each
# time, and gets 304 where nothing has changed, so visitors see a new page at once.
for_everybody = cache_control(public=True, max_age=0, must_revalidate=True)


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
    controller: str
    legal_basis: str
    processors: str

    @property
    def call_address(self) -> str:
        """Where the button of the call leads: without a result, or to our own page."""
        return self.booking_address.replace(RESULT_PLACEHOLDER, "") or "/call/"

    @property
    def takes_result(self) -> bool:
        """Whether the booking address takes a link to a result."""
        return RESULT_PLACEHOLDER in self.booking_address

    def call_address_with(self, link: str) -> str:
        """The booking address with this link in it, where it takes one."""
        return self.booking_address.replace(RESULT_PLACEHOLDER, quote(link, safe=""))

    @property
    def missing(self) -> list[str]:
        """A sentence for each word or address that staff have not set yet."""
        sentences = {
            "booking_address": (
                "There is no booking address: the button of the clarity call leads to "
                "a page that says booking isn’t open yet."
            ),
            "contact_email": (
                "There is no contact address: visitors can’t write to anyone about "
                "their data."
            ),
            "controller": (
                "The privacy page doesn’t name who is responsible for visitors’ data."
            ),
            "legal_basis": "The privacy page doesn’t name a legal basis.",
            "processors": (
                "The privacy page doesn’t name who processes data for you, such as "
                "your host."
            ),
        }
        return [text for name, text in sentences.items() if not getattr(self, name)]


@dataclass(frozen=True)
class PublishedRole:
    slug: str
    name: str
    # project or product: the class that gives color, sign and line
    sign: str
    question: str
    summary: str
    # Ends a sentence that begins with the name of the role; may be empty.
    does: str
    steps: tuple[str, str]
    # Address and title of the page about the role; both empty where there is none.
    url: str
    page_title: str


@dataclass(frozen=True)
class PublishedStrength:
    slug: str
    name: str
    # key, interest or shared
    kind: str
    # A role's slug; empty for a shared skill.
    role: str
    text: str
    retired: bool
    # Of its paragraph on a page; empty where no page lists it.
    url: str


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
    # All published words. Those of this app are below, by name.
    state: WordsState
    words: Words
    roles: tuple[PublishedRole, ...]
    chapters: tuple[Chapter, ...]
    strengths: dict[str, PublishedStrength]
    # Slugs of pages that were taken offline.
    offline: frozenset[str]
    # The present slug of a page, by each that it had before.
    moved: dict[str, str]

    def chapter(self, slug: str) -> Chapter | None:
        return next(
            (chapter for chapter in self.chapters if chapter.slug == slug), None
        )

    def neighbors(self, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
        """The chapters before and after."""
        before, after = chapter.number - 2, chapter.number
        return (
            self.chapters[before] if before >= 0 else None,
            self.chapters[after] if after < len(self.chapters) else None,
        )

    def with_document(self, document: Document, *, instead_of: str) -> Site:
        """The site as it would be with this page published.

        `instead_of`: the page's slug now.
        """
        documents = [
            chapter.document
            for chapter in self.chapters
            if chapter.slug not in (document.slug, instead_of)
        ]
        shown = relinked(document, self.moved)
        return replace(self, chapters=_number([*documents, shown]))


def _number(documents: list[Document]) -> tuple[Chapter, ...]:
    ordered = sorted(documents, key=lambda document: (document.position, document.slug))
    return tuple(
        Chapter(number, document) for number, document in enumerate(ordered, 1)
    )


def _roles(
    state: WordsState, pages: Mapping[int, Document]
) -> tuple[PublishedRole, ...]:
    about = {pk: (page.url, page.title) for pk, page in pages.items()}
    return tuple(
        PublishedRole(
            slug,
            role["name"],
            slug.partition("-")[0],
            role["question"],
            role["summary"],
            role["does"],
            (role["first_step"], role["second_step"]),
            *about.get(role["page"], ("", "")),
        )
        for slug, role in state[Role.model_name()].items()
    )


def _strengths(
    state: WordsState, chapters: tuple[Chapter, ...]
) -> dict[str, PublishedStrength]:
    addresses: dict[str, str] = {}
    for chapter in chapters:
        for slug in chapter.document.strengths:
            addresses.setdefault(slug, f"{chapter.url}#{slug}")
    return {
        slug: PublishedStrength(
            slug,
            strength["name"],
            strength["kind"],
            strength["role"] or "",
            strength["text"],
            strength["retired"],
            addresses.get(slug, ""),
        )
        for slug, strength in state[Strength.model_name()].items()
    }


def _site(
    state: WordsState,
    pages: Mapping[int, Document],
    offline: frozenset[str] = frozenset(),
    moved: Mapping[str, str] = MappingProxyType({}),
) -> Site:
    words = next(iter(state[SiteWords.model_name()].values()), SiteWords().freeze())
    chapters = _number(list(pages.values()))
    return Site(
        state,
        Words(**words),
        _roles(state, pages),
        chapters,
        _strengths(state, chapters),
        offline,
        dict(moved),
    )


def load_words() -> Site:
    """The published words of this moment, without pages: for staff, and for actions."""
    return _site(live_state(), {})


def load_site(words: WordsState | None = None) -> Site:
    """Read the published state of the site from the database.

    `words`: the site as it would be with these words published.
    """
    documents, public = queries.shown_documents()
    moved = {
        slug: documents[page].slug
        for slug, page in queries.old_addresses().items()
        if slug != documents[page].slug
    }
    pages = {
        page: relinked(document, moved)
        for page, document in documents.items()
        if page in public
    }
    offline = frozenset(
        document.slug for page, document in documents.items() if page not in public
    )
    return _site(live_state() if words is None else words, pages, offline, moved)


SITE = Snapshot(load_site)


def current() -> Site:
    """The published state of the site, at most a second old."""
    return SITE.get()


def published_words(model: type[Wording]) -> dict[str, dict[str, Any]]:
    """The published values by field, by the key of each row of the model."""
    return current().state[model.model_name()]


def forget() -> None:
    """Load again at the next use. Called once a change is committed."""
    SITE.forget()


def context(request: HttpRequest) -> dict[str, object]:
    """Give every template `site` (words), `chapters` and `roles`.

    Lazy, so that a page which uses none of them reads nothing.
    """
    return {
        "site": SimpleLazyObject(lambda: current().words),
        "chapters": SimpleLazyObject(lambda: current().chapters),
        "roles": SimpleLazyObject(lambda: current().roles),
    }
