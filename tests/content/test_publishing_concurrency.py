"""Pages are published, taken offline and restored at the same moment.

CONCURRENCY_ROUNDS asks for more rounds, and `make soak` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from content import queries
from content.actions import (
    PublishError,
    publish_pages,
    restore_page,
    withdraw_page,
)
from content.admin.words import RoleAdmin
from content.models import (
    Page,
    PageVersion,
    ProseBlock,
    Role,
    Strength,
    StrengthsBlock,
    WordsVersion,
)
from content.word_actions import keep_former_words, put_back_words, restore_words
from tests.support.articles import make_page, make_prose, publish_page
from tests.support.threads import ROUNDS, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]


def test_no_public_page_links_to_one_that_is_taken_offline(editor: User) -> None:
    goal, other = make_page("goal"), make_page("other")
    make_prose(goal)
    text = ProseBlock.objects.filter(pk=make_prose(other).pk)
    for number in range(ROUNDS // 2):
        text.update(text=f"<p>Round {number}.</p>")
        publish_pages([goal, other], by=editor)
        text.update(text='<p><a href="/goal/">x</a></p>')
        answers = at_once(
            partial(publish_page, other, by=editor),
            partial(withdraw_page, goal, by=editor),
        )
        done = [isinstance(answer, PageVersion) for answer in answers]
        refused = [isinstance(answer, PublishError) for answer in answers]
        assert (sum(done), sum(refused)) == (1, 1), answers
        shown = queries.current_version(other)
        assert shown is not None
        assert ("/goal/" in shown.content) == done[0]
        assert (queries.current_version(goal) is None) == done[1]


def test_no_public_page_links_to_a_place_that_another_drops(editor: User) -> None:
    Strength.objects.create(slug="juggling", name="Juggling", kind="shared", text="3.")
    goal, other = make_page("goal"), make_page("other")
    make_prose(goal)
    text = ProseBlock.objects.filter(pk=make_prose(other).pk)
    for number in range(ROUNDS // 2):
        text.update(text=f"<p>Round {number}.</p>")
        block = StrengthsBlock.objects.create(
            parent=goal, region="main", ordering=20, heading="All", kind="shared"
        )
        publish_pages([goal, other], by=editor)
        text.update(text='<p><a href="/goal/#juggling">x</a></p>')
        block.delete()
        answers = at_once(
            partial(publish_page, other, by=editor),
            partial(publish_page, goal, by=editor),
        )
        done = [isinstance(answer, PageVersion) for answer in answers]
        refused = [isinstance(answer, PublishError) for answer in answers]
        assert (sum(done), sum(refused)) == (1, 1), answers


def test_nobody_waits_in_a_circle(article: None, editor: User) -> None:
    pages = list(Page.objects.order_by("pk"))
    words = WordsVersion.objects.get()
    states = {version.page_id: version for version in PageVersion.objects.all()}
    role, other = Role.objects.order_by("position")
    slot = role.page
    assert slot is not None
    for number in range(ROUNDS // 8):
        Page.objects.update(lead=f"Round {number}.")
        Role.objects.filter(pk=role.pk).update(name=f"Role {number}", page=None)
        answers = at_once(
            partial(publish_pages, pages, by=editor),
            partial(publish_pages, pages[::-1], by=editor),
            partial(restore_page, states[pages[0].pk], by=editor),
            partial(restore_page, states[pages[-1].pk], by=editor),
            partial(restore_words, words, by=editor),
            partial(save_blocks, pages[-1], [role, other]),
            partial(save_blocks, slot, [other, role]),
        )
        assert not [each for each in answers if isinstance(each, Exception)], answers
        role.refresh_from_db()
        assert role.page is not None


@pytest.mark.parametrize("act", ["restore words", "save the role", "put words back"])
def test_words_and_blocks_about_them_never_wait_in_a_circle(
    article: None, editor: User, act: str
) -> None:
    """One sets the page of a role, another adds a list of it to that page."""
    words = WordsVersion.objects.get()
    role = Role.objects.get(position=1)
    slot = role.page
    assert slot is not None
    former = keep_former_words(role, {"name": role.name, "page": slot.pk}, by=editor)
    assert former is not None
    acts: dict[str, Any] = {
        "restore words": partial(restore_words, words, by=editor),
        "save the role": partial(save_page_of_role, role, slot),
        "put words back": partial(put_back_words, former, role, by=editor),
    }
    for number in range(ROUNDS // 4):
        Role.objects.filter(pk=role.pk).update(name=f"Role {number}", page=None)
        answers = at_once(acts[act], partial(save_blocks, slot, [role]))
        assert not [each for each in answers if isinstance(each, Exception)], answers
        role.refresh_from_db()
        assert role.page == slot


def save_blocks(page: Page, roles: Sequence[Role]) -> None:
    """As the form of a page does: it locks its page, then adds blocks."""
    with transaction.atomic():
        Page.objects.select_for_update().order_by("pk").get(pk=page.pk)
        StrengthsBlock.objects.filter(parent=page, ordering=90).delete()
        for role in roles:
            StrengthsBlock.objects.create(
                parent=page,
                region="main",
                ordering=90,
                heading="All",
                kind="key",
                role=role,
            )


def save_page_of_role(role: Role, page: Page) -> None:
    """As the form of a role does."""
    forms = RoleAdmin(Role, admin.site)
    with transaction.atomic():
        assert forms.locked(HttpRequest(), role.pk)
        row = Role.objects.get(pk=role.pk)
        row.name, row.page = f"Name {row.pk}", page
        row.save()
