"""Which drafts wait to be published."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from content.actions import withdraw_page
from content.models import (
    BLOCKS,
    CallToActionBlock,
    ListBlock,
    Page,
    ProseBlock,
    Strength,
    StrengthsBlock,
    WorkflowBlock,
)
from content.queries import blocks, draft, draft_blocks, frozen
from content.review import page_statuses
from tests.support.articles import (
    make_page,
    make_prose,
    publish_drafted_words,
    publish_page,
)

pytestmark = pytest.mark.database


def retire_interests() -> None:
    Strength.objects.filter(kind="interest").update(retired=True)
    publish_drafted_words()


CHANGES = {
    "a word of the page": lambda page: Page.objects.filter(pk=page.pk).update(
        lead="Other words."
    ),
    "a word of a block": lambda page: ProseBlock.objects.filter(parent=page).update(
        text="<p>Other words.</p>"
    ),
    "a tick": lambda page: CallToActionBlock.objects.filter(parent=page).update(
        booking=False
    ),
    "a block taken out": lambda page: ListBlock.objects.filter(parent=page).delete(),
    "a block put in": lambda page: make_prose(page, ordering=99),
    "the order of blocks": lambda page: ListBlock.objects.filter(parent=page).update(
        ordering=999
    ),
    "a list of strengths": lambda page: retire_interests(),
    "lines that cannot be read": lambda page: WorkflowBlock.objects.create(
        parent=page, region="main", ordering=1, heading="Who", steps="boss: decides"
    ),
}


def titles() -> list[str]:
    return [status.page.title for status in page_statuses() if status.waits]


def test_nothing_waits_once_everything_is_published(article: None) -> None:
    assert titles() == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_page_waits_once_its_draft_differs(article: None, change) -> None:
    page = Page.objects.get(slug="choosing")
    make_prose(page)
    ListBlock.objects.create(
        parent=page, region="main", ordering=11, heading="Why", lines="One\nTwo"
    )
    publish_page(page, by=None)
    assert titles() == []
    change(page)
    assert titles() == [page.title]


def test_page_that_was_never_published_waits_and_one_taken_offline_does_not(
    db: None, editor: User
) -> None:
    page = make_page()
    make_prose(page)
    assert titles() == ["New page"]
    publish_page(page, by=editor)
    withdraw_page(page, by=editor)
    assert titles() == []


@pytest.mark.parametrize("pages", [1, 3])
def test_statuses_cost_the_same_with_more_pages(
    article: None, django_assert_num_queries, pages: int
) -> None:
    for number in range(pages):
        page = make_page(f"page-{number}")
        make_prose(page)
        StrengthsBlock.objects.create(
            parent=page, region="main", ordering=20, heading="Skills", kind="shared"
        )
    # The pages, what visitors see, old addresses, each kind of block, the published
    # words and those of a kind that has none, the roles, the pictures.
    with django_assert_num_queries(3 + len(BLOCKS) + 4):
        statuses = page_statuses()
    assert len([status for status in statuses if status.waits]) == pages


def test_blocks_read_together_freeze_as_blocks_read_by_themselves(
    article: None,
) -> None:
    retire_interests()
    rows = draft_blocks(Page.objects.all())
    assert len(rows) == Page.objects.count()
    for page in Page.objects.all():
        assert frozen(page, rows[page]) == draft(page)
        assert [row.pk for row in rows[page]] == [row.pk for row in blocks(page)]
