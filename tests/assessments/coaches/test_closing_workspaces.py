"""A workspace is taken away and given back; the account, and what clients hold, stay as
they are.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from assessments.actions import clients
from assessments.actions import coaches as coache_actions
from assessments.actions import grants as grant_actions
from assessments.models import Coach, Participation, ShareLink, Version
from assessments.queries import coaches as coache_queries
from assessments.queries import grants as grant_queries
from content.models import AuditEntry
from tests.support.coaching import alone, invite, join, joined, make_coach, signed_in_as
from tests.support.taker import Taker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def onward_link(participation: Participation) -> ShareLink:
    return clients.make_onward_link(participation, scope="summary", label="", days=30)


def test_coach_does_not_get_in_until_it_is_open_again(
    coach: Coach, manager: User
) -> None:
    carla = signed_in_as(coach.user)
    assert carla.get("/coach/").status_code == 200
    coache_actions.close_workspace(coach, by=manager)
    assert carla.get("/coach/").status_code == 404
    coache_actions.open_workspace(coach, by=manager)
    assert carla.get("/coach/").status_code == 200


def test_invitations_take_nobody_until_it_is_open_again(
    coach: Coach, manager: User
) -> None:
    invitation = invite(coach)
    coache_actions.close_workspace(coach, by=manager)
    with pytest.raises(grant_actions.Closed):
        join(invitation)
    with pytest.raises(grant_actions.Closed):
        grant_actions.attach(invitation, result=alone(), name="Ann")
    assert not Participation.objects.exists()
    coache_actions.open_workspace(coach, by=manager)
    assert join(invitation).name == "Ann"


def test_links_of_that_coach_stop_at_once_and_no_other_does(
    coach: Coach, other_coach: Coach, manager: User, visitor: Taker
) -> None:
    mine, others = (
        onward_link(joined(invite(each, onward=True))) for each in (coach, other_coach)
    )
    visitor.take("clear_project")
    visitor.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    own = ShareLink.objects.get(participation=None)

    def statuses() -> list[int]:
        return [
            Client().get(f"/r/{link.token}/").status_code
            for link in (mine, others, own)
        ]

    assert statuses() == [200, 200, 200]
    coache_actions.close_workspace(coach, by=manager)
    assert statuses() == [404, 200, 200]
    assert [
        ShareLink.objects.get(pk=link.pk).works for link in (mine, others, own)
    ] == [False, True, True]
    assert Client().get(f"/r/{mine.token}.json").status_code == 404
    coache_actions.open_workspace(coach, by=manager)
    assert statuses() == [200, 200, 200]


def test_link_that_was_ended_meanwhile_stays_ended(coach: Coach, manager: User) -> None:
    link = onward_link(joined(invite(coach, onward=True)))
    coache_actions.close_workspace(coach, by=manager)
    clients.revoke_onward_link(link, by=manager)
    coache_actions.open_workspace(coach, by=manager)
    assert Client().get(f"/r/{link.token}/").status_code == 404


def test_owner_is_told_of_no_link_of_a_closed_workspace(
    coach: Coach, manager: User
) -> None:
    participation = joined(invite(coach, onward=True))
    onward_link(participation)
    owner = participation.attempt.owner
    assert [grant.links for grant in grant_queries.grants_of(owner)] == [1]
    coache_actions.close_workspace(coach, by=manager)
    assert [grant.links for grant in grant_queries.grants_of(owner)] == [0]


def test_held_results_are_released_to_their_owners_for_good(
    coach: Coach, other_coach: Coach, manager: User
) -> None:
    until = timezone.now() + timedelta(days=3)
    mine, theirs = (
        joined(invite(each, held_until=until)).attempt.result
        for each in (coach, other_coach)
    )
    coache_actions.close_workspace(coach, by=manager)
    assert grant_queries.hold_on_result(mine) is None
    assert grant_queries.hold_on_result(theirs) is not None
    coache_actions.open_workspace(coach, by=manager)
    assert grant_queries.hold_on_result(mine) is None


def test_sitting_that_is_still_open_is_not_held_later(
    coach: Coach, manager: User
) -> None:
    participation = join(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    coache_actions.close_workspace(coach, by=manager)
    participation.refresh_from_db()
    assert participation.held_until <= timezone.now()


def test_account_of_staff_keeps_its_rights(
    manager: User, questionnaire: Version
) -> None:
    coach = make_coach("Carla", by=manager)
    User.objects.filter(pk=coach.user_id).update(is_staff=True, is_superuser=True)
    before = User.objects.filter(pk=coach.user_id).values().get()
    coache_actions.close_workspace(coach, by=manager)
    assert User.objects.filter(pk=coach.user_id).values().get() == before
    assert (
        signed_in_as(User.objects.get(pk=coach.user_id)).get("/admin/").status_code
        == 200
    )


def test_closing_twice_and_opening_twice_are_written_down_once(
    coach: Coach, manager: User
) -> None:
    coache_actions.close_workspace(coach, by=manager)
    first = Coach.objects.values_list("closed_at", "closed_by").get()
    assert first[1] == manager.pk
    coache_actions.close_workspace(coach, by=manager)
    assert Coach.objects.values_list("closed_at", "closed_by").get() == first
    for _ in range(2):
        coache_actions.open_workspace(coach, by=manager)
    assert list(
        AuditEntry.objects.exclude(act__in=("approve", "publish")).values_list(
            "by", "act", "subject"
        )
    ) == [
        (manager.pk, "restore", f"the workspace of coach {coach.pk}"),
        (manager.pk, "revoke", f"the workspace of coach {coach.pk}"),
    ]


def test_request_is_not_closed_and_the_database_refuses_it_too(manager: User) -> None:
    coache_actions.ask_for_account(
        name="Wendy", email="wendy@example.org", works_with=""
    )
    waiting = Coach.objects.get()
    coache_actions.close_workspace(waiting, by=manager)
    assert Coach.objects.get().closed_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Coach.objects.update(closed_at=timezone.now(), closed_by=manager)


def test_coach_without_a_password_gets_no_link_into_a_closed_workspace(
    manager: User,
) -> None:
    coache_actions.ask_for_account(name="Nora", email="nora@example.org", works_with="")
    coache_actions.approve_coach(Coach.objects.get(), by=manager)
    coach = Coach.objects.get()
    assert coache_actions.first_password_link(coach)
    coache_actions.close_workspace(coach, by=manager)
    assert coache_actions.first_password_link(Coach.objects.get()) == ""


def test_requests_wait_longest_first_and_approved_coaches_do_not(
    manager: User, coach: Coach
) -> None:
    for name in ("zoe", "adam"):
        coache_actions.ask_for_account(
            name=name, email=f"{name}@example.org", works_with=""
        )
    assert [each.name for each in coache_queries.requests()] == ["zoe", "adam"]
