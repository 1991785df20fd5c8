"""Addresses and browsers of sign-ins go with their sessions."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from assessments.actions.account_sessions import (
    end_sessions,
    forget_cached,
    forget_sign_ins,
    sessions_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PASSWORD = "a long pass phrase"


@pytest.fixture
def signed_in(staff: User) -> Client:
    """Stella, signed in by the page of the site."""
    EmailAddress.objects.create(
        user=staff, email=staff.email, verified=True, primary=True
    )
    client = Client()
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    assert UserSession.objects.get().user == staff
    return client


def test_sign_in_is_forgotten_when_its_account_signs_out(signed_in: Client) -> None:
    signed_in.post("/accounts/logout/")
    assert not UserSession.objects.exists()


def test_change_of_password_leaves_the_sign_in_that_made_it(
    signed_in: Client,
) -> None:
    signed_in.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long phrase",
            "password2": "another long phrase",
        },
    )
    kept = UserSession.objects.get()
    assert kept.session_key == signed_in.session.session_key


def test_all_sessions_of_one_account_end_and_no_others(
    signed_in: Client, staff: User
) -> None:
    other = User.objects.create_user("other")
    Client().force_login(other)
    assert (len(sessions_of(staff)), len(sessions_of(other))) == (1, 1)
    end_sessions(staff)
    assert (len(sessions_of(staff)), len(sessions_of(other))) == (0, 1)


def test_expired_session_takes_its_sign_in_with_it(signed_in: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("clearsessions")
    assert not UserSession.objects.exists()


def test_sign_in_without_a_session_is_forgotten(signed_in: Client, staff: User) -> None:
    [kept] = UserSession.objects.all()
    UserSession.objects.create(
        user=staff, ip="192.0.2.7", session_key="gone", user_agent="Old"
    )
    assert forget_sign_ins(now=timezone.now()) == 1
    assert list(UserSession.objects.all()) == [kept]


def test_entries_of_a_cache_go_once_they_are_over() -> None:
    cache.set("over", 1, timeout=10)
    cache.set("lasts", 1, timeout=100)
    assert forget_cached(now=timezone.now() + timedelta(seconds=50)) == 1
    assert [cache.get("over"), cache.get("lasts")] == [None, 1]


def test_cache_elsewhere_is_left_alone(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "a.package.MemoryCache"}}
    assert forget_cached(now=timezone.now()) == 0


@pytest.mark.parametrize(("days", "left"), [(89, 1), (90, 0)])
def test_session_in_use_ends_after_ninety_days(
    signed_in: Client, days: int, left: int
) -> None:
    now = timezone.now()
    UserSession.objects.update(created_at=now - timedelta(days=days))
    forget_sign_ins(now=now)
    assert (UserSession.objects.count(), Session.objects.count()) == (left, left)


@pytest.mark.parametrize("confirmed_after", [0, 11])
def test_session_ends_twelve_hours_after_the_sign_in_or_a_confirmation(
    signed_in: Client, confirmed_after: int
) -> None:
    """Use alone doesn't prolong it."""
    last = timezone.now() + timedelta(hours=confirmed_after)
    if confirmed_after:
        with time_machine.travel(last):
            signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for hours, answer in ((11.5, 200), (12.5, 302)):
        with time_machine.travel(last + timedelta(hours=hours)):
            assert signed_in.get("/accounts/logout/").status_code == answer


def test_daily_job_says_how_many_it_forgot(staff: User) -> None:
    UserSession.objects.create(
        user=staff, ip="192.0.2.7", session_key="gone", user_agent="Old"
    )
    said = StringIO()
    call_command("forget_old", stdout=said)
    assert "1 sign-ins" in said.getvalue()
    assert not UserSession.objects.exists()
