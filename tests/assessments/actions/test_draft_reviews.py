"""An editor marks a draft of the questionnaire as ready, and the mark ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection

from assessments.actions.draft_reviews import (
    NotMarked,
    changed_since_asked,
    delete_drafts,
    drafts_to_review,
    mark_draft_ready,
    reviewed_fingerprint,
    take_back_mark,
)
from assessments.actions.drafts import duplicate
from assessments.actions.versions import (
    publish,
    sections_with_questions,
    waiting_drafts,
)
from assessments.models import (
    DraftReviewRequest,
    Question,
    Questionnaire,
    Section,
    Version,
)
from assessments.queries.versions import newest_version
from content.models import Strength

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def edith(db: None) -> User:
    return User.objects.create_user("edith")


def seen(draft: Questionnaire) -> str:
    """The fingerprint of the draft as it is stored."""
    [sections] = sections_with_questions([draft])
    return reviewed_fingerprint(Questionnaire.objects.get(pk=draft.pk), sections)


def mark(draft: Questionnaire, by: User, comment: str = "Look at T1.") -> None:
    mark_draft_ready(draft, comment=comment, by=by, seen=seen(draft))


def waiting() -> list[tuple[int, bool]]:
    return [
        (draft.pk, changed)
        for draft, changed in drafts_to_review(waiting_drafts(newest_version()))
    ]


def questions(draft: Questionnaire, code: str) -> Any:
    return Question.objects.filter(section__questionnaire=draft, code=code)


def test_marked_draft_waits_with_its_comment(draft: Questionnaire, edith: User) -> None:
    assert waiting() == []
    mark(draft, edith)
    assert waiting() == [(draft.pk, False)]
    request = DraftReviewRequest.objects.get()
    assert (request.draft, request.asked_by, request.comment) == (
        draft,
        edith,
        "Look at T1.",
    )
    assert LogEntry.objects.get().user == edith
    mark(draft, edith, "")
    assert DraftReviewRequest.objects.get().comment == ""


def test_unfinished_draft_may_be_marked(questionnaire: Version, edith: User) -> None:
    draft = duplicate(questionnaire)
    Section.objects.filter(questionnaire=draft, position=3).update(kind="trade_off")
    mark(draft, edith)
    assert waiting() == [(draft.pk, False)]


def test_longest_waiting_stands_first(
    questionnaire: Version, draft: Questionnaire, edith: User
) -> None:
    other = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=other.pk).update(name="Winter")
    mark(other, edith)
    mark(draft, edith)
    assert [pk for pk, _ in waiting()] == [other.pk, draft.pk]


CHANGES: dict[str, Callable[[Questionnaire], object]] = {
    "a constant": lambda draft: Questionnaire.objects.filter(pk=draft.pk).update(
        leans_floor="9"
    ),
    "a stem": lambda draft: draft.sections.filter(position=1).update(stem="Which?"),
    "a statement": lambda draft: questions(draft, "T1").update(statement="I plan."),
    "a line": lambda draft: questions(draft, "S1").update(
        strength=Strength.objects.get(slug="risk-management")
    ),
    "a tick": lambda draft: questions(draft, "T1").update(one_idea=False),
    "the order": lambda draft: questions(draft, "T1").update(position=99),
    "a deletion": lambda draft: questions(draft, "E1").delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_mark_says_that_the_draft_has_changed_since(
    draft: Questionnaire, edith: User, change: Callable[[Questionnaire], object]
) -> None:
    mark(draft, edith)
    change(draft)
    assert waiting() == [(draft.pk, True)]
    mark(draft, edith)
    assert waiting() == [(draft.pk, False)]


def test_words_for_staff_and_a_save_of_the_same_are_no_change(
    draft: Questionnaire, edith: User
) -> None:
    mark(draft, edith)
    draft.label, draft.note, draft.changed_by = "Spring", "For May", edith
    draft.save()
    assert waiting() == [(draft.pk, False)]


def test_draft_without_a_mark_has_not_changed_since(draft: Questionnaire) -> None:
    assert not changed_since_asked(draft, [])


def test_draft_that_changed_after_the_editor_looked_is_not_marked(
    draft: Questionnaire, edith: User
) -> None:
    looked_at = seen(draft)
    CHANGES["a statement"](draft)
    with pytest.raises(NotMarked):
        mark_draft_ready(draft, comment="", by=edith, seen=looked_at)
    assert not DraftReviewRequest.objects.exists()
    assert not LogEntry.objects.exists()


def test_draft_that_visitors_have_already_is_not_marked(
    questionnaire: Version, edith: User
) -> None:
    with pytest.raises(NotMarked):
        mark(duplicate(questionnaire), edith)
    assert not DraftReviewRequest.objects.exists()


def test_deleted_draft_is_not_marked(draft: Questionnaire, edith: User) -> None:
    looked_at = seen(draft)
    delete_drafts(Questionnaire.objects.filter(pk=draft.pk))
    with pytest.raises(NotMarked):
        mark_draft_ready(draft, comment="", by=edith, seen=looked_at)
    assert not DraftReviewRequest.objects.exists()


def test_mark_ends_with_publishing_its_draft_and_not_with_another(
    questionnaire: Version, draft: Questionnaire, edith: User
) -> None:
    mark(draft, edith)
    other = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=other.pk).update(name="Winter")
    publish(other, by=edith)
    assert waiting() == [(draft.pk, False)]
    publish(draft, by=edith)
    assert not DraftReviewRequest.objects.exists()


def test_mark_waits_for_nobody_once_the_draft_is_what_visitors_get(
    questionnaire: Version, draft: Questionnaire, edith: User
) -> None:
    twin = Questionnaire.objects.get(pk=draft.pk)
    mark(draft, edith)
    same = duplicate(questionnaire)
    same.name = twin.name
    same.save()
    publish(same, by=edith)
    assert waiting() == []
    Questionnaire.objects.filter(pk=draft.pk).update(name="Winter")
    assert waiting() == [(draft.pk, True)]


def test_marking_tells_what_blocks_publishing(
    questionnaire: Version, draft: Questionnaire, edith: User
) -> None:
    whole = mark_draft_ready(draft, comment="", by=edith, seen=seen(draft))
    assert not whole.blocking
    questions(draft, "E1").delete()
    unfinished = mark_draft_ready(draft, comment="", by=edith, seen=seen(draft))
    assert {finding.rule for finding in unfinished.blocking} == {"P6"}


def test_account_that_a_server_of_the_last_release_deletes_leaves_the_mark(
    draft: Questionnaire, edith: User
) -> None:
    """Such a server knows no marks, so it leaves the key of the account in them."""
    mark(draft, edith)
    LogEntry.objects.all().delete()
    account = User.objects.filter(pk=edith.pk)
    account._raw_delete(account.db)
    connection.check_constraints()
    [(marked, _)] = drafts_to_review(waiting_drafts(newest_version()))
    assert marked.review_request.asked_by is None


def test_mark_is_taken_back_once(draft: Questionnaire, edith: User) -> None:
    mark(draft, edith)
    assert [take_back_mark(draft, by=edith) for _ in range(2)] == [True, False]
    assert not DraftReviewRequest.objects.exists()
    assert LogEntry.objects.count() == 2


def test_mark_ends_with_its_draft(
    questionnaire: Version, draft: Questionnaire, edith: User
) -> None:
    mark(draft, edith)
    other = duplicate(questionnaire)
    delete_drafts(Questionnaire.objects.filter(pk=draft.pk))
    assert not DraftReviewRequest.objects.exists()
    assert not Questionnaire.objects.filter(pk=draft.pk).exists()
    assert Questionnaire.objects.filter(pk=other.pk).exists()
    assert not take_back_mark(draft, by=edith)


@pytest.mark.parametrize("drafts", [1, 3])
def test_telling_which_drafts_wait_costs_the_same_with_more_of_them(
    questionnaire: Version, edith: User, django_assert_num_queries: Any, drafts: int
) -> None:
    for number in range(drafts):
        draft = duplicate(questionnaire)
        Questionnaire.objects.filter(pk=draft.pk).update(name=f"Draft {number}")
        mark(draft, edith)
    marked = waiting_drafts(questionnaire)
    with django_assert_num_queries(2):
        found = drafts_to_review(marked)
        assert {str(draft.review_request.asked_by) for draft, _ in found} == {"edith"}
    assert len(found) == drafts
