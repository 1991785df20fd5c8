"""A page as publishing freezes it and as templates read it: plain values, no rows.

The JSON is the same in every process: keys are sorted, there are no spaces, and
non-ASCII characters stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class LineGroup:
    """A title with either several lines or one sentence under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ComparisonRow:
    """One question that both roles are asked."""

    question: str
    project: str
    product: str


@dataclass(frozen=True)
class WorkflowStep:
    """One step of a workflow; `actor` is project, product or team."""

    actor: str
    text: str


@dataclass(frozen=True)
class FrozenBlock:
    kind: ClassVar[str]
    heading: str

    @property
    def template(self) -> str:
        return f"content/_block_{self.kind}.html"


@dataclass(frozen=True)
class Prose(FrozenBlock):
    kind = "prose"
    # HTML, sanitized when the draft was saved.
    text: str


@dataclass(frozen=True)
class Listing(FrozenBlock):
    kind = "list"
    intro: str
    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Responsibilities(FrozenBlock):
    kind = "responsibilities"
    intro: str
    groups: tuple[LineGroup, ...]
    note: str


@dataclass(frozen=True)
class RoleComparison(FrozenBlock):
    kind = "comparison"
    intro: str
    caption: str
    rows: tuple[ComparisonRow, ...]
    strengths: bool


@dataclass(frozen=True)
class Workflow(FrozenBlock):
    kind = "workflow"
    intro: str
    steps: tuple[WorkflowStep, ...]
    note: str


@dataclass(frozen=True)
class Example(FrozenBlock):
    kind = "example"
    intro: str
    project: tuple[str, ...]
    product: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Strengths(FrozenBlock):
    kind = "strengths"
    intro: str
    # key, interest or shared
    list: str
    # A role's slug; empty for shared skills.
    role: str
    # Slugs. Pages show the names that the Strength rows have today.
    strengths: tuple[str, ...]


@dataclass(frozen=True)
class CallToAction(FrozenBlock):
    kind = "call"
    text: str
    booking: bool


BLOCK_TYPES: dict[str, type[FrozenBlock]] = {
    block.kind: block
    for block in (
        Prose,
        Listing,
        Responsibilities,
        RoleComparison,
        Workflow,
        Example,
        Strengths,
        CallToAction,
    )
}
NESTED = {"groups": LineGroup, "rows": ComparisonRow, "steps": WorkflowStep}


@dataclass(frozen=True)
class Document:
    slug: str
    title: str
    nav_title: str
    description: str
    lead: str
    position: int
    in_navigation: bool
    blocks: tuple[FrozenBlock, ...]

    @property
    def url(self) -> str:
        return f"/{self.slug}/"

    @property
    def strengths(self) -> tuple[str, ...]:
        """Slugs of the strengths on this page; each is also the name of an anchor."""
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
    """SHA-256 of these pages, as 64 hexadecimal digits.

    It tells whether what a publisher looked at is what is about to be published.
    """
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
    """The document of which `to_json` made the text.

    Raises KeyError or TypeError for other JSON.
    """
    content = json.loads(text)
    blocks = tuple(
        BLOCK_TYPES[block["kind"]](
            **{
                name: _frozen(name, value)
                for name, value in block.items()
                if name != "kind"
            }
        )
        for block in content["blocks"]
    )
    return Document(**content | {"blocks": blocks})
