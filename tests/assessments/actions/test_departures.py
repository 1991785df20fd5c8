"""Who leaves a group: by the client's own wish, or because the coach removes them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.actions import clients, departures, grants, retention
from assessments.actions.locks import OwnerGone
from assessments.models import (
    Client,
    Coach,
    Departure,
    NextStep,
    Owner,
    Participation,
    ShareLink,
)
from assessments.queries import departures as departure_queries
from assessments.queries import invitations as invitation_queries
from assessments.queries.departures import DEPARTURES_TOLD, Withdrawn
from tests.support.coaching import (
    again,
    alone,
    answer,
    everything_of,
    invite,
    join,
    joined,
    seen,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def full_grant(coach: Coach) -> Participation:
    """With notes, two steps and a link."""
    grant = joined(invite(coach, onward=True))
    clients.set_notes(grant, notes="Ask about the team.")
    for step in ("Read", "Ask"):
        clients.add_step(grant, text=step)
    clients.make_onward_link(grant, scope="summary", label="", days=7)
    return grant


def facts() -> list[tuple[bool, bool, int, int, bool]]:
    """Of each departure: removed, notes, steps, links, whether it names an owner."""
    return [
        (each.removed, each.had_notes, each.steps, each.links, each.owner is not None)
        for each in Departure.objects.all()
    ]


def test_withdrawing_leaves_a_departure_without_a_name(coach: Coach) -> None:
    grant = full_grant(coach)
    assert grants.withdraw(grant) == Withdrawn(notes=True, steps=2, links=1)
    assert facts() == [(False, True, 2, 1, False)]
    assert grants.withdraw(grant) == Withdrawn(notes=False, steps=0, links=0)
    assert len(facts()) == 1


def test_removing_ends_the_grant_with_all_that_hangs_on_it(coach: Coach) -> None:
    grant = full_grant(coach)
    grants.remove_client(grant)
    assert facts() == [(True, True, 2, 1, True)]
    assert seen(coach, grant) is None
    for model in (Participation, NextStep, ShareLink, Client):
        assert not model.objects.exists()
    assert grant.attempt.result.is_visible
    grants.remove_client(grant)
    assert len(facts()) == 1


def test_removing_takes_every_grant_in_this_group_and_none_elsewhere(
    coach: Coach, other_coach: Coach
) -> None:
    first = joined(invite(coach))
    owner = first.attempt.owner
    newer = grants.agree_to_newer(first, result=again(owner))
    bystander = joined(first.invitation, "Ben")
    elsewhere = [
        grants.attach(invite(of), result=first.attempt.result, name="Ann")
        for of in (coach, other_coach)
    ]
    grants.remove_client(newer)
    left = {bystander, *elsewhere}
    assert set(Participation.objects.all()) == left
    assert len(facts()) == 1


def test_removing_a_client_of_two_keys_removes_both_and_tells_both(
    coach: Coach,
) -> None:
    group = invite(coach)
    ann, same = joined(group), joined(group)
    Participation.objects.filter(pk=same.pk).update(client=ann.client)
    grants.remove_client(ann)
    assert not Participation.objects.exists()
    told = {each.owner for each in Departure.objects.all()}
    assert told == {ann.attempt.owner, same.attempt.owner}


def test_grant_of_a_server_of_the_last_release_is_removed_alone(coach: Coach) -> None:
    group = invite(coach)
    ann, ben = joined(group), joined(group, "Ben")
    Participation.objects.update(client=None)
    grants.remove_client(Participation.objects.get(pk=ann.pk))
    assert list(Participation.objects.all()) == [ben]


def test_removed_client_may_join_again(coach: Coach) -> None:
    grant = joined(invite(coach, max_uses=1))
    owner = grant.attempt.owner
    grants.remove_client(grant)
    join(grant.invitation, owner=owner)
    assert seen(coach, Participation.objects.get()) is None
    answer(owner)
    assert seen(coach, Participation.objects.get()) is not None


def test_deleting_everything_leaves_departures_without_a_name(
    coach: Coach, other_coach: Coach
) -> None:
    removed = full_grant(coach)
    owner = removed.attempt.owner
    grants.remove_client(removed)
    stays = [
        grants.attach(invite(of), result=removed.attempt.result, name="Ann")
        for of in (coach, other_coach)
    ]
    clients.set_notes(stays[0], notes="Ask about the team.")
    retention.delete_everything(owner)
    assert sorted(facts()) == [
        (False, False, 0, 0, False),
        (False, True, 0, 0, False),
        (True, True, 2, 1, False),
    ]


def test_deleting_what_is_past_its_time_is_no_departure(coach: Coach) -> None:
    """The coach saw it no longer."""
    grant = joined(invite(coach))
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        retention.delete_everything(grant.attempt.owner)
    assert facts() == []


def test_client_is_told_for_a_month_or_until_it_is_read(coach: Coach) -> None:
    grant = joined(invite(coach))
    owner = grant.attempt.owner
    grants.remove_client(grant)
    [departure] = departure_queries.removals_of(owner)
    assert departure_queries.removals_beside(grant.attempt.result) == [departure]
    assert departure_queries.removals_of(alone().owner) == []
    [removal] = everything_of(owner)["removals"]
    assert (removal["coach"], removal["label"]) == ("Carla", "Spring course")
    later = departure.at + DEPARTURES_TOLD
    with time_machine.travel(later - timedelta(seconds=1), tick=False):
        call_command("forget_old", stdout=StringIO())
        assert departure_queries.removals_of(owner) == [departure]
    with time_machine.travel(later, tick=False):
        assert departure_queries.removals_of(owner) == []
        call_command("forget_old", stdout=StringIO())
    assert facts() == [(True, False, 0, 0, False)]


def test_reading_forgets_the_owners_own_removals_alone(coach: Coach) -> None:
    mine, theirs = joined(invite(coach)), joined(invite(coach), "Ben")
    for grant in (mine, theirs):
        grants.remove_client(grant)
    departures.read_removals(mine.attempt.owner)
    told = Departure.objects.filter(owner__isnull=False)
    assert [each.owner for each in told] == [theirs.attempt.owner]


def test_coach_reads_of_departures_from_own_groups(
    coach: Coach, other_coach: Coach
) -> None:
    group, other = invite(coach), invite(other_coach)
    for invitation in (group, group, other):
        grants.withdraw(join(invitation))
    [newer, older] = departure_queries.departures_from(group)
    assert newer.at > older.at
    assert departure_queries.departures_lately(coach) == [newer, older]
    with time_machine.travel(older.at + DEPARTURES_TOLD, tick=False):
        assert departure_queries.departures_lately(coach) == [newer]


def test_releasing_one_client_leaves_the_others_held(coach: Coach) -> None:
    until = timezone.now() + timedelta(days=3)
    group = invite(coach, held_until=until)
    ann, ben = joined(group), joined(group, "Ben")
    early = joined(group, "Cem")
    grants.open_early(early.attempt.result)
    assert invitation_queries.count_of_held(group) == 2
    for grant in (ann, early):
        grants.release_client(grant)
    assert invitation_queries.count_of_held(group) == 1
    for grant in (ann, ben, early):
        grant.refresh_from_db()
    assert ann.held_until < timezone.now()
    assert (ben.held_until, early.held_until) == (until, until)
    released = ann.held_until
    grants.release_client(ann)
    ann.refresh_from_db()
    assert ann.held_until == released


def test_releasing_a_client_who_deleted_everything_is_refused(coach: Coach) -> None:
    joined(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    grant = Participation.objects.select_related("attempt").get()
    Owner.objects.all().delete()
    with pytest.raises(OwnerGone):
        grants.release_client(grant)
