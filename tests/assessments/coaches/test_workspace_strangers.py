"""Strangers find nothing at any address of a workspace, whatever state it is in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments import models
from assessments.actions import clients, grants, invitations, personal_links
from assessments.actions.personal_links import Person
from assessments.models import (
    Coach,
    Invitation,
    NextStep,
    Participation,
    PersonalLink,
    ShareLink,
)
from tests.support.coaching import invite, join, joined, signed_in_as
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.workspace import PUBLIC, Keys, addresses, own_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
METHODS = ("get", "head", "post")
NOWHERE = Keys(
    group=987_654,
    client=987_654,
    step=987_654,
    link=987_654,
    person=987_654,
    invited=987_654,
)


def with_everything(grant: Participation) -> Keys:
    """A step, somebody invited by name, and a link where there may be one."""
    step = clients.add_step(grant, text="Read")
    link = (
        clients.make_onward_link(grant, scope="summary", label="", days=7)
        if hasattr(grant.attempt, "result")
        else None
    )
    personal_links.invite_people(grant.invitation, [Person("Bea", "bea@example.org")])
    invited = PersonalLink.objects.get(client__name="Bea")
    return Keys(
        group=grant.invitation_id,
        client=grant.pk,
        step=step.pk,
        link=link.pk if link else 0,
        person=grant.client_id or 0,
        invited=invited.pk,
    )


def begun(coach: Coach) -> Keys:
    return with_everything(join(invite(coach, onward=True)))


def finished(coach: Coach) -> Keys:
    return with_everything(joined(invite(coach, onward=True)))


def held(coach: Coach) -> Keys:
    return with_everything(
        joined(
            invite(coach, onward=True, held_until=timezone.now() + timedelta(days=3))
        )
    )


def withdrawn(coach: Coach) -> Keys:
    grant = joined(invite(coach, onward=True))
    keys = with_everything(grant)
    grants.withdraw(grant)
    return keys


def closed(coach: Coach) -> Keys:
    keys = finished(coach)
    invitations.close(Invitation.objects.get(pk=keys.group))
    return keys


STATES = pytest.mark.parametrize("state", [begun, finished, held, withdrawn, closed])


def rows() -> dict[str, list[dict[str, object]]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (
            Invitation,
            Participation,
            NextStep,
            ShareLink,
            models.Client,
            PersonalLink,
        )
    }


def answers(
    client: Client, walked: list[str]
) -> dict[tuple[str, str], tuple[int, bytes]]:
    return {
        (method, address): _answer(getattr(client, method)(address))
        for address in walked
        for method in METHODS
    }


def _answer(response: HttpResponse) -> tuple[int, bytes]:
    """Without the tokens of forms, which differ at each request."""
    return response.status_code, TOKEN.sub(b"", response.content)


@STATES
def test_stranger_meets_the_same_404_whether_or_not_the_row_is_there(
    coach: Coach, state: Callable[[Coach], Keys]
) -> None:
    walked = [*addresses(state(coach)), *own_addresses()]
    assert len(walked) >= 24
    before, there = rows(), answers(Client(), walked)
    assert {status for status, _ in there.values()} == {404}
    assert rows() == before
    Coach.objects.all().delete()
    assert answers(Client(), walked) == there


@STATES
def test_visitor_with_a_result_and_the_client_meet_the_strangers_404(
    coach: Coach, questionnaire: object, state: Callable[[Coach], Keys]
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    own = Participation.objects.get()
    keys = [
        state(coach),
        Keys(group=own.invitation_id, client=own.pk, person=own.client_id or 0),
    ]
    for walked in ([*addresses(each), *own_addresses()] for each in keys):
        assert answers(guest.client, walked) == answers(Client(), walked)


@STATES
def test_account_without_a_workspace_finds_nothing(
    coach: Coach, staff_client: Client, state: Callable[[Coach], Keys]
) -> None:
    walked = [*addresses(state(coach)), *own_addresses()]
    before = rows()
    visitor = signed_in_as(
        User.objects.create_user("nina", "nina@example.org", "a long pass phrase")
    )
    for client in (visitor, staff_client):
        assert {status for status, _ in answers(client, walked).values()} == {404}
    assert rows() == before


@STATES
def test_another_coach_finds_only_own_rows(
    coach: Coach, other_coach: Coach, state: Callable[[Coach], Keys]
) -> None:
    keys, otto = state(coach), signed_in_as(other_coach.user)
    before = rows()
    there, nowhere = answers(otto, addresses(keys)), answers(otto, addresses(NOWHERE))
    assert list(there.values()) == list(nowhere.values())
    # 405 where the address does not take that method from anybody.
    assert {status for status, _ in there.values()} == {404, 405}
    for address in addresses(keys):
        assert 404 in {there[method, address][0] for method in METHODS}, address
    assert rows() == before


@STATES
def test_pages_of_another_coach_show_nothing_of_it(
    coach: Coach, other_coach: Coach, state: Callable[[Coach], Keys]
) -> None:
    state(coach)
    otto = signed_in_as(other_coach.user)
    for address in own_addresses():
        page = otto.get(address)
        assert page.status_code == 200
        assert (
            re.findall(r"/coach/(?:client/|person/)?\d|Ann|Bea", page.content.decode())
            == []
        )


def test_the_coach_reaches_every_address_of_what_is_there(coach: Coach) -> None:
    carla, keys = signed_in_as(coach.user), finished(coach)
    # Forms that are sent empty come back with their errors; none of these posts takes a
    # row away.
    kept = [address for address in addresses(keys) if "/remove/" not in address]
    reached = {
        address: {carla.get(address).status_code, carla.post(address).status_code}
        for address in kept
    }
    assert [
        address
        for address, statuses in reached.items()
        if not statuses & {200, 302, 422} or 404 in statuses
    ] == []


def test_without_a_second_factor_every_address_leads_to_setting_one_up(
    coach: Coach, client: Client
) -> None:
    assert coach.user is not None
    client.force_login(coach.user)
    for walked in (addresses(finished(coach)), addresses(NOWHERE), own_addresses()):
        assert {client.get(address).headers["Location"] for address in walked} == {
            "/accounts/2fa/"
        }


def test_strangers_404_offers_the_way_in_and_back(client: Client, coach: Coach) -> None:
    group = invite(coach)
    page = client.get(f"/coach/{group.pk}/?sort=name")
    assert page.status_code == 404
    assert parse(page).values("main a.button") == [
        f"/accounts/login/?next=%2Fcoach%2F{group.pk}%2F%3Fsort%3Dname"
    ]
    page = client.post(f"/coach/{group.pk}/close/")
    assert parse(page).values("main a.button") == ["/accounts/login/?next=%2Fcoach%2F"]
    back = client.post(
        f"/accounts/login/?next=%2Fcoach%2F{group.pk}%2F",
        {
            "login": "carla@example.org",
            "password": "a long pass phrase",
            "next": f"/coach/{group.pk}/",
        },
    )
    assert back["Location"] == f"/coach/{group.pk}/"


def test_form_without_its_token_is_refused_to_the_coach_and_is_404_to_a_stranger(
    coach: Coach,
) -> None:
    group = invite(coach)
    carla, stranger = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    carla.cookies = signed_in_as(coach.user).cookies
    for address in (f"/coach/{group.pk}/close/", "/coach/new/"):
        assert (
            carla.post(address).status_code,
            stranger.post(address).status_code,
        ) == (403, 404)
    group.refresh_from_db()
    assert group.closed_at is None


def test_asking_for_a_workspace_is_open_to_everybody(
    client: Client, article: None
) -> None:
    assert client.get(PUBLIC).status_code == 200
