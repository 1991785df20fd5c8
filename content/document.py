"""A page as publishing freezes it and as templates read it: plain values, no rows.

The JSON is the same in every process: keys are sorted, there are no spaces, and
non-ASCII characters stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar


def picture_address(sha256: str, width: int) -> str:
    return f"/pictures/{sha256}-{width}.webp"


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

    @property
    def name(self) -> str:
        """What staff call the block; not empty."""
        return self.heading


@dataclass(frozen=True)
class Prose(FrozenBlock):
    kind = "prose"
    # HTML, sanitized when the draft was saved.
    text: str


@dataclass(frozen=True)
class Illustration(FrozenBlock):
    """A picture of the built-in set. Its heading is the caption below it."""

    kind = "illustration"
    # One of PICTURES.
    picture: str
    # What the picture shows, for people who don't see it.
    alternative: str

    @property
    def shapes(self) -> str:
        return f"content/pictures/{self.picture}.html"


@dataclass(frozen=True)
class PlacedPicture(FrozenBlock):
    """An uploaded picture on a page.

    Its heading is the caption below it, and may be empty.
    """

    kind = "picture"
    # SHA-256 of its renditions, as 64 hexadecimal digits.
    sha256: str
    # Of the renditions in pixels, narrowest first.
    widths: tuple[int, ...]
    # Of the widest rendition, in pixels.
    height: int
    # What the picture shows; empty for one that only decorates.
    alternative: str
    # Empty for the whole picture, or one of CROPS.
    crop: str
    credit: str

    @property
    def name(self) -> str:
        return self.heading or self.alternative or "Picture"

    @property
    def width(self) -> int:
        """Of the widest rendition, in pixels."""
        return self.widths[-1]

    @property
    def address(self) -> str:
        """Of the widest rendition."""
        return picture_address(self.sha256, self.width)

    @property
    def addresses(self) -> str:
        """The value of `srcset`."""
        return ", ".join(
            f"{picture_address(self.sha256, width)} {width}w" for width in self.widths
        )


@dataclass(frozen=True)
class Quotation(FrozenBlock):
    kind = "quotation"
    text: str
    # Who said it.
    who: str
    # An address; may be empty.
    source: str


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
    # Slugs. Pages show the names that were published last.
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
        Illustration,
        PlacedPicture,
        Quotation,
        Listing,
        Responsibilities,
        RoleComparison,
        Workflow,
        Example,
        Strengths,
        CallToAction,
    )
}
# The built-in pictures, by the name of their template, as staff choose among them.
# A published page may use any of them, so none goes away.
PICTURES = {
    "difference": "Built until it’s done, and growing on",
    "project": "Four steps up to a flag",
    "product": "A product and more and more users",
    "in-practice": "From many ideas to one plan",
    "working-together": "Five steps and around again",
    "skills": "A square and a circle overlap",
    "choosing": "One line splits in two",
    "future": "Both roles in balance",
}
# Which part of a cropped picture stays in view, as staff choose: words of the class
# attribute, and the name.
CROPS = {
    "center": "The center",
    "top": "The top",
    "bottom": "The bottom",
    "left": "The left",
    "right": "The right",
    "top left": "The top left",
    "top right": "The top right",
    "bottom left": "The bottom left",
    "bottom right": "The bottom right",
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
    def opening(self) -> Illustration | None:
        """The picture beside the title: the first block, if it's a picture."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Illustration) else None

    @property
    def body(self) -> tuple[FrozenBlock, ...]:
        """The blocks below the title and its picture."""
        return self.blocks[1:] if self.opening else self.blocks

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


# The slug in a link to a page, in rich text. A number sign or a query may follow.
_LINKED_SLUG = re.compile(r'(?<=href="/)[-\w]+(?=/["#?])')


def relinked(document: Document, moved: Mapping[str, str]) -> Document:
    """The page with links to the present addresses of pages that have moved.

    `moved`: slugs, by the slug before.
    """
    if not moved:
        return document
    blocks = (
        replace(
            block,
            text=_LINKED_SLUG.sub(
                lambda found: moved.get(found[0], found[0]), block.text
            ),
        )
        if isinstance(block, Prose)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def fingerprint(documents: Iterable[Document]) -> str:
    """SHA-256 of these pages, as 64 hexadecimal digits.

    It tells whether what a publisher looked at is what is about to be published.
    """
    return hashlib.sha256(
        "\n".join(to_json(document) for document in documents).encode()
    ).hexdigest()


def as_written(document: Document) -> Document:
    """Without the lists of strengths, which come with the published words."""
    blocks = (
        replace(block, strengths=()) if isinstance(block, Strengths) else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


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
