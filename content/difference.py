"""What differs between two states of a page, block by block and word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

from django.utils.text import capfirst

from . import lines
from .document import Block, Document, Group, Prose, Row, Step, Strengths
from .models import BLOCKS, Page, Strength

WORDS = re.compile(r"\n|[^\s]+[^\S\n]*")
ALIKE = 0.5  # share of common words above which two blocks of a kind count as one block that has changed


class _Readable(HTMLParser):
    """Rich text as plain lines; what formatting says is said in words behind it, so that a change of it can be seen."""

    SAYS = {"strong": "(bold)", "em": "(italics)"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []
        self.numbers: list[
            int | None
        ] = []  # of each open list: the last number, or None for bullets
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
        elif tag in self.SAYS:
            self.parts.append(f" {self.SAYS[tag]}")
        elif tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def readable(html: str) -> str:
    found = (
        line.strip()
        for line in "".join(_Readable(html).parts).replace("• \n", "• ").split("\n")
    )
    return "\n".join(line for line in found if line)


@dataclass(frozen=True)
class Piece:
    how: str  # same, added or removed
    text: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both texts in reading order. Those that are the same or added make `after`; same or removed, `before`,
    but for the width of gaps."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in old],
        [word.strip() for word in new],
        autojunk=False,
    )
    found = []
    for how, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if how == "equal":
            # The wider gap of the two, so that the last word of a text keeps its distance to what is added or removed behind it.
            kept = (
                max(pair, key=len)
                for pair in zip(old[old_from:old_to], new[new_from:new_to], strict=True)
            )
            found.append(Piece("same", "".join(kept)))
            continue
        # A line end alone would be a change that nobody sees.
        removed, added = (
            "".join(words).replace("\n", "¶\n")
            for words in (old[old_from:old_to], new[new_from:new_to])
        )
        found += [
            Piece(name, text)
            for name, text in (("removed", removed), ("added", added))
            if text
        ]
    return tuple(found)


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: str
    after: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.before, self.after)


@dataclass(frozen=True)
class BlockChange:
    how: tuple[str, ...]  # added, removed, or moved or changed or both
    kind: str
    heading: str
    place_before: int | None  # counted from 1
    place_after: int | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Difference:
    page: tuple[
        FieldChange, ...
    ]  # heading, lead and what else stands outside the blocks
    blocks: tuple[BlockChange, ...]
    same: int  # blocks that have neither moved nor changed

    def __bool__(self) -> bool:
        return bool(self.page or self.blocks)

    @property
    def summary(self) -> str:
        """One line: “Title, lead; 1 block added, 2 changed”."""
        counts = {
            how: sum(how in block.how for block in self.blocks)
            for how in ("added", "removed", "moved", "changed")
        }
        said = [f"{count} {how}" for how, count in counts.items() if count]
        if said:
            first, _, rest = said[0].partition(" ")
            said[0] = f"{first} block{'' if first == '1' else 's'} {rest}"
        return (
            "; ".join(
                filter(
                    None,
                    (
                        capfirst(", ".join(field.name for field in self.page)),
                        ", ".join(said),
                    ),
                )
            )
            or "Nothing"
        )


def _text(value: Any, names: Mapping[str, str]) -> str:
    """A value of a page or block as an editor would write it. `names` are those of strengths and lists, by slug."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, tuple):
        return str(value)
    if value and isinstance(value[0], Group):
        return lines.format_groups(value)
    if value and isinstance(value[0], Row):
        return lines.format_rows(value)
    if value and isinstance(value[0], Step):
        return lines.format_steps(value)
    return lines.format_lines(names.get(line, line) for line in value)


def _texts(block: Block, names: Mapping[str, str]) -> dict[str, str]:
    """What stands in each field of a block, by the name that the editor knows the field by."""
    known = {
        field.name: str(getattr(field, "verbose_name", field.name))
        for field in BLOCKS[block.kind]._meta.get_fields()
    }
    found = {}
    for field in fields(block):
        value = getattr(block, field.name)
        if isinstance(block, Prose) and field.name == "text":
            value = readable(value)
        elif isinstance(block, Strengths) and field.name == "list":
            value = Strength.Kind(value).label
        slugs = (
            names if isinstance(block, Strengths) and field.name == "strengths" else {}
        )
        found[known.get(field.name, field.name)] = _text(value, slugs)
    return found


def _changes(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    named = dict.fromkeys([*after, *before])
    found = (
        FieldChange(name, before.get(name, ""), after.get(name, "")) for name in named
    )
    return tuple(field for field in found if field.before != field.after)


def _alike(before: Block, after: Block) -> float:
    """How much two blocks of one kind have in common, 0 to 1; 2 where the heading is the same, 3 where everything is."""
    if type(before) is not type(after):
        return 0
    if before == after:
        return 3
    if before.heading == after.heading:
        return 2
    old, new = (
        " ".join(_texts(block, {}).values()).split() for block in (before, after)
    )
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _pairs(before: Sequence[Block], after: Sequence[Block]) -> dict[int, int]:
    """Which block of `before` became which of `after`, by place; the most alike first, and then those that stand nearest."""
    alike = [
        (_alike(old, new), -abs(i - j), i, j)
        for i, old in enumerate(before)
        for j, new in enumerate(after)
    ]
    found: dict[int, int] = {}
    for likeness, _, i, j in sorted(
        alike, key=lambda pair: (-pair[0], -pair[1], pair[2], pair[3])
    ):
        if likeness > ALIKE and i not in found and j not in found.values():
            found[i] = j
    return found


def _unmoved(pairs: Mapping[int, int]) -> frozenset[int]:
    """Places of `after` whose blocks stand in the order that they had before."""
    old, new = [pairs[i] for i in sorted(pairs)], sorted(pairs.values())
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return frozenset(
        place for match in matches for place in new[match.b : match.b + match.size]
    )


def _block_changes(
    before: Sequence[Block], after: Sequence[Block], names: Mapping[str, str]
) -> Iterator[tuple[float, BlockChange]]:
    """Each with its place on a page that holds the blocks of both states."""
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
                    block.heading,
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
                    block.heading,
                    None,
                    j + 1,
                    _changes({}, _texts(block, names)),
                ),
            )
            continue
        old = before[came_from[j]]
        changed = _changes(_texts(old, names), _texts(block, names))
        # Rich text can differ in its mark-up alone: then it has changed, and no field reads differently.
        if how := (
            *(() if j in unmoved else ("moved",)),
            *(() if old == block else ("changed",)),
        ):
            yield (
                j,
                BlockChange(
                    how, _kind(block), block.heading, came_from[j] + 1, j + 1, changed
                ),
            )


def _kind(block: Block) -> str:
    return str(BLOCKS[block.kind]._meta.verbose_name)


def _of_page(document: Document) -> dict[str, str]:
    named = ("title", "nav_title", "description", "lead", "position", "in_navigation")
    return {
        str(Page._meta.get_field(name).verbose_name): _text(getattr(document, name), {})  # type: ignore[union-attr]
        for name in named
    }


def difference(
    before: Document | None, after: Document, names: Mapping[str, str]
) -> Difference:
    """What changes from one state of a page to another; `before` is None where nothing is published.

    `names` gives strengths the name of today, by slug: a state holds slugs, and a renamed strength is no change of a page.
    """
    old = before.blocks if before else ()
    found = sorted(
        _block_changes(old, after.blocks, names), key=lambda change: change[0]
    )
    page = _changes(_of_page(before) if before else {}, _of_page(after))
    touched = sum(change.place_after is not None for _, change in found)
    return Difference(
        page, tuple(change for _, change in found), len(after.blocks) - touched
    )
