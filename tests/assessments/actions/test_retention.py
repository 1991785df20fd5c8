"""What is past its time counts as gone, also where no job has deleted it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from assessments import keys
from assessments.actions import attempts, grants, retention
from assessments.actions.attempts import NoOpenAttempt
from assessments.models import (
    Attempt,
    Coach,
    ItemDay,
    Owner,
    Participation,
    Result,
    Version,
    abandoned,
)
from assessments.queries import owners
from content.models import Page, SavedDraft
from tests.support.coaching import invite
from tests.support.saving import save_answers
from tests.support.taker import Taker

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def past(visitor: Taker) -> datetime:
    """The moment at which the visitor's unfinished answers are past their time."""
    visitor.start()
    visitor.answer(1, {"T1": "1"})
    return visitor.attempt.changed_at + settings.UNFINISHED_KEPT


def test_unfinished_answers_open_until_their_time_is_over(
    visitor: Taker, past: datetime
) -> None:
    with time_machine.travel(past - MINUTE):
        assert owners.open_attempt(visitor.key) == visitor.attempt
        assert visitor.client.get("/quiz/1/").status_code == 200
    with time_machine.travel(past + MINUTE):
        assert owners.open_attempt(visitor.key) is None
        assert visitor.client.get("/quiz/1/").status_code == 302
        with pytest.raises(NoOpenAttempt):
            save_answers(visitor.owner, seen={}, chosen={"T1": 2})
        with pytest.raises(NoOpenAttempt):
            attempts.finish(visitor.owner)
    assert visitor.attempt.answers == {"T1": 1}


def test_starting_again_deletes_what_is_past_and_counts_it(
    visitor: Taker, past: datetime, questionnaire: Version
) -> None:
    old = visitor.attempt
    for moment, same in ((past - MINUTE, True), (past + MINUTE, False)):
        with time_machine.travel(moment):
            new = attempts.start_again(
                visitor.owner, version=questionnaire, form="full"
            )
        assert (new == old) == same
    assert list(Attempt.objects.all()) == [new]
    assert new.answers == {}
    left = ItemDay.objects.filter(left_here=1).values_list("question", flat=True)
    assert list(left) == ["T2"]


def test_joining_again_after_the_time_is_over_is_a_new_grant(
    coach: Coach, questionnaire: Version
) -> None:
    invitation = invite(coach)
    key = keys.new_key()
    terms = {"name": "Cleo", "version": questionnaire, "new_key": key}
    first = grants.join(invitation, owner=None, **terms)
    owner = first.attempt.owner
    assert grants.join(invitation, owner=owner, **terms) == first
    with time_machine.travel(timezone.now() + settings.UNFINISHED_KEPT + MINUTE):
        second = grants.join(invitation, owner=owner, **terms)
    assert second.attempt != first.attempt
    assert list(Participation.objects.all()) == [second]


def test_row_that_changed_after_it_was_chosen_stays(
    visitor: Taker, past: datetime
) -> None:
    """The owner answered again between the choice and the lock."""
    attempt = visitor.attempt
    chosen = {attempt.pk: attempt.owner_id}
    now = past + MINUTE
    old = abandoned(now)
    Attempt.objects.update(changed_at=now)
    assert retention._forget(chosen, old) == {}
    assert Attempt.objects.get() == attempt


def test_forgetting_goes_on_until_nothing_past_is_left(
    visitor: Taker, questionnaire: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SLICE", 2)
    for _ in range(5):
        attempts.start(version=questionnaire, form="full")
    visitor.take("both")
    now = timezone.now() + settings.FINISHED_KEPT + MINUTE
    deleted = retention.forget_old(now=now)
    assert (deleted.attempts, deleted.results) == (6, 1)
    assert not Owner.objects.exists()
    assert not Result.objects.exists()


def test_saved_drafts_of_pages_are_deleted_after_their_time(db: None) -> None:
    page, now = Page.objects.create(slug="a", title="A"), timezone.now()
    for days in (29, 30, 31):
        moment = now - timedelta(days=days)
        SavedDraft.objects.create(
            page=page, content="{}", begun_at=moment, saved_at=moment, by_itself=False
        )
    assert retention.forget_drafts(now=now, kept=timedelta(days=30)) == 2
    assert SavedDraft.objects.get().saved_at == now - timedelta(days=29)
