"""The join page of a personal link: for one person, who reads what is known."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions import invitations, personal_links
from assessments.actions.personal_links import Person
from assessments.models import Coach, Invitation, Participation, PersonalLink
from tests.support.coaching import everything_of, invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.taker import answers_of

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"


@pytest.fixture
def group(coach: Coach) -> Invitation:
    return invite(coach, max_uses=2)


@pytest.fixture
def link(group: Invitation) -> PersonalLink:
    personal_links.invite_people(
        group, [Person("Ada Lovelace", ADDRESS), Person("Ben", "ben@example.org")]
    )
    return PersonalLink.objects.earliest("pk")


def guest_of(link: PersonalLink) -> Guest:
    return Guest(link)  # type: ignore[arg-type]


def test_person_reads_the_address_and_joins(link: PersonalLink) -> None:
    ada = guest_of(link)
    page = parse(ada.look())
    assert page.one("input[name=name]").value == "Ada Lovelace"
    assert ADDRESS in page.one("#address").text
    assert page.values("#address a") == [f"/join/{link.code}/stop/"]
    assert page.one("form.consent").value == f"/join/{link.code}/"
    assert "ben@example.org" not in ada.terms()
    assert ada.share("Ada")["Location"] == "/quiz/1/"
    grant = Participation.objects.get()
    assert grant.client == link.client
    ada.answer_all("clear_project")
    link.refresh_from_db()
    assert link.email == ""
    assert not parse(ada.look()).has("#address")
    told = everything_of(grant.attempt.owner)["participations"][0]
    assert told["personal_link"]["email"] == ""


def test_second_person_reads_nothing_of_the_first(link: PersonalLink) -> None:
    guest_of(link).share("Ada")
    other = guest_of(link)
    page = parse(other.look())
    assert not page.has("form.consent")
    assert page.has("form[data-key]")
    assert "Ada" not in page.text
    assert ADDRESS not in page.text
    refused = other.client.post(
        other.address, {"name": "Eve", "agree": "on", "action": "share"}
    )
    assert refused["Location"] == other.address
    assert Participation.objects.count() == 1


def test_used_link_leads_back_by_the_same_browser_or_else_by_the_key(
    link: PersonalLink,
) -> None:
    """So does the reminder say that carries the link once more."""
    ada = guest_of(link)
    ada.share("Ada")
    ada.answer(1, answers_of("clear_project"))
    assert "/quiz/2/" in parse(ada.look()).values("main .opening a")
    other = guest_of(link)
    page = parse(other.look())
    assert not page.has("main a[href=/quiz/2/]")
    way_back = page.one("form[data-key]").value
    opened = other.client.post(way_back, {"key": ada.key})
    assert opened["Location"] == "/quiz/"
    assert "/quiz/2/" in parse(other.look()).values("main .opening a")


def test_code_is_typed_by_hand(client: Client, link: PersonalLink) -> None:
    typed = f" {link.code[:5]}-{link.code[5:]} ".lower()
    found = client.post("/join/", {"code": typed})
    assert found["Location"] == f"/join/{link.code}/"


def test_group_is_full_for_strangers_alone(
    group: Invitation, link: PersonalLink
) -> None:
    assert not parse(Guest(group).look()).has("form.consent")
    assert parse(guest_of(link).look()).has("form.consent")


def test_closed_group_is_closed_for_links(
    group: Invitation, link: PersonalLink
) -> None:
    ada = guest_of(link)
    page = parse(ada.look())
    carried = {"nonce": page.one("input[name=nonce]").value}
    invitations.close(group)
    assert not parse(ada.look()).has("form.consent")
    late = ada.client.post(
        ada.address, {"name": "Ada", "agree": "on", "action": "share"} | carried
    )
    assert late["Location"] == ada.address
    assert not Participation.objects.exists()


def test_answering_privately_leaves_the_link_unused(link: PersonalLink) -> None:
    ada = guest_of(link)
    assert ada.client.post(ada.address, {"action": "private"})["Location"] == "/quiz/1/"
    assert not Participation.objects.exists()
    page = parse(ada.look())
    assert page.has("#address")


def test_result_that_is_there_already_is_shared(link: PersonalLink) -> None:
    ada = guest_of(link)
    ada.start()
    ada.answer_all("clear_project")
    assert ada.share("Ada", what="1")["Location"] == "/quiz/result/sees/"
    assert Participation.objects.get().client == link.client
    link.refresh_from_db()
    assert link.email == ""


def test_shared_answers_lead_back_to_the_same_link(
    coach: Coach, other_coach: Coach, link: PersonalLink
) -> None:
    ada = Guest(invite(other_coach))
    ada.share("Ada")
    ada.address = f"/join/{link.code}/"
    asked = ada.client.post(ada.address, {"action": "private"})
    assert asked.status_code == 409
    assert parse(asked).one("main form").value == ada.address
