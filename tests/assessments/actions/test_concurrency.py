"""Two hands at once.

Rounds of real threads on the real database keep every invariant.
"""

from __future__ import annotations

import json

import pytest

from assessments.actions import attempts, retention, share_links
from assessments.actions.drafts import duplicate
from assessments.actions.limits import seconds_to_wait
from assessments.actions.versions import publish
from assessments.models import (
    Attempt,
    Owner,
    Questionnaire,
    RateCount,
    Result,
    ShareLink,
    Version,
)
from assessments.queries import versions
from tests.support.loading import load
from tests.support.saving import save_answers
from tests.support.threads import at_once, kinds

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.slow,
]
ROUNDS = 25


@pytest.fixture
def version(transactional_db: None) -> Version:
    load("load_article")
    load("load_questionnaire")
    return Version.objects.get()


def finished(version: Version) -> Owner:
    """An owner whose open attempt has every answer, all in the middle."""
    attempt, _ = attempts.start(version=version, form="full")
    questions = versions.questionnaire_of(version).questions_of("full")
    save_answers(
        attempt.owner,
        seen={},
        chosen={question.id: question.buttons[2] for question in questions},
    )
    Attempt.objects.filter(pk=attempt.pk).update(seconds=300)
    return attempt.owner


def test_two_finishes_at_once_give_one_result(version: Version) -> None:
    for _ in range(ROUNDS):
        owner = finished(version)
        outcomes = at_once(
            lambda owner=owner: attempts.finish(owner),
            lambda owner=owner: attempts.finish(owner),
        )
        assert kinds(outcomes) == ["NoOpenAttempt", "Result"]
        assert Result.objects.filter(owner=owner).count() == 1


def test_two_corrections_at_once_open_one_attempt(version: Version) -> None:
    for _ in range(ROUNDS):
        result = attempts.finish(finished(version))
        opened = at_once(
            lambda result=result: attempts.correct(result),
            lambda result=result: attempts.correct(result),
        )
        assert {attempt.pk for attempt in opened if isinstance(attempt, Attempt)} == {
            Attempt.objects.get(owner=result.owner, finished_at=None).pk
        }
        assert not [each for each in opened if isinstance(each, Exception)]


def test_two_windows_that_answer_different_questions_at_once_keep_both(
    version: Version,
) -> None:
    for _ in range(ROUNDS):
        attempt, _ = attempts.start(version=version, form="full")
        owner = attempt.owner
        at_once(
            lambda owner=owner: save_answers(owner, seen={}, chosen={"T1": 1}),
            lambda owner=owner: save_answers(owner, seen={}, chosen={"T2": 5}),
        )
        assert Attempt.objects.get(pk=attempt.pk).answers == {"T1": 1, "T2": 5}


def test_two_windows_that_answer_one_question_differently_at_once_contest_exactly_once(
    version: Version,
) -> None:
    for _ in range(ROUNDS):
        attempt, _ = attempts.start(version=version, form="full")
        owner = attempt.owner
        saved = at_once(
            lambda owner=owner: save_answers(owner, seen={}, chosen={"T1": 1}),
            lambda owner=owner: save_answers(owner, seen={}, chosen={"T1": 5}),
        )
        kept = Attempt.objects.get(pk=attempt.pk).answers["T1"]
        assert sorted(
            len(each.contested) for each in saved if isinstance(each, attempts.Saved)
        ) == [0, 1]
        assert [
            each.contested["T1"]
            for each in saved
            if isinstance(each, attempts.Saved) and each.contested
        ] == [kept]


def test_saving_while_finishing_never_changes_a_stored_result(version: Version) -> None:
    for _ in range(ROUNDS):
        owner = finished(version)
        outcomes = at_once(
            lambda owner=owner: attempts.finish(owner),
            lambda owner=owner: save_answers(owner, seen={"T1": 3}, chosen={"T1": 1}),
        )
        assert kinds(outcomes) in (["NoOpenAttempt", "Result"], ["Result", "Saved"])
        result = Result.objects.get(owner=owner)
        assert (
            json.loads(result.answers)
            == Attempt.objects.get(pk=result.attempt_id).answers
        )


def test_deleting_while_sharing_leaves_no_link(version: Version) -> None:
    for _ in range(ROUNDS):
        result = attempts.finish(finished(version))
        outcomes = at_once(
            lambda result=result: share_links.make_share_link(
                result, scope="summary", label="", days=7
            ),
            lambda result=result: retention.delete_everything(result.owner),
        )
        assert kinds(outcomes) in (["Deleted", "OwnerGone"], ["Deleted", "ShareLink"])
        assert not ShareLink.objects.exists()
        assert not Result.objects.exists()


def test_limit_counts_exactly_under_many_hands(version: Version) -> None:
    outcomes = at_once(
        *[lambda: seconds_to_wait("test", by="192.0.2.1", most=5) == 0] * 12
    )
    assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"] * 5
    assert RateCount.objects.get().hits == 12


def test_two_publishers_at_once_give_two_numbers(version: Version) -> None:
    for round_number in range(ROUNDS):
        drafts = [duplicate(version) for _ in range(2)]
        for number, draft in enumerate(drafts):
            Questionnaire.objects.filter(pk=draft.pk).update(
                name=f"Edition {round_number}, {number}"
            )
        published = at_once(
            *(lambda draft=draft: publish(draft, by=None) for draft in drafts)
        )
        assert sorted(each.number for each in published) == [
            2 * round_number + 2,
            2 * round_number + 3,
        ]


def test_one_draft_published_twice_at_once_is_one_version(version: Version) -> None:
    draft = duplicate(version)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Autumn")
    outcomes = at_once(lambda: publish(draft, by=None), lambda: publish(draft, by=None))
    assert kinds(outcomes) == ["NotPublished", "Version"]
    assert Version.objects.count() == 2
