"""Sentences that were foreign to American readers don't come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Each as it once stood on the site, or the part of it that no number or name was in.
FOREIGN = (
    "One makes sure the work arrives",
    "The other makes sure it is the right work",
    "see which side your answers fall on",
    "how far you can trust that",
    "Your answers put one mark on it",
    "a band as wide as our doubt",
    "that is how sure we are",
    "In no order, what pulls",
    "No coin is tossed",
    "single steps would do the same",
    "trade-offs moved by one button each",
    "something to mend",
    "have a slip in it",
    "its time may be over",
    "How long shall it work",
    "How much may they see",
    "share links go at once",
    "with them all that a coach sees or has noted",
    "opens nothing any more",
    "add answers up, thousands together",
    "no address of your computer",
    "It is no test",
    "nobody should use it to decide about hiring",
    "Most people can tell quite soon",
    "which of the two it is for them",
    "makes a good beginning for a talk",
    "thinks with you about what comes next",
    "see to it that what was agreed on arrives",
    "nobody is minding the plan",
    "stay below what they could have been",
    "the two days look alike from the outside",
    "complete when that is there",
    "Hold the days against the timeline",
    "nothing sounds together",
    "finds the points that hurt",
    "let a company build an app",
    "Delivery can be foreseen",
    "side by side, and close",
    "what a product could become in some years",
    "Before: chapter",
    "Ways on",
    "The first page",
    "every place taken",
    "Looked for, and not found",
    "Nobody fits what you chose above",
    "until a day to come",
    "pulls one way",
    "nobody has to obey them",
    "permission nobody needs",
    "in the same breath whenever",
    "worth a great deal",
    "on a known day",
    "stays well away from the middle",
    "went the project way",
    "called this about even",
    "picked this by a",
    "would change the picture",
    "comes from an assumption about",
    "too alike",
    "to say anything fair",
    "Tapping through would get one",
    "whether results come true",
    "stand on this page",
    "what you answer only in totals",
    "the same link takes you back",
    "see it and use it as described",
    "then no longer sees",
    "opens by itself",
    "no result to see",
    "keeps a place until that person",
    "Is there something like it",
)


def strings(path: Path) -> Iterator[str]:
    """The strings of a module, whole where they stand on several lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else " "
                for part in node.values
            )


def words() -> Iterator[tuple[str, str]]:
    """Where each text stands that the site may show, and the text on one line."""
    for folder in ("templates", "content", "assessments", "rolefit", "static/js"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".html", ".txt", ".py", ".js"):
                continue
            if "migrations" in path.parts:
                continue  # databases out there have run them as they are
            text = "\n".join(strings(path)) if path.suffix == ".py" else read(path)
            yield str(path.relative_to(ROOT)), " ".join(text.split())


def read(path: Path) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", path.read_text()))


WORDS = dict(words())


@pytest.mark.parametrize("sentence", FOREIGN)
def test_foreign_sentence_is_gone(sentence: str) -> None:
    pattern = re.compile(rf"\b{re.escape(sentence)}\b")
    assert [name for name, text in WORDS.items() if pattern.search(text)] == []


def test_words_of_every_folder_are_read() -> None:
    folders = {name.partition("/")[0] for name in WORDS}
    assert folders == {"templates", "content", "assessments", "rolefit", "static"}
    assert "what’s worth doing" in WORDS["content/models/site.py"]
    assert "Where next" in WORDS["templates/404.html"]
