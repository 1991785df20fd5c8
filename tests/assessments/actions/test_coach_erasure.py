"""A coach is erased: what says who the coach is goes, and what clients own stays."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from assessments.actions import clients, coach_erasure, coaches
from assessments.models import (
    Client,
    Coach,
    Invitation,
    NextStep,
    Participation,
    Result,
    ShareLink,
)
from assessments.queries.grants import hold_on_result
from content.models import AuditEntry
from tests.support.coaching import invite, join, joined, make_coach, signed_in_as
from tests.support.statements import asked

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def user_of(coach: Coach) -> User:
    assert coach.user is not None
    return coach.user


def test_name_address_and_all_to_sign_in_with_go_and_the_number_stays(
    coach: Coach,
) -> None:
    client = signed_in_as(coach.user)
    session = client.session.session_key
    UserSession.objects.create(
        user=user_of(coach), ip="192.0.2.7", session_key=session, user_agent="Mine"
    )
    coach_erasure.erase_coach(coach, by=user_of(coach))
    row = Coach.objects.get(pk=coach.pk)
    user = user_of(row)
    assert (row.name, row.works_with) == ("", "")
    assert str(row) == f"coach {coach.pk}"
    assert row.closed_by == user
    assert row.erased_at == row.closed_at
    assert (user.email, user.first_name, user.last_name) == ("", "", "")
    assert "carla" not in f"{row.email}{user.username}".lower()
    assert not user.is_active
    assert not user.has_usable_password()
    assert user.last_login is None
    for model in (EmailAddress, Authenticator, UserSession):
        assert not model.objects.filter(user=user).exists()
    assert not Session.objects.filter(pk=session).exists()
    assert client.get("/coach/").status_code == 404


def test_grants_end_as_a_withdrawal_does_and_clients_keep_their_results(
    coach: Coach, other_coach: Coach
) -> None:
    held = invite(coach, onward=True, held_until=timezone.now() + timedelta(days=3))
    grant = joined(held)
    clients.set_notes(grant, notes="Ann is tired of her boss")
    clients.add_step(grant, text="Talk to her boss")
    clients.make_onward_link(grant, scope="summary", label="", days=9)
    unfinished = join(held, "Bea")
    theirs = joined(invite(other_coach), "Cy")
    coach_erasure.erase_coach(coach, by=user_of(coach))
    assert list(Participation.objects.all()) == [theirs]
    assert [row.coach for row in Invitation.objects.all()] == [other_coach]
    assert not NextStep.objects.exists()
    assert not ShareLink.objects.exists()
    result = Result.objects.get(attempt=grant.attempt)
    assert hold_on_result(result) is None
    unfinished.attempt.refresh_from_db()
    assert unfinished.attempt.finished_at is None


def test_many_clients_take_no_more_statements_than_one(
    coach: Coach, other_coach: Coach, manager: User
) -> None:
    for each, names in ((coach, ["Ann"]), (other_coach, ["Bea", "Cy", "Di"])):
        for name in names:
            clients.set_notes(joined(invite(each), name), notes="Tired")
    few, many = (
        asked(partial(coach_erasure.erase_coach, each, by=manager))
        for each in (coach, other_coach)
    )
    assert len(few) == len(many)
    assert not Client.objects.exists()


def test_closed_workspace_keeps_who_closed_it_and_is_not_opened_again(
    coach: Coach, manager: User
) -> None:
    coaches.close_workspace(coach, by=manager)
    closed = Coach.objects.get(pk=coach.pk).closed_at
    coach_erasure.erase_coach(coach, by=manager)
    coaches.open_workspace(coach, by=manager)
    row = Coach.objects.get(pk=coach.pk)
    assert (row.closed_at, row.closed_by) == (closed, manager)


def test_trail_says_what_was_done_under_a_number(coach: Coach, manager: User) -> None:
    coaches.close_workspace(coach, by=manager)
    LogEntry.objects.create(
        user=manager,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user_of(coach).pk),
        object_repr="carla@example.org",
        action_flag=CHANGE,
    )
    coach_erasure.erase_coach(coach, by=manager)
    subjects = [entry.subject for entry in AuditEntry.objects.order_by("pk")]
    assert not [subject for subject in subjects if "Carla" in subject]
    assert len([subject for subject in subjects if f"coach {coach.pk}" in subject]) == 3
    assert AuditEntry.objects.latest("pk").by == manager
    assert "carla" not in LogEntry.objects.get().object_repr


def test_earlier_name_is_not_in_the_trail_either(coach: Coach, manager: User) -> None:
    Coach.objects.filter(pk=coach.pk).update(name="Karla")
    coach.refresh_from_db()
    coaches.close_workspace(coach, by=manager)
    coaches.open_workspace(coach, by=manager)
    before = set(AuditEntry.objects.values_list("pk", "subject"))
    coach_erasure.erase_coach(coach, by=manager)
    after = set(AuditEntry.objects.values_list("pk", "subject"))
    # Nobody can edit the trail, and erasing does not.
    assert before < after
    assert not [subject for _, subject in after if "arla" in subject]


def test_two_coaches_can_be_erased(
    coach: Coach, other_coach: Coach, manager: User
) -> None:
    for each in (coach, other_coach):
        coach_erasure.erase_coach(each, by=manager)
    assert Coach.objects.filter(name="").count() == 2


@pytest.mark.parametrize("more", ["staff", "root", "group", "permission"])
def test_account_that_can_do_more_is_not_erased(coach: Coach, more: str) -> None:
    user = user_of(coach)
    if more == "group":
        user.groups.add(Group.objects.get(name="Editor"))
    elif more == "permission":
        user.user_permissions.add(Permission.objects.all()[0])
    else:
        user.is_staff, user.is_superuser = more == "staff", more == "root"
        user.save()
    with pytest.raises(coach_erasure.NotErasable):
        coach_erasure.erase_coach(coach, by=user)
    assert Coach.objects.get(pk=coach.pk).name == "Carla"


def test_request_and_erased_coach_are_not_erased(coach: Coach, manager: User) -> None:
    coach_erasure.erase_coach(coach, by=manager)
    coaches.ask_for_account(name="Nora", email="nora@example.org", works_with="")
    for row in (coach, Coach.objects.get(name="Nora")):
        with pytest.raises(coach_erasure.NotErasable):
            coach_erasure.erase_coach(row, by=manager)


def test_coach_who_makes_an_invitation_at_this_moment_is_not_erased(
    coach: Coach, manager: User
) -> None:
    """The invitation comes after the others were locked and before the coach is."""
    made = []

    def invite_first(execute: Any, sql: str, *rest: Any) -> Any:
        if not made and "SELECT" in sql and 'FROM "assessments_coach"' in sql:
            made.append(coach.pk)
            invite(coach)
        return execute(sql, *rest)

    with (
        connection.execute_wrapper(invite_first),
        pytest.raises(coach_erasure.NotErasable),
    ):
        coach_erasure.erase_coach(coach, by=manager)
    assert made
    assert Coach.objects.get(pk=coach.pk).erased_at is None
    coach_erasure.erase_coach(coach, by=manager)
    assert not coach.invitations.exists()


def test_address_can_be_used_for_a_new_request(coach: Coach, manager: User) -> None:
    coach_erasure.erase_coach(coach, by=manager)
    assert make_coach("Carla", by=manager).pk != coach.pk
