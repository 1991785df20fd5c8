"""Saving, finishing and reopening: what each action stores, and when it refuses."""

from __future__ import annotations

import pytest

from assessments.actions import attempts
from assessments.models import Attempt, Owner, Result, Version
from tests.support.coaching import alone
from tests.support.taker import answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def owner(questionnaire: Version) -> Owner:
    attempt, _ = attempts.start(version=questionnaire, form="full", by_staff=False)
    return attempt.owner


def chosen(example: str) -> dict[str, int | None]:
    return {
        question: None if value == "skip" else int(value)
        for question, value in answers_of(example).items()
    }


def test_same_answer_saved_again_is_no_conflict(owner: Owner) -> None:
    attempts.save_answers(owner, seen={}, chosen={"T1": 2})
    saved = attempts.save_answers(owner, seen={}, chosen={"T1": 2})
    assert (saved.answers, saved.contested) == ({"T1": 2}, {})


def test_answer_changed_elsewhere_and_left_alone_here_is_no_conflict(
    owner: Owner,
) -> None:
    attempts.save_answers(owner, seen={}, chosen={"T1": 2})
    attempts.save_answers(owner, seen={"T1": 2}, chosen={"T1": 5})
    saved = attempts.save_answers(owner, seen={"T1": 2}, chosen={"T1": 2})
    assert (saved.answers, saved.contested) == ({"T1": 5}, {})


def test_answer_changed_here_and_elsewhere_is_contested(owner: Owner) -> None:
    attempts.save_answers(owner, seen={}, chosen={"T1": 2})
    saved = attempts.save_answers(owner, seen={}, chosen={"T1": 4})
    assert (saved.answers, saved.contested) == ({"T1": 2}, {"T1": 2})


def test_finishing_with_open_questions_names_them(owner: Owner) -> None:
    answers = chosen("clear_project")
    del answers["T3"], answers["S5"]
    attempts.save_answers(owner, seen={}, chosen=answers)
    with pytest.raises(attempts.Unanswered) as refusal:
        attempts.finish(owner)
    assert refusal.value.questions == ["T3", "S5"]
    assert not Result.objects.exists()


def test_finishing_with_too_many_skipped_names_them(owner: Owner) -> None:
    attempts.save_answers(owner, seen={}, chosen=chosen("too_few"))
    with pytest.raises(attempts.TooFew) as refusal:
        attempts.finish(owner)
    assert refusal.value.skipped == [f"T{number}" for number in range(5, 13)]
    assert Attempt.objects.get().finished_at is None


def test_stopping_early_makes_a_short_result(owner: Owner) -> None:
    attempts.save_answers(owner, seen={}, chosen=chosen("clear_project"))
    result = attempts.finish(owner, stop_early=True)
    assert (result.form, Attempt.objects.get().form) == ("short", "short")


def test_short_result_is_continued_to_the_full_form(questionnaire: Version) -> None:
    result = alone("clear_short")
    attempt = attempts.continue_to_full(result)
    assert (attempt.form, attempt.made_from) == ("full", result.attempt)
    assert attempt.answers == result.attempt.answers
