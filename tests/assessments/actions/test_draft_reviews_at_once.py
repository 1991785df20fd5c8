"""A draft is marked as ready at the moment it is published or deleted.

CONCURRENCY_ROUNDS asks for more rounds, and `make soak` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from django.contrib.auth.models import User

from assessments.actions.draft_reviews import (
    NotMarked,
    delete_drafts,
    mark_draft_ready,
    reviewed_fingerprint,
    take_back_mark,
)
from assessments.actions.drafts import duplicate
from assessments.actions.versions import publish, sections_with_questions
from assessments.models import DraftReviewRequest, Questionnaire, Version
from tests.support.threads import ROUNDS, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]


@pytest.fixture
def edith(live: Version) -> User:
    return User.objects.create_user("edith")


def new_draft(live: Version, name: str) -> Questionnaire:
    draft = duplicate(live)
    draft.name = name
    draft.save()
    return draft


def marking(draft: Questionnaire, by: User) -> partial[None]:
    [sections] = sections_with_questions([draft])
    seen = reviewed_fingerprint(draft, sections)
    return partial(mark_draft_ready, draft, comment="", by=by, seen=seen)


def unexpected(answers: Sequence[object]) -> list[object]:
    return [
        each
        for each in answers
        if isinstance(each, Exception) and not isinstance(each, NotMarked)
    ]


def test_published_draft_keeps_no_mark(live: Version, edith: User) -> None:
    for number in range(ROUNDS // 4):
        draft = new_draft(live, f"Draft {number}")
        answers = at_once(marking(draft, edith), partial(publish, draft, by=edith))
        assert unexpected(answers) == []
        assert isinstance(answers[1], Version)
        assert not DraftReviewRequest.objects.exists()


def test_deleted_draft_leaves_no_mark(live: Version, edith: User) -> None:
    for number in range(ROUNDS // 4):
        draft = new_draft(live, f"Draft {number}")
        only = Questionnaire.objects.filter(pk=draft.pk)
        answers = at_once(marking(draft, edith), partial(delete_drafts, only))
        assert unexpected(answers) == []
        assert not only.exists()
        assert not DraftReviewRequest.objects.exists()


def test_two_marks_and_one_taken_back_leave_one_or_none(
    live: Version, edith: User
) -> None:
    draft = new_draft(live, "Draft")
    for _ in range(ROUNDS // 4):
        mark = marking(draft, edith)
        answers = at_once(mark, mark, partial(take_back_mark, draft, by=edith))
        assert unexpected(answers) == []
        assert DraftReviewRequest.objects.count() in (0, 1)
