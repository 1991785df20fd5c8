"""Mail scanners and prefetching browsers open every link they find, again and again.

No row changes.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, coaches
from assessments.actions.muting import stop_token
from assessments.actions.personal_links import Person, invite_people
from assessments.models import (
    Coach,
    Participation,
    PersonalLink,
    Questionnaire,
    ShareLink,
)
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.guest import Guest
from tests.support.panel import rated
from tests.support.workspace import Keys, addresses, own_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Reads by GET and by HEAD. The third shows what the 500 of `make soak` do.
TIMES = int(os.environ.get("SCANNER_READS", "3"))
# Whatever a page of the site mails, shows to copy or prints, and the pages that those
# lead to.
HANDED_OUT = [
    "/join/",
    "/join/{code}/",
    "/join/{personal}/",
    "/join/{personal}/stop/?mail={stop}",
    "/r/{token}/",
    "/r/{token}.json",
    "/call/",
    "/rate/{panel}/",
    "/quiz/resume/",
    "/coach/ask/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/key/{password}/",
    "/accounts/confirm-email/{email}/",
]
OWN = [
    "/quiz/",
    "/quiz/result/",
    "/quiz/result/1/",
    "/quiz/result/1/open/",
    "/quiz/result/2/",
    "/quiz/result/sees/",
    "/quiz/result/share/",
    "/quiz/result/1/preview/answers/",
    "/quiz/review/",
    "/quiz/data/",
    "/quiz/data/rolefit.json",
]


def everything() -> dict[str, list[object]]:
    """Every row of every table, that of the cache included."""
    rows: dict[str, list[object]] = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache ORDER BY cache_key")
        return rows | {"cache": cursor.fetchall()}


@pytest.fixture
def guest(coach: Coach) -> Guest:
    """Ann.

    A held result with a link of Carla's, and a newer result that Carla does not see.
    """
    guest = Guest(
        invite(coach, held_until=timezone.now() + timedelta(days=3), onward=True)
    )
    guest.share()
    guest.answer_all("clear_project")
    clients.make_onward_link(
        Participation.objects.get(), scope="answers", label="", days=30
    )
    guest.take_again("both")
    return guest


@pytest.fixture
def secrets(guest: Guest, draft: Questionnaire, manager: User) -> dict[str, str]:
    """What stands for each secret in an address that is handed out."""
    coaches.ask_for_account(name="Nora", email="nora@example.org", works_with="Nurses")
    link = coaches.approve_coach(Coach.objects.get(name="Nora"), by=manager)
    group = Participation.objects.get().invitation
    invite_people(group, [Person("Bea", "bea@example.org")])
    return {
        "code": group.code,
        "personal": PersonalLink.objects.get().code,
        "stop": stop_token("bea@example.org"),
        "token": ShareLink.objects.get().token,
        "panel": rated(draft, people=0).token,
        "password": link.strip("/").rpartition("/")[2],
        "email": EmailConfirmationHMAC.create(
            EmailAddress.objects.create(user=manager, email="mara@example.com")
        ).key,
    }


@pytest.mark.parametrize("link", HANDED_OUT)
def test_link_that_is_handed_out_is_read_many_times_and_no_row_changes(
    secrets: dict[str, str], link: str
) -> None:
    address = link.format(**secrets)
    before = everything()
    stranger = Client()
    for _ in range(TIMES):
        assert (
            stranger.get(address).status_code,
            stranger.head(address).status_code,
        ) == (200, 200)
    assert everything() == before
    # A rating link gives each browser a sheet, which is stored only with its ratings.
    own = {"rolefit_sheet"} if link.startswith("/rate/") else set()
    assert set(stranger.cookies) <= {"csrftoken"} | own


def test_workspace_changes_no_row_when_the_coach_reads_it(coach: Coach) -> None:
    carla, grant = (
        signed_in_as(coach.user),
        joined(
            invite(coach, onward=True, held_until=timezone.now() + timedelta(days=3))
        ),
    )
    link = clients.make_onward_link(grant, scope="summary", label="", days=7)
    keys = Keys(
        group=grant.invitation_id,
        client=grant.pk,
        step=clients.add_step(grant, text="Read").pk,
        link=link.pk,
        person=grant.client_id or 0,
    )
    before, read = everything(), 0
    for address in [*addresses(keys), *own_addresses()]:
        statuses = {
            getattr(carla, method)(address).status_code
            for _ in range(TIMES)
            for method in ("get", "head")
        }
        assert len(statuses) == 1
        assert statuses <= {200, 405, 422}, address
        read += statuses == {200}
    assert read >= 12
    assert everything() == before


@pytest.mark.parametrize("address", [*OWN, "/join/{code}/", "/join/{code}/?who=new"])
def test_owners_own_pages_change_no_row_when_they_are_read(
    guest: Guest, address: str
) -> None:
    address = address.format(code=Participation.objects.get().invitation.code)
    before = everything()
    for _ in range(TIMES):
        assert (
            guest.client.get(address).status_code,
            guest.client.head(address).status_code,
        ) == (200, 200)
    assert everything() == before
