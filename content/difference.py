"""What differs between two states of a page, block by block and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from django.utils.text import capfirst

from . import lines
from .document import (
    CROPS,
    PICTURES,
    ComparisonRow,
    Document,
    FrozenBlock,
    Illustration,
    LineGroup,
    PlacedPicture,
    Prose,
    Strengths,
    WorkflowStep,
)
from .models import BLOCKS, Page, Strength, Wording
from .models.words import WordsState, word_models

WORD_PATTERN = re.compile(r"\n|[^\s]+[^\S\n]*")
# Two blocks of a kind count as one changed block above this share of common words.
MIN_LIKENESS = 0.5


class _Readable(HTMLParser):
    """Rich text as plain lines.

    Words after the text name its formatting, so that readers see a change of it.
    """

    FORMAT_WORDS = {"strong": "(bold)", "em": "(italics)", "h3": "(subheading)\n"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []
        # The last number of each open list; None for a list with bullets.
        self.numbers: list[int | None] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "nowhere")
        elif tag in ("ul", "ol"):
            self.numbers.append(0 if tag == "ol" else None)
        elif tag == "li":
            number = self.numbers[-1] if self.numbers else None
            if number is not None:
                self.numbers[-1] = number + 1
            self.parts.append("\n• " if number is None else f"\n{number + 1}. ")
        elif tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self.parts.append(f" (link to {self.links.pop()})")
        elif tag in ("ul", "ol") and self.numbers:
            self.numbers.pop()
            self.parts.append("\n")
        elif tag in self.FORMAT_WORDS:
            self.parts.append(f" {self.FORMAT_WORDS[tag]}")
        elif tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def readable(html: str) -> str:
    """Rich text as plain lines, with its formatting in words."""
    text = "".join(_Readable(html).parts).replace("• \n", "• ")
    stripped = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in stripped if line)


@dataclass(frozen=True)
class TextPiece:
    # same, added or removed
    how: str
    text: str


def pieces(before: str, after: str) -> tuple[TextPiece, ...]:
    """The words of both texts, in reading order.

    The pieces that are the same or added make up `after`, and those that are the same
    or removed make up `before`, except for the width of gaps.
    """
    old, new = WORD_PATTERN.findall(before), WORD_PATTERN.findall(after)
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in old],
        [word.strip() for word in new],
        autojunk=False,
    )
    text_pieces = []
    for how, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if how == "equal":
            # The longer of the two has the wider gap. So the last word of a text does
            # not touch what was added or removed after it.
            gaps = (
                max(pair, key=len)
                for pair in zip(old[old_from:old_to], new[new_from:new_to], strict=True)
            )
            text_pieces.append(TextPiece("same", "".join(gaps)))
            continue
        # The sign makes a line end visible, which may be all that has changed.
        removed, added = (
            "".join(words).replace("\n", "¶\n")
            for words in (old[old_from:old_to], new[new_from:new_to])
        )
        text_pieces += [
            TextPiece(name, text)
            for name, text in (("removed", removed), ("added", added))
            if text
        ]
    return tuple(text_pieces)


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: str
    after: str

    @property
    def pieces(self) -> tuple[TextPiece, ...]:
        return pieces(self.before, self.after)


@dataclass(frozen=True)
class BlockChange:
    # ("added",), ("removed",), or "moved" and "changed", one or both.
    how: tuple[str, ...]
    kind: str
    heading: str
    # Counted from 1; None where the state does not have the block.
    place_before: int | None
    place_after: int | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PageDifference:
    # The title, the lead and other fields outside the blocks.
    page: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    # How many blocks have neither moved nor changed.
    same: int

    def __bool__(self) -> bool:
        return bool(self.page or self.blocks)

    @property
    def summary(self) -> str:
        """One line: “Title, lead; 1 block added, 2 changed”."""
        counts = {
            how: sum(how in block.how for block in self.blocks)
            for how in ("added", "removed", "moved", "changed")
        }
        parts = [f"{count} {how}" for how, count in counts.items() if count]
        if parts:
            first, _, rest = parts[0].partition(" ")
            parts[0] = f"{first} block{'' if first == '1' else 's'} {rest}"
        return (
            "; ".join(
                filter(
                    None,
                    (
                        capfirst(", ".join(field.name for field in self.page)),
                        ", ".join(parts),
                    ),
                )
            )
            or "Nothing"
        )


def _text(value: Any, names: Mapping[str, str]) -> str:
    """A value of a page or block as an editor would write it.

    `names`: the names of strengths, by slug.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, tuple):
        return str(value)
    if value and isinstance(value[0], LineGroup):
        return lines.format_groups(value)
    if value and isinstance(value[0], ComparisonRow):
        return lines.format_rows(value)
    if value and isinstance(value[0], WorkflowStep):
        return lines.format_steps(value)
    return lines.format_lines(names.get(line, line) for line in value)


def _of_picture(block: PlacedPicture) -> dict[str, str]:
    """Its files have no words, so a part of their SHA-256 stands for them."""
    return {
        "caption": block.heading,
        "picture": f"Upload {block.sha256[:8]}",
        "alternative text": block.alternative or "None, because it’s decorative",
        "crop": CROPS.get(block.crop, "The whole picture"),
        "credit": block.credit,
    }


def _texts(block: FrozenBlock, names: Mapping[str, str]) -> dict[str, str]:
    """The text of each field of a block, by the name that editors know."""
    if isinstance(block, PlacedPicture):
        return _of_picture(block)
    names_of_fields = {
        field.name: str(getattr(field, "verbose_name", field.name))
        for field in BLOCKS[block.kind]._meta.get_fields()
    }
    texts = {}
    for field in fields(block):
        value = getattr(block, field.name)
        if isinstance(block, Prose) and field.name == "text":
            value = readable(value)
        elif isinstance(block, Strengths) and field.name == "list":
            value = Strength.Kind(value).label
        elif isinstance(block, Illustration) and field.name == "picture":
            value = PICTURES.get(value, value)
        slugs = (
            names if isinstance(block, Strengths) and field.name == "strengths" else {}
        )
        texts[names_of_fields.get(field.name, field.name)] = _text(value, slugs)
    return texts


def _changes(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*after, *before])
    changes = (
        FieldChange(name, before.get(name, ""), after.get(name, "")) for name in names
    )
    return tuple(change for change in changes if change.before != change.after)


def _likeness(before: FrozenBlock, after: FrozenBlock) -> float:
    """The share of words that two blocks of one kind have in common, 0 to 1.

    2 where the name is the same, and 3 where everything is.
    """
    if type(before) is not type(after):
        return 0
    if before == after:
        return 3
    if before.name == after.name:
        return 2
    old, new = (
        " ".join(_texts(block, {}).values()).split() for block in (before, after)
    )
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _pairs(
    before: Sequence[FrozenBlock], after: Sequence[FrozenBlock]
) -> dict[int, int]:
    """Which block of `before` became which block of `after`, by place.

    The most similar blocks are paired first; among equals, those at the nearest places.
    """
    candidates = [
        (_likeness(old, new), -abs(i - j), i, j)
        for i, old in enumerate(before)
        for j, new in enumerate(after)
    ]
    pairs: dict[int, int] = {}
    for likeness, _, i, j in sorted(
        candidates, key=lambda pair: (-pair[0], -pair[1], pair[2], pair[3])
    ):
        if likeness > MIN_LIKENESS and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _unmoved(pairs: Mapping[int, int]) -> frozenset[int]:
    """Places of `after` whose blocks kept their order."""
    old, new = [pairs[i] for i in sorted(pairs)], sorted(pairs.values())
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return frozenset(
        place for match in matches for place in new[match.b : match.b + match.size]
    )


def _block_changes(
    before: Sequence[FrozenBlock],
    after: Sequence[FrozenBlock],
    names: Mapping[str, str],
) -> Iterator[tuple[float, BlockChange]]:
    """The changes, each with its place on a page that has the blocks of both states."""
    pairs = _pairs(before, after)
    unmoved = _unmoved(pairs)
    came_from = {j: i for i, j in pairs.items()}
    for i, block in enumerate(before):
        if i not in pairs:
            place = max((pairs[k] for k in range(i) if k in pairs), default=-1) + 0.5
            yield (
                place,
                BlockChange(
                    ("removed",),
                    _kind(block),
                    block.name,
                    i + 1,
                    None,
                    _changes(_texts(block, names), {}),
                ),
            )
    for j, block in enumerate(after):
        if j not in came_from:
            yield (
                j,
                BlockChange(
                    ("added",),
                    _kind(block),
                    block.name,
                    None,
                    j + 1,
                    _changes({}, _texts(block, names)),
                ),
            )
            continue
        old = before[came_from[j]]
        changed = _changes(_texts(old, names), _texts(block, names))
        # Rich text may differ in its markup alone: the block has changed, and no field.
        if how := (
            *(() if j in unmoved else ("moved",)),
            *(() if old == block else ("changed",)),
        ):
            yield (
                j,
                BlockChange(
                    how, _kind(block), block.name, came_from[j] + 1, j + 1, changed
                ),
            )


def _kind(block: FrozenBlock) -> str:
    return str(BLOCKS[block.kind]._meta.verbose_name)


def _of_page(document: Document) -> dict[str, str]:
    names = (
        "title",
        "slug",
        "nav_title",
        "description",
        "lead",
        "position",
        "in_navigation",
    )
    fields_by_name: dict[str, Any] = {
        name: Page._meta.get_field(name) for name in names
    }
    return {
        str(field.verbose_name): _text(getattr(document, name), {})
        for name, field in fields_by_name.items()
    }


def difference(
    before: Document | None, after: Document, names: Mapping[str, str]
) -> PageDifference:
    """What changes from one state of a page to another.

    `before` is None where nothing is published. `names` are today's names of strengths,
    by slug: a state has slugs, so a renamed strength is no change of a page.
    """
    old = before.blocks if before else ()
    changes = [
        change
        for _, change in sorted(
            _block_changes(old, after.blocks, names), key=lambda change: change[0]
        )
    ]
    page = _changes(_of_page(before) if before else {}, _of_page(after))
    touched = sum(change.place_after is not None for change in changes)
    return PageDifference(page, tuple(changes), len(after.blocks) - touched)


@dataclass(frozen=True)
class WordChange:
    # added, removed or changed
    how: str
    name: str
    model: type[Wording]
    # The values of the row in both states; empty in a state that lacks the row.
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @cached_property
    def fields(self) -> tuple[FieldChange, ...]:
        """What changed in each field, compared when a page shows it.

        Lists need only the names, and comparing texts takes most of the time.
        """
        return _changes(
            _of_words(self.model, self.before), _of_words(self.model, self.after)
        )


@dataclass(frozen=True)
class WordsDifference:
    changes: tuple[WordChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def summary(self) -> str:
        """One line: “Role “Project manager”, and 2 more”."""
        if not self.changes:
            return "Nothing"
        first, more = capfirst(self.changes[0].name), len(self.changes) - 1
        return f"{first}, and {more} more" if more else first


def _of_words(model: type[Wording], values: Mapping[str, Any]) -> dict[str, str]:
    texts = {}
    for field in model.frozen_fields():
        if field.name in values:
            value, related = values[field.name], field.related_model
            if field.choices:
                value = dict(field.flatchoices).get(value, value)
            elif isinstance(related, type) and not issubclass(related, Wording):
                value = related._base_manager.filter(pk=value).first()
            texts[str(field.verbose_name)] = "" if value is None else _text(value, {})
    return texts


def words_difference(before: WordsState, after: WordsState) -> WordsDifference:
    """What changes from one state of the words to another."""
    changes = []
    for model in word_models():
        old, new = (state.get(model.model_name(), {}) for state in (before, after))
        for key in dict.fromkeys([*new, *old]):
            if old.get(key) != new.get(key):
                how = (
                    "added"
                    if key not in old
                    else "removed"
                    if key not in new
                    else "changed"
                )
                name = model.name_in(key, old.get(key) or new[key])
                changes.append(
                    WordChange(how, name, model, old.get(key, {}), new.get(key, {}))
                )
    return WordsDifference(tuple(changes))
