"""Namesakes have their number on every page and in every message about one of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions import people, personal_links
from assessments.actions.personal_links import Person
from assessments.models import Coach, Invitation, Participation, PersonalLink
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.dom import Element, parse
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach)


@pytest.fixture
def second(group: Invitation) -> Participation:
    """The second Ann."""
    joined(group, "Ann")
    return joined(group, "Ann")


@pytest.fixture
def link(group: Invitation, second: Participation) -> PersonalLink:
    """That of the third Ann, who has not started."""
    personal_links.invite_people(group, [Person("Ann", "ann@example.org")])
    return PersonalLink.objects.get()


def page_of(browser: Client, name: str, pk: int | None) -> Element:
    response = browser.get(reverse(name, args=[pk]))
    assert response.status_code == 200
    return parse(response)


def message_after(browser: Client, name: str, pk: int) -> str:
    response = browser.post(reverse(name, args=[pk]), follow=True)
    return parse(response).one(".save[role=status]").text


@pytest.mark.parametrize("name", ["coach_remove_client", "coach_release_client"])
def test_question_about_one_of_them(
    carla: Client, group: Invitation, second: Participation, name: str
) -> None:
    Participation.objects.update(held_until="2100-01-01T00:00Z")
    page = page_of(carla, name, second.pk)
    for part in ("title", "h1", "form[method=post][action*=client] .button"):
        assert "Ann (2)" in page.all(part)[0].text


def test_group_has_no_number_of_a_person(carla: Client, group: Invitation) -> None:
    page = page_of(carla, "coach_release", group.pk)
    assert "(" not in page.all("title")[0].text + page.one("h1").text


@pytest.mark.parametrize("name", ["coach_remove_client", "coach_release_client"])
def test_message_about_one_of_them(
    carla: Client, second: Participation, name: str
) -> None:
    assert "Ann (2)" in message_after(carla, name, second.pk)


def test_message_about_an_invitation_that_is_taken_back(
    carla: Client, link: PersonalLink
) -> None:
    assert "Ann (3)" in message_after(carla, "coach_remove_invited", link.pk)


def test_message_about_who_has_joined_just_then(
    carla: Client, link: PersonalLink, second: Participation
) -> None:
    Participation.objects.filter(pk=second.pk).update(client=link.client)
    assert "Ann (2)" in message_after(carla, "coach_remove_invited", link.pk)


def test_hidden_words_in_the_list_of_the_invited(
    carla: Client, group: Invitation, link: PersonalLink
) -> None:
    row = page_of(carla, "coach_invited", group.pk).one(".invited-list tbody tr")
    hidden = [text for text in row.texts(".visually-hidden") if "Ann" in text]
    assert len(hidden) == 4
    assert [text for text in hidden if "Ann (3)" not in text] == []


def test_list_of_the_invited_asks_once_who_joined_by_code(
    carla: Client, group: Invitation, link: PersonalLink
) -> None:
    address = reverse("coach_invited", args=[group.pk])
    statements = [str(row) for row in asked(lambda: carla.get(address))]
    assert sum("UNION ALL" in statement for statement in statements) == 1


def test_names_that_somebody_wrote_have_numbers_of_their_own(
    carla: Client, coach: Coach, second: Participation
) -> None:
    assert second.client is not None
    people.set_private_words(second.client, private_name="Zoe", tag="")
    page = page_of(carla, "coach_person", second.client_id)
    assert page.one("h1").text == "Zoe"
    assert "Ann (2)" in page.one(".people-head .lead").text
    type(second.client).objects.filter(pk=second.client.pk).update(name="Anna")
    page = page_of(carla, "coach_person", second.client_id)
    assert page.texts(".people-table tbody th small") == ["as Ann (2)"]


def test_links_for_clients_have_no_number(
    carla: Client, group: Invitation, link: PersonalLink
) -> None:
    response = carla.post(reverse("coach_links", args=[group.pk]))
    assert "(3)" not in response.content.decode()
