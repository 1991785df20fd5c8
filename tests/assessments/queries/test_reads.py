"""Reads of one table: whose rows they give, and which they leave out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from assessments.actions import grants, retention, share_links
from assessments.actions.coaches import close_workspace
from assessments.actions.sums import roll_up
from assessments.models import Coach, Result, Version
from assessments.queries import (
    answers,
    clients,
    coaches,
    dashboard,
    guests,
    owners,
    sums,
    versions,
)
from assessments.queries import grants as grant_queries
from assessments.queries import share_links as share_link_queries
from tests.support.coaching import again, alone, invite, join, joined
from tests.support.guest import Guest

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_stored_answers_are_those_of_kept_results(questionnaire: Version) -> None:
    kept, gone = alone("both"), alone("close")
    Result.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    assert list(answers.stored_answers()) == []  # no week is closed
    roll_up(now=timezone.now())
    assert list(answers.stored_answers()) == []
    roll_up(now=timezone.now() + timedelta(days=7))
    assert list(answers.stored_answers()) == [
        (kept.form, kept.answers, kept.seconds, "both", kept.finished_at.date())
    ]
    assert answers.stored_answers_count() == 1


def test_results_of_an_owner_are_kept_ones_newest_first(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    guest.take_again("both")
    key, owner = guest.key, guest.owner
    newest = owners.own_result(key)
    assert newest is not None
    assert (newest.number, newest.outcome) == (2, "both")
    assert [result.number for result in owners.own_results(owner)] == [2, 1]
    Result.objects.filter(number=2).update(expires_at=timezone.now())
    assert owners.own_result(key, 2) is None
    assert owners.own_result(key, 1) == Result.objects.get(number=1)
    assert [result.number for result in owners.own_results(owner)] == [1]


def test_links_are_the_owners_while_they_work(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    link = share_links.make_share_link(
        guest.result(), scope="summary", label="Ada", days=30
    )
    assert share_link_queries.own_share_link(guest.key, link.pk) == link
    assert share_link_queries.own_share_links(guest.owner) == [link]
    assert share_link_queries.usable_link(link.token) == link
    assert share_link_queries.usable_link("é" * 26) is None
    share_links.revoke_share_link(link)
    assert share_link_queries.usable_link(link.token) is None


def test_links_to_a_careless_result_and_more_than_thirty_are_refused(
    questionnaire: Version,
) -> None:
    with pytest.raises(share_links.NotShareable):
        share_links.make_share_link(
            alone("careless"), scope="summary", label="", days=30
        )
    result = alone("both")
    for _ in range(share_links.MAX_USABLE_LINKS):
        share_links.make_share_link(result, scope="summary", label="", days=30)
    with pytest.raises(share_links.TooManyLinks):
        share_links.make_share_link(result, scope="summary", label="", days=30)


def test_result_is_kept_longer_and_never_shorter(questionnaire: Version) -> None:
    result = alone("both")
    later = timezone.now() + timedelta(days=9_999)
    Result.objects.filter(pk=result.pk).update(expires_at=timezone.now())
    assert retention.keep_longer(result).expires_at > timezone.now()
    result.expires_at = later
    assert retention.keep_longer(result).expires_at == later


def test_keeping_longer_is_worth_it_from_a_day_on(questionnaire: Version) -> None:
    result = alone("both")
    assert not retention.can_keep_longer(result)
    result.expires_at -= timedelta(hours=23)
    assert not retention.can_keep_longer(result)
    result.expires_at -= timedelta(hours=2)
    assert retention.can_keep_longer(result)


def test_versions_are_found_by_hash_and_listed(questionnaire: Version) -> None:
    found = versions.definition_by_hash(questionnaire.sha256)
    assert found == questionnaire.definition
    assert versions.definition_by_hash("0" * 64) is None
    with pytest.raises(Version.DoesNotExist):
        versions.questionnaire_of(Version(sha256="0" * 64))
    assert versions.all_versions() == [questionnaire]
    assert "communication" in versions.article_lines()


def test_nobody_has_no_workspace() -> None:
    assert coaches.coach_of(AnonymousUser()) is None
    assert coaches.requests() == []


def test_part_of_the_visible_clients_is_in_order(coach: Coach) -> None:
    group = invite(coach)
    for name in ("Cem", "Ann", "Bo"):
        joined(group, name)
    join(group, "Aaron")
    rows = clients.visible_clients_part(group, first=1, most=2)
    assert [row.participation.name for row in rows] == ["Bo", "Cem"]


def test_grants_that_can_be_compared_are_the_coachs_visible_ones(
    coach: Coach, other_coach: Coach
) -> None:
    ann = joined(invite(coach), "Ann")
    joined(invite(coach), "Bo", "careless")
    joined(invite(other_coach), "Cem")
    assert clients.comparable(coach) == [ann]


def test_guest_of_an_invitation_by_stage(coach: Coach) -> None:
    group = invite(coach, held_until=timezone.now() + timedelta(days=3))
    new = guests.guest(group, None)
    assert (new.stage, new.has_joined) == (guests.Stage.NEW, False)
    assert new.held_until == group.held_until
    guest = Guest(group)
    guest.share()
    begun = guests.guest(group, guest.key)
    assert begun.stage == guests.Stage.BEGUN
    assert len(begun.attempt_grants) == 1
    guest.answer_all("clear_project")
    seen = guests.guest(group, guest.key)
    assert (seen.stage, seen.held_until, seen.results) == (
        guests.Stage.SEEN,
        None,
        [],
    )
    elsewhere = guests.guest(invite(coach), guest.key)
    assert [choice.held for choice in elsewhere.results] == [True]
    Result.objects.update(expires_at=timezone.now())
    assert guests.guest(group, guest.key).stage == guests.Stage.EXPIRED
    careless = Guest(group)
    careless.share("Bo")
    careless.answer_all("careless")
    assert guests.guest(group, careless.key).stage == guests.Stage.CARELESS


def test_call_to_action_stands_on_published_pages(questionnaire: Version) -> None:
    places = ["result", "/", "/skills/", "/nowhere/", "skills", "/skills/more/"]
    assert [dashboard.has_call(place) for place in places] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_results_wait_until_they_are_counted(questionnaire: Version) -> None:
    alone("both")
    alone("both")
    settled = timezone.now() + timedelta(hours=1)
    assert sums.results_waiting(settled_before=settled) == 2
    roll_up(now=settled)
    assert sums.results_waiting(settled_before=settled) == 0


def test_coach_who_sees_two_earlier_results_is_asked_about_once(coach: Coach) -> None:
    group = invite(coach)
    first = joined(group)
    second = grants.agree_to_newer(first, result=again(first.attempt.owner, "both"))
    third = again(first.attempt.owner, "close")
    for order in ([first, second], [second, first]):
        rows = [
            row
            for participation in order
            for row in grant_queries.grants_of(first.attempt.owner)
            if row.participation == participation
        ]
        [unseen] = grant_queries.not_yet_seen_by(third, rows)
        assert unseen.participation == second
    assert clients.visible_people_count(group) == 1


def test_closed_workspace_takes_no_result(coach: Coach, manager: User) -> None:
    group = invite(coach)
    ann = joined(group)
    newer = again(ann.attempt.owner, "both")
    close_workspace(coach, by=manager)
    with pytest.raises(grants.Closed):
        grants.agree_to_newer(ann, result=newer)
    assert grants.agree_to_newer(ann, result=ann.attempt.result) == ann
