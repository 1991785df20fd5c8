"""What is past its time is gone for every reader, before a job deletes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.actions import clients as client_actions
from assessments.actions import follow_ups, share_links
from assessments.models import Attempt, Coach, Participation, Result, kept_attempts
from assessments.queries import clients, invitations
from assessments.queries.grants import grants_of, held_results
from assessments.queries.share_links import own_share_links
from tests.support.coaching import answer, everything_of, invite, join, joined

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECOND = timedelta(seconds=1)


def age(*, unfinished: timedelta, finished: timedelta) -> None:
    """Put the rows so far before, or after, the end of their time."""
    now = timezone.now()
    Attempt.objects.filter(finished_at=None).update(
        changed_at=now - settings.UNFINISHED_KEPT + unfinished
    )
    Result.objects.update(expires_at=now + finished)


@pytest.mark.parametrize("left", [SECOND * 60, -SECOND])
def test_attempt_is_kept_until_its_time_is_over(coach: Coach, left: timedelta) -> None:
    group = invite(coach)
    join(group, "Ann")
    joined(group, "Bea")
    age(unfinished=left, finished=left)
    found = Attempt.objects.filter(kept_attempts()).count()
    grants = Participation.objects.filter(kept_attempts("attempt")).count()
    assert (found, grants) == ((2, 2) if left > timedelta() else (0, 0))


@pytest.mark.parametrize("finished", [True, False])
def test_coach_reads_nothing_of_a_client_past_the_time(
    coach: Coach, finished: bool
) -> None:
    group = invite(coach, onward=True, max_uses=1)
    grant = joined(group) if finished else join(group)
    client_actions.set_notes(grant, notes="Tired of her boss")
    step = client_actions.add_step(grant, text="Talk to her boss")
    assert clients.own_participation(coach, grant.pk)
    assert clients.own_step(coach, step.pk)
    age(unfinished=-SECOND, finished=-SECOND)
    assert clients.own_participation(coach, grant.pk) is None
    assert clients.own_step(coach, step.pk) is None
    page = clients.group_page(group)
    assert (page.clients.paginator.count, page.status.people) == (0, 0)
    [row] = invitations.invitations_of(coach)
    assert row.status == invitations.status_of(group) == invitations.Status(0, 0, 0)
    assert invitations.places_taken(group) == 0
    assert row.state == invitations.State.OPEN


def test_owners_file_and_list_of_links_leave_out_what_is_past_its_time(
    coach: Coach,
) -> None:
    grant = joined(invite(coach))
    owner, result = grant.attempt.owner, grant.attempt.result
    share_links.make_share_link(result, scope="summary", label="Bea", days=9)
    follow_ups.agree(result)
    assert [link.label for link in own_share_links(owner)] == ["Bea"]
    before = everything_of(owner)
    assert before["attempts"]
    assert before["follow_up"]
    age(unfinished=-SECOND, finished=-SECOND)
    assert own_share_links(owner) == []
    after = everything_of(owner)
    empty = ("attempts", "results", "share_links", "questionnaires", "follow_up")
    assert [after[name] for name in empty] == [[], [], [], {}, None]


def test_file_says_what_it_leaves_out(coach: Coach) -> None:
    grant = joined(invite(coach))
    client_actions.set_notes(grant, notes="Tired of her boss")
    client_actions.add_step(grant, text="Talk to her boss")
    told = everything_of(grant.attempt.owner)
    assert told["not_included"]
    participations: Any = told["participations"]
    [listed] = participations
    assert (listed["coach_has_private_notes"], listed["unshared_steps"]) == (True, 1)
    client_actions.share_steps(grant, shared=True)
    participations = everything_of(grant.attempt.owner)["participations"]
    [listed] = participations
    assert (listed["unshared_steps"], len(listed["steps"])) == (0, 1)


def test_results_that_are_held_are_named_with_who_holds_them(coach: Coach) -> None:
    until = timezone.now() + timedelta(days=3)
    grant = join(invite(coach, held_until=until))
    owner = grant.attempt.owner
    assert held_results(owner) == []
    result = answer(owner)
    [(held, hold)] = held_results(owner)
    assert (held, hold.coaches, hold.until) == (result, ("Carla",), until)


def test_abandoned_answers_of_a_client_count_as_gone_for_the_client_too(
    coach: Coach,
) -> None:
    group = invite(coach)
    grant = join(group, "Ann")
    owner = grant.attempt.owner
    assert [row.participation for row in grants_of(owner)] == [grant]
    age(unfinished=-SECOND, finished=-SECOND)
    assert grants_of(owner) == []
    again = join(group, "Ann", owner=owner)
    assert again.attempt_id != grant.attempt_id
    assert list(Participation.objects.all()) == [again]


def test_steps_about_an_expired_result_are_not_shown(coach: Coach) -> None:
    grant = joined(invite(coach))
    client_actions.add_step(grant, text="Talk to her boss")
    client_actions.share_steps(grant, shared=True)
    owner = grant.attempt.owner
    assert [len(row.steps) for row in grants_of(owner)] == [1]
    age(unfinished=-SECOND, finished=-SECOND)
    assert [len(row.steps) for row in grants_of(owner)] == [0]
