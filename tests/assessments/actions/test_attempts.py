"""Saving, finishing and reopening: what each action stores, and when it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import attempts
from assessments.actions.locks import OwnerGone
from assessments.keys import new_key
from assessments.models import Attempt, Owner, Result, Version
from assessments.visitors.section_post import TamperedPost
from tests.support.coaching import alone
from tests.support.saving import save_answers
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
    save_answers(owner, seen={}, chosen={"T1": 2})
    saved = save_answers(owner, seen={}, chosen={"T1": 2})
    assert (saved.answers, saved.contested) == ({"T1": 2}, {})


def test_answer_changed_elsewhere_and_left_alone_here_is_no_conflict(
    owner: Owner,
) -> None:
    save_answers(owner, seen={}, chosen={"T1": 2})
    save_answers(owner, seen={"T1": 2}, chosen={"T1": 5})
    saved = save_answers(owner, seen={"T1": 2}, chosen={"T1": 2})
    assert (saved.answers, saved.contested) == ({"T1": 5}, {})


def test_answer_changed_here_and_elsewhere_is_contested(owner: Owner) -> None:
    save_answers(owner, seen={}, chosen={"T1": 2})
    saved = save_answers(owner, seen={}, chosen={"T1": 4})
    assert (saved.answers, saved.contested) == ({"T1": 2}, {"T1": 2})


def started(version: Version) -> str:
    """The key of an owner with an open attempt."""
    _, key = attempts.start(version=version, form="full")
    return key


def posted_at(moment: datetime) -> attempts.Posted:
    return attempts.Posted({}, {"T1": 2}, shown_at=moment, seconds={"T1": 3.0})


@pytest.mark.parametrize(("ends_page", "seconds"), [(True, 60), (False, 0)])
def test_post_is_saved_under_the_key_and_time_counts_at_the_end_of_a_page(
    questionnaire: Version, ends_page: bool, seconds: int
) -> None:
    key = started(questionnaire)
    with time_machine.travel(timezone.now(), tick=False):
        posted = posted_at(timezone.now() - timedelta(minutes=1))
        attempt, read, saved = attempts.save_post(
            key, lambda attempt: posted, ends_page=ends_page
        )
    stored = Attempt.objects.get()
    assert (attempt, read, saved.answers) == (stored, posted, {"T1": 2})
    assert (stored.answers, stored.timings) == ({"T1": 2}, {"T1": 3.0})
    assert stored.seconds == seconds


def test_post_that_is_refused_writes_nothing(questionnaire: Version) -> None:
    key = started(questionnaire)

    def refuse(attempt: Attempt) -> attempts.Posted:
        raise TamperedPost

    with pytest.raises(TamperedPost):
        attempts.save_post(key, refuse, ends_page=True)
    assert Attempt.objects.get().saves == 0


def test_post_under_a_key_of_nobody_or_without_an_open_attempt_is_refused(
    questionnaire: Version,
) -> None:
    key = started(questionnaire)
    posted = posted_at(timezone.now())
    with pytest.raises(OwnerGone):
        attempts.save_post(new_key(), lambda attempt: posted, ends_page=True)
    Attempt.objects.update(finished_at=timezone.now())
    with pytest.raises(attempts.NoOpenAttempt):
        attempts.save_post(key, lambda attempt: posted, ends_page=True)
    assert Attempt.objects.get().answers == {}


def test_finishing_with_open_questions_names_them(owner: Owner) -> None:
    answers = chosen("clear_project")
    del answers["T3"], answers["S5"]
    save_answers(owner, seen={}, chosen=answers)
    with pytest.raises(attempts.Unanswered) as refusal:
        attempts.finish(owner)
    assert refusal.value.questions == ["T3", "S5"]
    assert not Result.objects.exists()


def test_finishing_with_too_many_skipped_names_them(owner: Owner) -> None:
    save_answers(owner, seen={}, chosen=chosen("too_few"))
    with pytest.raises(attempts.TooFew) as refusal:
        attempts.finish(owner)
    assert refusal.value.skipped == [f"T{number}" for number in range(5, 13)]
    assert Attempt.objects.get().finished_at is None


def test_stopping_early_makes_a_short_result(owner: Owner) -> None:
    save_answers(owner, seen={}, chosen=chosen("clear_project"))
    result = attempts.finish(owner, stop_early=True)
    assert (result.form, Attempt.objects.get().form) == ("short", "short")


def test_short_result_is_continued_to_the_full_form(questionnaire: Version) -> None:
    result = alone("clear_short")
    attempt = attempts.continue_to_full(result)
    assert (attempt.form, attempt.made_from) == ("full", result.attempt)
    assert attempt.answers == result.attempt.answers


def test_changed_answer_gives_the_next_result_and_leaves_the_first_alone(
    questionnaire: Version,
) -> None:
    result = alone("clear_short")
    new = attempts.change_answer(result, "T1", 5)
    assert (new.number, new.form, new.seconds) == (2, "short", result.seconds)
    assert new.answer_map == result.answer_map | {"T1": 5}
    assert new.attempt.made_from == result.attempt
    assert new.attempt.finished_at is not None
    result.refresh_from_db()
    assert result.answer_map["T1"] == 1


def test_answer_that_stays_the_same_gives_the_same_result(
    questionnaire: Version,
) -> None:
    result = alone("clear_short")
    assert attempts.change_answer(result, "T1", 1) == result
    assert Attempt.objects.count() == 1


def test_same_change_made_twice_gives_one_result(questionnaire: Version) -> None:
    result = alone("clear_short")
    first = attempts.change_answer(result, "T1", 5)
    assert attempts.change_answer(result, "T1", 5) == first
    assert Result.objects.count() == 2


def test_change_that_leaves_too_few_answers_writes_nothing(
    owner: Owner,
) -> None:
    skips = dict.fromkeys(["T1", "T2", "T3"])
    save_answers(owner, seen={}, chosen=chosen("both") | skips)
    result = attempts.finish(owner)
    with pytest.raises(attempts.TooFew):
        attempts.change_answer(result, "T4", None)
    assert (Attempt.objects.count(), Result.objects.count()) == (1, 1)
