"""Plain makers of rows, for tests of this room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from content.actions import publish_pages
from content.models import (
    CallToActionBlock,
    ComparisonBlock,
    ExampleBlock,
    IllustrationBlock,
    ListBlock,
    Page,
    PageVersion,
    ProseBlock,
    QuotationBlock,
    ResponsibilitiesBlock,
    Role,
    Strength,
    StrengthsBlock,
    WorkflowBlock,
)
from content.word_actions import publish_words
from tests.support.snapshots import forget_snapshots
from tests.support.uploads import make_picture_block


def make_page(slug: str = "new-page", **changes: Any) -> Page:
    words = {
        "title": "New page",
        "nav_title": "New",
        "description": "About the new page.",
        "lead": "This is new.",
        "position": 9,
    }
    return Page.objects.create(slug=slug, **words | changes)


def publish_page(page: Page, *, by: User | None) -> PageVersion:
    """Publish one draft; return its published state, old or new."""
    publish_pages([page], by=by)
    return page.versions.latest("number")


def make_prose(
    page: Page, text: str = "<p>Some words.</p>", *, ordering: int = 10
) -> ProseBlock:
    return ProseBlock.objects.create(
        parent=page, region="main", ordering=ordering, heading="Some words", text=text
    )


def make_role(slug: str = "project-manager", **changes: Any) -> Role:
    words = {
        "name": slug,
        "position": 1,
        "question": "How?",
        "summary": "Does it.",
        "first_step": "Try.",
        "second_step": "Try again.",
    }
    return Role.objects.create(slug=slug, **words | changes)


def make_one_block_of_each_kind(page: Page, text: str, role: Role) -> None:
    """Each text field holds `text`, in the line format of the field."""
    place = {"parent": page, "region": "main", "heading": text}
    Strength.objects.create(slug="one", name=text, kind="key", role=role, text=text)
    ProseBlock.objects.create(**place, ordering=1, text=f"<p>{text}</p>")
    ListBlock.objects.create(**place, ordering=2, intro=text, lines=text, note=text)
    ResponsibilitiesBlock.objects.create(
        **place, ordering=3, intro=text, groups=f"{text}\n{text}\n{text}", note=text
    )
    ComparisonBlock.objects.create(
        **place,
        ordering=4,
        intro=text,
        caption=text,
        rows=f"{text} | {text} | {text}",
        strengths=True,
    )
    WorkflowBlock.objects.create(
        **place,
        ordering=5,
        intro=text,
        steps=f"project: {text}\nteam: {text}",
        note=text,
    )
    ExampleBlock.objects.create(
        **place, ordering=6, intro=text, project=text, product=text, note=text
    )
    StrengthsBlock.objects.create(
        **place, ordering=7, intro=text, kind="key", role=role
    )
    CallToActionBlock.objects.create(**place, ordering=8, text=text)
    IllustrationBlock.objects.create(
        **place, ordering=9, picture="skills", alternative=text
    )
    QuotationBlock.objects.create(**place, ordering=10, text=text, who=text)
    make_picture_block(page, ordering=11, heading=text, alternative=text, credit=text)


def publish_drafted_words() -> None:
    """Show visitors the words as the rows say them now."""
    publish_words(by=None)
    forget_snapshots()
