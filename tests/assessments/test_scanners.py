"""Mail scanners and prefetching browsers open every link they find, again and again.

No row changes.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, coaches, result_requests, share_links
from assessments.actions.muting import stop_token
from assessments.actions.personal_links import Person, invite_people
from assessments.models import (
    Coach,
    Participation,
    PersonalLink,
    Questionnaire,
    ShareLink,
)
from content.actions import keep_draft
from content.models import Page, SiteWords
from tests.support.admin_addresses import admin_paths
from tests.support.articles import publish_drafted_words
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.guest import Guest
from tests.support.panel import rated
from tests.support.quiz_addresses import OwnKeys, quiz_addresses
from tests.support.taker import answers_of
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


def statuses_of(client: Client, pages: list[str]) -> dict[str, int]:
    """The status of each page, read three times by GET and by HEAD."""
    found = {}
    for page in pages:
        [found[page]] = {
            getattr(client, method)(page).status_code
            for _ in range(3)
            for method in ("get", "head")
        }
    return found


def test_owners_own_pages_change_no_row_when_they_are_read(
    guest: Guest, other_coach: Coach
) -> None:
    """With a held result and a newer one; then with an attempt that is open, too."""
    grant, newer = Participation.objects.get(), guest.result()
    SiteWords.objects.update(booking_address="https://calls.example.net/new")
    publish_drafted_words()
    share_links.make_call_link(newer)
    own = share_links.make_share_link(newer, scope="summary", label="Otto", days=7)
    asked = result_requests.ask_for_result(other_coach, own, label="Our talk")
    of_grant = {"grant": grant.pk, "step": clients.add_step(grant, text="Read").pk}
    pages = [
        *quiz_addresses(OwnKeys(result=1, **of_grant)),
        *quiz_addresses(OwnKeys(result=2, asked=asked.pk, link=own.pk, **of_grant)),
        "/quiz/1/?change=T1",
        *(f"/join/{grant.invitation.code}/{query}" for query in ("", "?who=new")),
    ]
    # A held result is not changed, and only a held one is opened early. Nobody agreed
    # to be asked how it turned out.
    elsewhere = {
        *("/quiz/result/1/reminder.ics", "/quiz/result/2/reminder.ics"),
        *("/quiz/result/1/change/T1/", "/quiz/call/?result=1"),
        *("/quiz/result/asked/0/", "/quiz/result/2/open/"),
    }
    for without_a_page in (elsewhere | {"/quiz/1/", "/quiz/1/?change=T1"}, elsewhere):
        before = everything()
        statuses = statuses_of(guest.client, pages)
        assert everything() == before
        assert {
            page for page, status in statuses.items() if status not in (200, 405)
        } == without_a_page
        guest.start(who="same")
        guest.answer(1, answers_of("both"))


def test_admin_changes_no_row_when_it_is_read(
    guest: Guest, draft: Questionnaire, staff_client: Client
) -> None:
    rated(draft, people=1)
    keep_draft(Page.objects.earliest("pk"), by=None)
    before = everything()
    statuses = Counter(staff_client.get(path).status_code for path in admin_paths())
    assert everything() == before
    assert statuses.keys() <= {200, 204, 302, 403, 404, 405}
    assert statuses[200] >= 60
