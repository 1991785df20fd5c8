"""A manager's link for a coach who forgot the password, and who gets none."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.auth.models import Group, Permission, User

from assessments.actions import coaches
from assessments.models import Coach
from content.models import AuditEntry
from tests.support.coaching import invite, join, make_coach

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_mail(settings: LazySettings) -> None:
    settings.MAIL_GOES_OUT = False


def test_link_is_made_and_recorded(coach: Coach, manager: User) -> None:
    assert coaches.why_no_new_password(coach) == ""
    link = coaches.new_password_link(coach, by=manager)
    assert "/accounts/password/reset/key/" in link
    entry = AuditEntry.objects.latest("pk")
    assert (entry.by, entry.act) == (manager, AuditEntry.Act.APPROVE)


def refused(coach: Coach, manager: User) -> str:
    """Why there is no link. Nothing may have been recorded."""
    before = AuditEntry.objects.count()
    with pytest.raises(coaches.NoNewPassword) as refusal:
        coaches.new_password_link(coach, by=manager)
    assert AuditEntry.objects.count() == before
    assert str(refusal.value) == coaches.why_no_new_password(coach)
    return str(refusal.value)


def test_site_with_mail_makes_none(
    coach: Coach, manager: User, settings: LazySettings
) -> None:
    settings.MAIL_GOES_OUT = True
    assert refused(coach, manager)


def test_request_and_closed_workspace_get_none(coach: Coach, manager: User) -> None:
    coaches.ask_for_account(name="Nora", email="nora@example.org", works_with="")
    reasons = {refused(Coach.objects.get(name="Nora"), manager)}
    coaches.close_workspace(coach, by=manager)
    coach.refresh_from_db()
    reasons.add(refused(coach, manager))
    assert len(reasons) == 1


@pytest.mark.parametrize("right", ["staff", "superuser", "group", "permission"])
def test_account_with_more_rights_gets_none(
    coach: Coach, manager: User, right: str
) -> None:
    user = coach.user
    assert user is not None
    if right == "group":
        user.groups.add(Group.objects.create(name="Some group"))
    elif right == "permission":
        user.user_permissions.add(Permission.objects.all()[0])
    else:
        setattr(user, f"is_{right}", True)
        user.save()
    coach = Coach.objects.get(pk=coach.pk)
    assert refused(coach, manager)


def test_account_with_clients_needs_a_second_factor(
    coach: Coach, manager: User
) -> None:
    join(invite(coach))
    assert refused(coach, manager)
    Authenticator.objects.create(user=coach.user, type=Authenticator.Type.TOTP, data={})
    assert coaches.new_password_link(coach, by=manager)


def test_first_link_is_for_an_account_without_a_password(manager: User) -> None:
    coaches.ask_for_account(name="Nora", email="nora@example.org", works_with="")
    nora = Coach.objects.get(name="Nora")
    assert coaches.first_password_link(nora) == ""
    coaches.approve_coach(nora, by=manager)
    nora.refresh_from_db()
    assert "/accounts/password/reset/key/" in coaches.first_password_link(nora)
    assert coaches.first_password_link(make_coach("Otto", by=manager)) == ""


def test_closing_and_opening_twice_is_recorded_once(
    coach: Coach, manager: User
) -> None:
    def recorded() -> list[str]:
        acts = AuditEntry.objects.order_by("pk").values_list("act", flat=True)
        return [act for act in acts if act in (AuditEntry.Act.REVOKE, "restore")]

    coaches.open_workspace(coach, by=manager)  # it is open
    for _ in range(2):
        coaches.close_workspace(coach, by=manager)
    for _ in range(2):
        coaches.open_workspace(coach, by=manager)
    assert recorded() == [AuditEntry.Act.REVOKE, AuditEntry.Act.RESTORE]
