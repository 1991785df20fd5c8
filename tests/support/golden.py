"""Golden pages: the words of a rendered page, one line for each block of text.

A test compares them with a file in tests/golden/pages. After a change of wording,
RENEW_GOLDEN=1 writes the files anew; `git diff` then shows what readers will see:

    RENEW_GOLDEN=1 DEBUG=1 .venv/bin/python -m pytest tests/test_golden_pages.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from django.http import HttpResponse

from tests.support.dom import INLINE, Element, parse

FOLDER = Path(__file__).parents[1] / "golden/pages"
MAX_LINES = 40  # of a difference that a failing test shows
RENEW = os.environ.get("RENEW_GOLDEN") == "1"
# What differs from one run to the next.
CHANGING = [
    (re.compile(r"\b(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}\b"), "(key)"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"), "(code)"),
    (re.compile(r"/join/[0-9A-Z]{10}/"), "/join/(code)/"),
    (re.compile(r"\b[0-9a-z]{26}\b"), "(token)"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "(sha-256)"),
    (re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"), "(weekday)"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "(date)"),
    (re.compile(r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b"), "(date)"),
    (re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"), "(date)"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?: [ap]\.m\.| [ap]m\b|\b)"), "(time)"),
    (re.compile(r"\b\d{1,2} [ap]\.m\."), "(time)"),
    (re.compile(r"\b(?:noon|midnight)\b"), "(time)"),
]


def words_of(response: HttpResponse) -> str:
    page = parse(response)
    lines = [f"Template: {response.templates[0].name}"]
    lines += [f"Title: {title}" for title in page.texts("head title")]
    # The frame of the admin is Django's.
    admin = page.has("#nav-sidebar")
    for part in (
        page.all(".breadcrumbs") + page.all("#content") if admin else (page.all("body"))
    ):
        lines += _lines(part)
    text = "\n".join(lines) + "\n"
    for pattern, name in CHANGING:
        text = pattern.sub(name, text)
    return text


def templates_shown() -> set[str]:
    """The templates of all pages that have a golden file."""
    return {
        path.read_text().partition("\n")[0].removeprefix("Template: ")
        for path in FOLDER.rglob("*.txt")
    }


def differences(pages: dict[str, HttpResponse]) -> dict[str, str]:
    """How each page differs from its file; with RENEW_GOLDEN=1 none does."""
    found = {}
    for name, response in pages.items():
        path, words = FOLDER / f"{name}.txt", words_of(response)
        if RENEW:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words)
        golden = path.read_text() if path.exists() else ""
        if words != golden:
            lines = unified_diff(
                golden.splitlines(), words.splitlines(), str(path), "now", lineterm=""
            )
            found[name] = "\n".join(islice(lines, MAX_LINES))
    return found


def _lines(element: Element) -> Iterator[str]:
    """Text between two borders of blocks is one line."""
    pieces: list[str] = []
    for piece in _pieces(element):
        if piece is None:
            line = " ".join("".join(pieces).split())
            if line:
                yield line
            pieces = []
        else:
            pieces.append(piece)
    line = " ".join("".join(pieces).split())
    if line:
        yield line


def _pieces(element: Element) -> Iterator[str | None]:
    """Strings, and None wherever a block begins or ends."""
    if element.tag in ("script", "style", "template", "svg"):
        return
    block = element.tag not in INLINE
    if block:
        yield None
    for name in ("aria-label", "alt", "placeholder"):
        if element.attributes.get(name):
            yield f" [{element.attributes[name]}] "
    if element.tag == "input" and element.attributes.get("type") == "submit":
        yield element.value
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            # Links and small print, which stand apart without a space.
            apart = " " if child.tag in ("a", "small") else ""
            yield apart
            yield from _pieces(child)
            yield apart
    if block:
        yield None
