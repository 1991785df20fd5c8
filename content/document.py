"""A page as it is frozen at publishing and as templates read it: plain values, no rows.

The JSON is the same in every process: sorted keys, no spaces, non-ASCII characters as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Group:
    """A title with either several lines or one sentence under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One question that both roles are asked."""

    question: str
    project: str
    product: str


@dataclass(frozen=True)
class Step:
    """One step of a workflow; `actor` is project, product or team."""

    actor: str
    text: str


@dataclass(frozen=True)
class Block:
    kind: ClassVar[str]
    heading: str

    @property
    def template(self) -> str:
        return f"content/_block_{self.kind}.html"


@dataclass(frozen=True)
class Prose(Block):
    kind = "prose"
    text: str  # HTML, sanitised when the draft was saved


@dataclass(frozen=True)
class Listing(Block):
    kind = "list"
    intro: str
    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Responsibilities(Block):
    kind = "responsibilities"
    intro: str
    groups: tuple[Group, ...]
    note: str


@dataclass(frozen=True)
class Comparison(Block):
    kind = "comparison"
    intro: str
    caption: str
    rows: tuple[Row, ...]
    strengths: bool


@dataclass(frozen=True)
class Workflow(Block):
    kind = "workflow"
    intro: str
    steps: tuple[Step, ...]
    note: str


@dataclass(frozen=True)
class Example(Block):
    kind = "example"
    intro: str
    project: tuple[str, ...]
    product: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Strengths(Block):
    kind = "strengths"
    intro: str
    list: str  # key, interest or shared
    role: str  # slug, or nothing for shared skills
    strengths: tuple[
        str, ...
    ]  # slugs; the names are taken from the Strength rows at display


@dataclass(frozen=True)
class CallToAction(Block):
    kind = "call"
    text: str
    booking: bool


KINDS: dict[str, type[Block]] = {
    block.kind: block
    for block in (
        Prose,
        Listing,
        Responsibilities,
        Comparison,
        Workflow,
        Example,
        Strengths,
        CallToAction,
    )
}
NESTED = {"groups": Group, "rows": Row, "steps": Step}


@dataclass(frozen=True)
class Document:
    slug: str
    title: str
    nav_title: str
    description: str
    lead: str
    position: int
    in_navigation: bool
    blocks: tuple[Block, ...]

    @property
    def url(self) -> str:
        return f"/{self.slug}/"

    @property
    def strengths(self) -> tuple[str, ...]:
        """Slugs of the strengths that stand on this page, each with an anchor of that name."""
        return tuple(
            slug
            for block in self.blocks
            if isinstance(block, Strengths)
            for slug in block.strengths
        )

    @property
    def has_call(self) -> bool:
        return any(isinstance(block, CallToAction) for block in self.blocks)


def to_json(document: Document) -> str:
    content = asdict(document) | {
        "blocks": [asdict(block) | {"kind": block.kind} for block in document.blocks]
    }
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def fingerprint(documents: Iterable[Document]) -> str:
    """SHA-256 of these pages, 64 hexadecimal digits: equal where a publisher looks at what is about to be published."""
    return hashlib.sha256(
        "\n".join(to_json(document) for document in documents).encode()
    ).hexdigest()


def _frozen(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple(
        NESTED[name](**{key: _frozen(key, item) for key, item in part.items()})
        if name in NESTED
        else part
        for part in value
    )


def from_json(text: str) -> Document:
    """The document that `to_json` wrote. Raises KeyError or TypeError for anything else."""
    content = json.loads(text)
    blocks = tuple(
        KINDS[block["kind"]](
            **{
                name: _frozen(name, value)
                for name, value in block.items()
                if name != "kind"
            }
        )
        for block in content["blocks"]
    )
    return Document(**content | {"blocks": blocks})
