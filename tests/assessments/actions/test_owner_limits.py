"""How many results an owner may have, and how often one may save."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.actions import attempts
from assessments.actions.limits import seconds_to_wait
from assessments.models import Attempt, Owner, Result, Version
from tests.support.saving import save_answers
from tests.support.taker import answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def owner(questionnaire: Version, monkeypatch: pytest.MonkeyPatch) -> Owner:
    monkeypatch.setattr(attempts, "MAX_WITH_CORRECTIONS", 3)
    attempt, _ = attempts.start(version=questionnaire, form="full")
    save_answers(
        attempt.owner,
        seen={},
        chosen={
            question: int(button)
            for question, button in answers_of("clear_project").items()
        },
    )
    return attempt.owner


def test_owner_has_no_more_results_than_the_limit(
    owner: Owner, questionnaire: Version
) -> None:
    first = attempts.finish(owner)
    second = attempts.change_answer(first, "T1", 2)
    attempts.change_answer(second, "T1", 3)
    for one_more in (
        lambda: attempts.change_answer(first, "T1", 4),
        lambda: attempts.correct(first),
        lambda: attempts.continue_to_full(first),
        lambda: attempts.start_again(owner, version=questionnaire, form="full"),
    ):
        with pytest.raises(attempts.TooManyResults):
            one_more()
    assert (Result.objects.count(), Attempt.objects.count()) == (3, 3)


def test_corrections_take_no_place_of_sittings_nor_what_is_past_its_time(
    owner: Owner, questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MAX_RESULTS", 2)
    first = attempts.finish(owner)
    attempts.change_answer(first, "T1", 2)
    attempts.start_again(owner, version=questionnaire, form="full")
    with pytest.raises(attempts.TooManyResults):
        attempts.change_answer(first, "T1", 3)
    Attempt.objects.filter(finished_at=None).delete()
    assert attempts.change_answer(first, "T1", 3).number == 3
    with pytest.raises(attempts.TooManyResults):
        attempts.change_answer(first, "T1", 4)
    Result.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    newest = Result.objects.latest("number")
    assert attempts.change_answer(newest, "T1", 4).number == 4


def test_open_attempt_keeps_its_place_and_can_be_finished(owner: Owner) -> None:
    first = attempts.finish(owner)
    attempts.correct(first)
    attempts.change_answer(first, "T1", 2)
    with pytest.raises(attempts.TooManyResults):
        attempts.change_answer(first, "T1", 3)
    assert attempts.finish(owner).number == 3


def test_double_click_on_the_last_change_is_no_refusal(owner: Owner) -> None:
    first = attempts.finish(owner)
    attempts.change_answer(first, "T1", 2)
    last = attempts.change_answer(first, "T1", 3)
    assert attempts.change_answer(first, "T1", 3) == last


def test_saves_are_limited_for_an_hour_from_the_first(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MAX_SAVES", 2)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False) as clock:
        for answer in (4, 5):
            save_answers(owner, seen={"T1": 1}, chosen={"T1": answer})
            clock.shift(timedelta(minutes=20))
        with pytest.raises(attempts.TooManySaves) as refusal:
            save_answers(owner, seen={"T1": 4}, chosen={"T1": 1})
        assert refusal.value.seconds == 20 * 60
        assert Attempt.objects.get().answers["T1"] == 4
        clock.shift(timedelta(seconds=refusal.value.seconds))
        save_answers(owner, seen={"T1": 4}, chosen={"T1": 1})
        assert (Attempt.objects.get().answers["T1"], Attempt.objects.get().saves) == (
            1,
            1,
        )


def test_waiting_ends_with_the_hour_of_the_clock(db: None) -> None:
    start = timezone.now().replace(minute=48, second=30, microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        waits = [seconds_to_wait("share", by="owner 1", most=1) for _ in range(3)]
        assert waits == [0, 690, 690]
        assert seconds_to_wait("share", by="owner 2", most=1) == 0
        assert seconds_to_wait("finish", by="owner 1", most=1) == 0
        clock.shift(timedelta(seconds=690))
        assert seconds_to_wait("share", by="owner 1", most=1) == 0
