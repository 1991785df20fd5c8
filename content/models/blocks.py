"""The typed parts of a page.

`freeze` gives the block as publishing stores it; `thaw` makes a draft row of it again.
"""

from __future__ import annotations

from typing import Any

from content_editor.models import create_plugin_base
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_prose_editor.fields import ProseEditorField, create_sanitizer

from content import document, lines

from .pages import Page
from .pictures import UploadedPicture
from .roles import Role, Strength, listed_strengths
from .words import WordsState, live_state

PageBlock: Any = create_plugin_base(Page)

# What an editor can do to text, and all that the sanitizer lets through. There are no
# style attributes, because our Content-Security-Policy blocks them, and no classes.
EXTENSIONS = {
    "Bold": True,
    # Below the heading of the block, which is an h2.
    "Heading": {"levels": [3]},
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"enableTarget": False, "protocols": ["https", "http", "mailto"]},
}
SANITIZE = create_sanitizer(EXTENSIONS)
ONE_PER_LINE = "Write one entry per line."
NOTE = "A note below, in small type. You can leave it empty."
WITHOUT_WORDS = "Say what the picture shows, or check “decorative”."
ROLE_BY_KIND = "Shared skills have no role. Key strengths and interests have one."


class Block(PageBlock):  # type: ignore[misc]
    heading = models.CharField(
        max_length=90, help_text="Shown in the margin next to this part."
    )

    class Meta(PageBlock.Meta):  # type: ignore[misc]
        abstract = True

    def __str__(self) -> str:
        return self.heading

    def freeze(self) -> document.FrozenBlock:
        raise NotImplementedError

    @classmethod
    def thaw(cls, frozen: Any) -> Block:
        """An unsaved row with the content of the published block."""
        raise NotImplementedError


class ProseBlock(Block):
    text = ProseEditorField(
        extensions=EXTENSIONS,
        sanitize=SANITIZE,
        help_text="Links to our own pages start with a slash, like /skills/.",
    )

    class Meta(Block.Meta):
        verbose_name = "text"

    def freeze(self) -> document.Prose:
        # The field sanitizes in clean() alone, and some code saves rows without it.
        return document.Prose(self.heading, SANITIZE(self.text))

    @classmethod
    def thaw(cls, frozen: document.Prose) -> ProseBlock:
        return cls(heading=frozen.heading, text=frozen.text)


class IllustrationBlock(Block):
    # The caption: the block has no heading in the margin.
    heading = models.CharField(
        max_length=120,
        verbose_name="caption",
        help_text="One short sentence below the picture.",
    )
    picture = models.CharField(
        max_length=20,
        choices=list(document.PICTURES.items()),
        help_text="As the first block, it stands beside the title of the page.",
    )
    alternative = models.TextField(
        verbose_name="alternative text",
        help_text="What the picture shows, for people who don’t see it.",
    )

    class Meta(Block.Meta):
        verbose_name = "illustration"

    def freeze(self) -> document.Illustration:
        return document.Illustration(self.heading, self.picture, self.alternative)

    @classmethod
    def thaw(cls, frozen: document.Illustration) -> IllustrationBlock:
        return cls(
            heading=frozen.heading,
            picture=frozen.picture,
            alternative=frozen.alternative,
        )


class PictureBlock(Block):
    # The caption: the block has no heading in the margin.
    heading = models.CharField(
        max_length=200,
        blank=True,
        verbose_name="caption",
        help_text="A short sentence below the picture. You can leave it empty.",
    )
    picture = models.ForeignKey(
        UploadedPicture, on_delete=models.PROTECT, related_name="+"
    )
    alternative = models.TextField(
        blank=True,
        verbose_name="alternative text",
        help_text="What the picture shows, for people who don’t see it.",
    )
    decorative = models.BooleanField(
        default=False,
        help_text="The picture adds nothing to the text. Screen readers skip it.",
    )
    crop = models.CharField(
        max_length=12,
        blank=True,
        choices=[("", "Don’t crop"), *document.CROPS.items()],
        help_text=(
            "A cropped picture is twice as wide as high. Choose what stays in view."
        ),
    )
    credit = models.CharField(
        max_length=200,
        blank=True,
        help_text="Who made the picture, and its license. You can leave it empty.",
    )

    class Meta(Block.Meta):
        verbose_name = "picture"
        constraints = [
            models.CheckConstraint(
                condition=Q(decorative=True) | ~Q(alternative=""),
                name="picture_block_has_alternative",
                violation_error_message=WITHOUT_WORDS,
            ),
        ]

    def __str__(self) -> str:
        return self.heading or self.alternative or "Picture"

    def clean(self) -> None:
        self.alternative = self.alternative.strip()
        if not (self.decorative or self.alternative):
            raise ValidationError({"alternative": WITHOUT_WORDS})

    def freeze(self) -> document.PlacedPicture:
        return document.PlacedPicture(
            self.heading,
            self.picture.sha256,
            tuple(self.picture.widths),
            self.picture.height,
            "" if self.decorative else self.alternative,
            self.crop,
            self.credit,
        )

    @classmethod
    def thaw(cls, frozen: document.PlacedPicture) -> PictureBlock:
        return cls(
            heading=frozen.heading,
            picture=UploadedPicture.objects.get(sha256=frozen.sha256),
            alternative=frozen.alternative,
            decorative=not frozen.alternative,
            crop=frozen.crop,
            credit=frozen.credit,
        )


class QuotationBlock(Block):
    text = models.TextField(help_text="Their words, without quotation marks.")
    who = models.CharField(max_length=120, help_text="Who said or wrote it.")
    source = models.URLField(
        max_length=500,
        blank=True,
        help_text="The address where it stands, such as https://example.org/page.",
    )

    class Meta(Block.Meta):
        verbose_name = "quotation"

    def freeze(self) -> document.Quotation:
        return document.Quotation(self.heading, self.text, self.who, self.source)

    @classmethod
    def thaw(cls, frozen: document.Quotation) -> QuotationBlock:
        return cls(
            heading=frozen.heading,
            text=frozen.text,
            who=frozen.who,
            source=frozen.source,
        )


class ListBlock(Block):
    intro = models.TextField(blank=True)
    lines = models.TextField(help_text=ONE_PER_LINE)
    note = models.TextField(blank=True, help_text=NOTE)

    class Meta(Block.Meta):
        verbose_name = "list"

    def freeze(self) -> document.Listing:
        return document.Listing(
            self.heading, self.intro, lines.parse_lines(self.lines), self.note
        )

    @classmethod
    def thaw(cls, frozen: document.Listing) -> ListBlock:
        return cls(
            heading=frozen.heading,
            intro=frozen.intro,
            lines=lines.format_lines(frozen.lines),
            note=frozen.note,
        )


class ResponsibilitiesBlock(Block):
    intro = models.TextField(blank=True)
    groups = models.TextField(
        validators=[lines.validate_groups],
        help_text=(
            "Write a title on its own line, then its lines right below it. Leave an "
            "empty line before the next title. A single line shows as a sentence."
        ),
    )
    note = models.TextField(blank=True, help_text=NOTE)

    class Meta(Block.Meta):
        verbose_name = verbose_name_plural = "grouped responsibilities"

    def freeze(self) -> document.Responsibilities:
        return document.Responsibilities(
            self.heading, self.intro, lines.parse_groups(self.groups), self.note
        )

    @classmethod
    def thaw(cls, frozen: document.Responsibilities) -> ResponsibilitiesBlock:
        return cls(
            heading=frozen.heading,
            intro=frozen.intro,
            groups=lines.format_groups(frozen.groups),
            note=frozen.note,
        )


class ComparisonBlock(Block):
    intro = models.TextField(blank=True)
    caption = models.CharField(
        max_length=120, help_text="Says what the table compares."
    )
    rows = models.TextField(
        validators=[lines.validate_rows],
        help_text="One row per line: question | project manager | product manager.",
    )
    strengths = models.BooleanField(
        default=False,
        verbose_name="add a row of key strengths",
        help_text="The last row then lists the key strengths of both roles.",
    )

    class Meta(Block.Meta):
        verbose_name = "side-by-side comparison"

    def freeze(self) -> document.RoleComparison:
        return document.RoleComparison(
            self.heading,
            self.intro,
            self.caption,
            lines.parse_rows(self.rows),
            self.strengths,
        )

    @classmethod
    def thaw(cls, frozen: document.RoleComparison) -> ComparisonBlock:
        return cls(
            heading=frozen.heading,
            intro=frozen.intro,
            caption=frozen.caption,
            rows=lines.format_rows(frozen.rows),
            strengths=frozen.strengths,
        )


class WorkflowBlock(Block):
    intro = models.TextField(blank=True)
    steps = models.TextField(
        validators=[lines.validate_steps],
        help_text=(
            "Write one step per line, starting with who acts: “product: finds a "
            "problem”, “project: makes the plan”, “team: does the work”."
        ),
    )
    note = models.TextField(blank=True, help_text=NOTE)

    class Meta(Block.Meta):
        verbose_name = "numbered workflow"

    def freeze(self) -> document.Workflow:
        return document.Workflow(
            self.heading, self.intro, lines.parse_steps(self.steps), self.note
        )

    @classmethod
    def thaw(cls, frozen: document.Workflow) -> WorkflowBlock:
        return cls(
            heading=frozen.heading,
            intro=frozen.intro,
            steps=lines.format_steps(frozen.steps),
            note=frozen.note,
        )


class ExampleBlock(Block):
    intro = models.TextField(blank=True, help_text="The situation.")
    project = models.TextField(
        verbose_name="what the project manager does", help_text=ONE_PER_LINE
    )
    product = models.TextField(
        verbose_name="what the product manager does", help_text=ONE_PER_LINE
    )
    note = models.TextField(blank=True, help_text=NOTE)

    class Meta(Block.Meta):
        verbose_name = "worked example"

    def freeze(self) -> document.Example:
        return document.Example(
            self.heading,
            self.intro,
            lines.parse_lines(self.project),
            lines.parse_lines(self.product),
            self.note,
        )

    @classmethod
    def thaw(cls, frozen: document.Example) -> ExampleBlock:
        return cls(
            heading=frozen.heading,
            intro=frozen.intro,
            project=lines.format_lines(frozen.project),
            product=lines.format_lines(frozen.product),
            note=frozen.note,
        )


class StrengthsBlock(Block):
    intro = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Strength.Kind)
    role = models.ForeignKey(
        Role,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Leave this empty for shared skills.",
    )

    # The published words that queries.draft_blocks has read once for many blocks;
    # without them `freeze` asks the database itself.
    words: WordsState | None = None

    class Meta(Block.Meta):
        verbose_name = verbose_name_plural = "strengths"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="shared", role=None)
                | Q(kind__in=("key", "interest"), role__isnull=False),
                name="strengths_block_shared_has_no_role",
                violation_error_message=ROLE_BY_KIND,
            ),
        ]

    def clean(self) -> None:
        if self.kind and (self.kind == Strength.Kind.SHARED) != (self.role is None):
            raise ValidationError({"role": ROLE_BY_KIND})

    def freeze(self) -> document.Strengths:
        role = self.role.slug if self.role else ""
        words = live_state() if self.words is None else self.words
        slugs = listed_strengths(words).get((self.kind, role), ())
        return document.Strengths(self.heading, self.intro, self.kind, role, slugs)

    @classmethod
    def thaw(cls, frozen: document.Strengths) -> StrengthsBlock:
        role = Role.objects.get(slug=frozen.role) if frozen.role else None
        return cls(
            heading=frozen.heading, intro=frozen.intro, kind=frozen.list, role=role
        )


class CallToActionBlock(Block):
    text = models.TextField()
    booking = models.BooleanField(
        default=True,
        verbose_name="offer the clarity call too",
        help_text=(
            "The button to the questions is always there. "
            "This adds the link to the call."
        ),
    )

    class Meta(Block.Meta):
        verbose_name = verbose_name_plural = "call to action"

    def freeze(self) -> document.CallToAction:
        return document.CallToAction(self.heading, self.text, self.booking)

    @classmethod
    def thaw(cls, frozen: document.CallToAction) -> CallToActionBlock:
        return cls(heading=frozen.heading, text=frozen.text, booking=frozen.booking)


BLOCKS: dict[str, type[Block]] = {
    document.Prose.kind: ProseBlock,
    document.Illustration.kind: IllustrationBlock,
    document.PlacedPicture.kind: PictureBlock,
    document.Quotation.kind: QuotationBlock,
    document.Listing.kind: ListBlock,
    document.Responsibilities.kind: ResponsibilitiesBlock,
    document.RoleComparison.kind: ComparisonBlock,
    document.Workflow.kind: WorkflowBlock,
    document.Example.kind: ExampleBlock,
    document.Strengths.kind: StrengthsBlock,
    document.CallToAction.kind: CallToActionBlock,
}
