"""Accounts in the admin: given by superusers, and closed rather than deleted once they have acted."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from assessments.models import Version
from content.actions import publish_page
from content.models import AuditEntry
from tests.assessments.coaching import make_coach, make_manager
from tests.assessments.staff import text_of
from tests.content.make import make_page, make_prose

USERS = reverse("admin:auth_user_changelist")


@pytest.fixture
def paula(db: None) -> User:
    """Has signed in and done nothing yet."""
    return User.objects.create_user("paula", "paula@example.org", "a long pass phrase", is_staff=True)


def delete(client: Client, user: User) -> str:
    return text_of(client.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}, follow=True))


def test_account_that_has_done_nothing_is_deleted(paula: User, staff_client: Client) -> None:
    delete(staff_client, paula)
    assert not User.objects.filter(username="paula").exists()


def test_account_that_has_acted_is_not_deleted_and_the_page_says_what_to_do(paula: User, staff_client: Client) -> None:
    page = make_page()
    make_prose(page)
    publish_page(page, by=paula)
    asked = text_of(staff_client.get(reverse("admin:auth_user_delete", args=[paula.pk])))
    for shown in (asked, delete(staff_client, paula)):
        assert "“paula” cannot be deleted" in shown
        assert "take the tick away from “Active”" in shown
        assert f'href="{reverse("admin:auth_user_change", args=[paula.pk])}"' in shown
        assert "Yes, I’m sure" not in shown
    assert AuditEntry.objects.get().by == paula


def test_account_of_a_coach_is_not_deleted_with_what_clients_have_granted(questionnaire: Version, staff_client: Client) -> None:
    coach = make_coach("Carla", by=make_manager())
    assert coach.user is not None
    assert "cannot be deleted" in delete(staff_client, coach.user)
    coach.refresh_from_db()


def test_closed_account_is_signed_out_at_once(staff: User, staff_client: Client) -> None:
    assert staff_client.get(USERS).status_code == 200
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert staff_client.get(USERS).status_code == 302


def test_many_accounts_cannot_be_deleted_at_once(paula: User, staff_client: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [paula.pk], "post": "yes"}
    staff_client.post(USERS, chosen)
    assert User.objects.filter(pk=paula.pk).exists()


@pytest.mark.django_db
def test_no_group_may_give_rights_away() -> None:
    assert Group.objects.count() == 4
    assert not Group.objects.filter(permissions__content_type__app_label__in=("auth", "account", "mfa", "usersessions", "admin")).exists()
