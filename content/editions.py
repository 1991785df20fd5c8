"""A release with better words replaces earlier ones, but only those nobody has changed.

Words of the first edition are recognized by their SHA-256. The site remembers its
edition, so this happens once: staff who bring back old words later keep them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from . import actions, published, queries, word_actions
from .article import PAGES, ROLES, STRENGTHS
from .document import Document, Strengths, as_written, to_json
from .models import Page, Role, SiteWords, Strength, Wording
from .models.words import draft_rows, draft_state, live_state

EDITION = 2
# Each line: the hash, two spaces, and whose words they are, such as
# "role project-manager summary".
HASHES = Path(__file__).parent / "article" / "first_edition.sha256"
ROLE_FIELDS = ("name", "question", "summary", "first_step", "second_step")
SITE_FIELDS = (
    "name",
    "strapline",
    "description",
    "footer",
    "call_heading",
    "call_text",
    "internship",
    "call_button",
)


def words_of(document: Document) -> str:
    """The words of a page, without its place in the menus and its lists of strengths.

    Staff may have moved the page or retired a strength, and left the words alone.
    """
    return to_json(replace(as_written(document), position=0, in_navigation=False))


def first_edition() -> Mapping[str, str]:
    """The hash of every text of the first edition, by whose words they are."""
    lines = (line.split("  ", 1) for line in HASHES.read_text().splitlines())
    return {name: sha256 for sha256, name in lines}


@transaction.atomic
def renew() -> list[str]:
    """Bring the words of an older edition up to this one.

    Returns what happened, in sentences; none if the site has this edition already.
    """
    # Locks the rows in the order in which publishing locks them.
    draft_state(lock=True)
    site = SiteWords.objects.first()
    if site is None or site.edition >= EDITION:
        return []
    actions.lock_pages()
    renewal = _Renewal()
    renewal.words()
    for text in PAGES:
        if page := (
            Page.objects.filter(slug=text.slug).first()
            or Page.objects.filter(old_addresses__slug=text.slug).first()
        ):
            renewal.page(page, text)
    SiteWords.objects.update(edition=EDITION)
    transaction.on_commit(published.forget)
    return [
        f"Updated {len(renewal.renewed)} default texts that nobody had changed.",
        *(f"Kept your words: {name}." for name in renewal.kept),
        *renewal.refused,
    ]


class _Renewal:
    def __init__(self) -> None:
        self.first = first_edition()
        self.renewed: list[str] = []
        self.kept: list[str] = []
        self.refused: list[str] = []

    def is_first(self, name: str, text: str) -> bool:
        return self.first.get(name) == hashlib.sha256(text.encode()).hexdigest()

    def words(self) -> None:
        """Roles, strengths, and the site's words, each field by itself.

        What visitors see and the drafts, each if its words are those of then.
        """
        drafts: dict[type[Wording], dict[str, Any]] = {
            model: {row.key: row for row in draft_rows(model)}
            for model in (Role, Strength, SiteWords)
        }
        live = live_state()
        texts = {text.name: text for row in STRENGTHS.values() for text in row}
        defaults = SiteWords()
        new: dict[type[Wording], dict[str, dict[str, str]]] = {
            SiteWords: {"1": {name: getattr(defaults, name) for name in SITE_FIELDS}},
            Role: {
                text.slug: {name: getattr(text, name) for name in ROLE_FIELDS}
                for text in ROLES
            },
            Strength: {
                slug: {"text": texts[strength["name"]].text}
                for slug, strength in live[Strength.model_name()].items()
                if strength["name"] in texts
            },
        }
        for model, rows in new.items():
            for key, fields in rows.items():
                shown = live[model.model_name()].get(key)
                if shown is not None:
                    whose = (
                        "site" if model is SiteWords else f"{model.model_name()} {key}"
                    )
                    self.fields(whose, fields, shown, drafts[model].get(key))
        if self.renewed:
            word_actions.publish_state(live, by=None)

    def fields(
        self,
        whose: str,
        texts: Mapping[str, str],
        shown: dict[str, str],
        draft: Wording | None,
    ) -> None:
        changed = []
        for field, text in texts.items():
            name = f"{whose} {field}"
            before = shown[field]
            drafted = before if draft is None else getattr(draft, field)
            if before == text:
                continue
            if not self.is_first(name, before):
                self.kept.append(name)
                continue
            shown[field] = text
            self.renewed.append(name)
            # A draft with other words than visitors see is somebody's work.
            if drafted == before:
                changed.append(field)
            elif drafted != text:
                self.kept.append(f"{name}, draft")
        if draft is not None and changed:
            for field in changed:
                setattr(draft, field, texts[field])
            # Only these: staff may have saved another field of this row.
            draft.save(update_fields=changed)

    def page(self, page: Page, text: Document) -> None:
        """What visitors see and the draft, each if its words are those of then."""
        whose = f"page {text.slug}"
        current = queries.current_version(page)
        shown = current.document() if current else None
        try:
            draft = queries.draft(page)
        except ValidationError:
            # Somebody is in the middle of writing.
            draft = None
        shown_is_first = shown is not None and self.is_first(
            whose, words_of(replace(shown, slug=text.slug))
        )
        # A draft with other words than visitors see is somebody's work, even if those
        # are the words of then.
        draft_is_first = (
            draft is not None
            and self.is_first(whose, words_of(replace(draft, slug=text.slug)))
            and (shown is None or shown_is_first)
        )
        try:
            with transaction.atomic():
                if draft is not None and draft_is_first:
                    actions.write_draft(page, _placed_like(draft, text))
                if shown is not None and shown_is_first:
                    actions.publish_document(page, _placed_like(shown, text))
        except actions.PublishError as error:
            self.refused += error.findings
            return
        if draft_is_first or shown_is_first:
            self.renewed.append(whose)
        if not draft_is_first:
            self.kept.append(f"{whose}, draft" if shown_is_first else whose)


def _placed_like(old: Document, text: Document) -> Document:
    """The new words, in the old page's place and with its lists of strengths."""
    lists = {
        (block.list, block.role): block.strengths
        for block in old.blocks
        if isinstance(block, Strengths)
    }
    blocks = (
        replace(block, strengths=lists.get((block.list, block.role), ()))
        if isinstance(block, Strengths)
        else block
        for block in text.blocks
    )
    return replace(
        text,
        slug=old.slug,
        position=old.position,
        in_navigation=old.in_navigation,
        blocks=tuple(blocks),
    )
