"""A result held for a talk: nothing of it on its owner's pages, until the clock or the owner opens it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, invitations
from assessments.models import Attempt, Coach, Participation, Result, ShareLink
from tests.support.coaching import invite
from tests.support.guest import Guest
from tests.support.pages import text_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
WOULD_SHOW = [
    "/quiz/result/",
    "/quiz/result/1/",
    "/quiz/result/1/preview/summary/",
    "/quiz/result/1/preview/answers/",
]
TOLD = (
    "project management",
    "towards project",
    'class="lean',
    "strong pull",
    "point clearly",
)


@pytest.fixture
def until(questionnaire: object) -> datetime:
    return timezone.now() + timedelta(days=3)


@pytest.fixture
def held(coach: Coach, until: datetime) -> Guest:
    """Ann's result is ready, and Carla holds it."""
    guest = Guest(invite(coach, held_until=until, onward=True))
    guest.share("Ann")
    guest.answer_all("clear_project")
    return guest


@pytest.mark.parametrize("address", WOULD_SHOW)
def test_every_page_that_would_show_it_says_who_holds_it_until_when(
    held: Guest, until: datetime, address: str
) -> None:
    response = held.client.get(address)
    text = text_of(response.content)
    assert response.status_code == 200
    assert "It is ready, and waits for your talk with Carla" in text
    assert f"It opens here by itself on {until:%A, %-d %B %Y}." in text
    assert [words for words in TOLD if words in response.content.decode()] == []


@pytest.mark.parametrize(
    "address",
    [
        "/quiz/",
        "/quiz/review/",
        "/quiz/data/",
        "/quiz/result/sees/",
        "/quiz/result/share/",
        "/quiz/result/share/?result=1",
        "/quiz/result/1/open/",
        "/quiz/1/",
    ],
)
def test_no_other_page_of_hers_tells_it_either(held: Guest, address: str) -> None:
    page = held.client.get(address, follow=True).content.decode()
    assert [words for words in TOLD if words in page] == []


def test_answers_and_download_are_hers_all_the_same(held: Guest) -> None:
    review = text_of(held.client.get("/quiz/review/").content)
    assert review.count("Much more A") > 0
    assert "They can be changed once the result is open." in review
    assert "Change this answer" not in review
    data = json.loads(held.client.get("/quiz/data/rolefit.json").content)
    assert data["results"][0]["reply"]["outcome"] == "clear_project"


def test_it_opens_by_itself(held: Guest, until: datetime) -> None:
    with time_machine.travel(until, tick=False):
        for address in WOULD_SHOW:
            assert "waits for your talk" not in text_of(
                held.client.get(address).content
            )
        assert "Your answers point clearly to project management." in text_of(
            held.client.get("/quiz/result/").content
        )
        assert "No longer: it has been open to you since" in text_of(
            held.client.get("/quiz/result/sees/").content
        )
        assert held.client.get("/quiz/result/1/open/")["Location"] == "/quiz/result/1/"


def test_coach_may_release_it_sooner(held: Guest) -> None:
    invitations.release(Participation.objects.get().invitation)
    assert "Your answers point clearly to" in text_of(
        held.client.get("/quiz/result/").content
    )


def test_owner_opens_it_early_after_one_warning(held: Guest) -> None:
    warning = held.client.get("/quiz/result/1/open/")
    assert "Carla will see that you opened it before" in text_of(warning.content)
    assert Participation.objects.get().opened_early_at is None
    assert held.client.post("/quiz/result/1/open/")["Location"] == "/quiz/result/1/"
    first = Participation.objects.get().opened_early_at
    assert first is not None
    assert held.client.post("/quiz/result/1/open/").status_code == 302  # a double click
    assert Participation.objects.get().opened_early_at == first
    assert "Your answers point clearly to" in text_of(
        held.client.get("/quiz/result/").content
    )
    assert "You opened it early, on" in text_of(
        held.client.get("/quiz/result/sees/").content
    )


def test_withdrawing_opens_it(held: Guest) -> None:
    held.client.post(f"/quiz/result/sees/{Participation.objects.get().pk}/withdraw/")
    assert "Your answers point clearly to" in text_of(
        held.client.get("/quiz/result/").content
    )


def test_nobody_else_opens_it(held: Guest, stranger: Taker) -> None:
    assert (
        Guest(Participation.objects.get().invitation).client.post(
            "/quiz/result/1/open/"
        )["Location"]
        == "/quiz/"
    )
    stranger.start()
    assert stranger.client.get("/quiz/result/1/open/").status_code == 404
    assert stranger.client.post("/quiz/result/1/open/").status_code == 404
    assert Participation.objects.get().opened_early_at is None


def test_owner_makes_no_link_while_it_is_held(held: Guest) -> None:
    response = held.client.post(
        "/quiz/result/share/", {"label": "", "scope": "summary", "days": "30"}
    )
    assert "waits for your talk with Carla" in text_of(response.content)
    assert not ShareLink.objects.exists()
    assert 'name="scope"' not in held.client.get("/quiz/result/share/").content.decode()


def test_owner_sees_and_ends_the_coachs_link_while_it_is_held(
    held: Guest, until: datetime
) -> None:
    link = clients.make_onward_link(
        Participation.objects.get(), scope="summary", label="Her manager", days=30
    )
    assert (
        'href="/quiz/result/share/">See and end it</a>'
        in held.client.get("/quiz/result/sees/").content.decode()
    )
    page = held.client.get("/quiz/result/share/").content.decode()
    assert "Her manager" in page
    assert "Its address appears here once the result is open to you." in page
    assert f"opens here by itself on {until:%-d %B %Y}" in page
    assert [words for words in (*TOLD, link.token, "preview") if words in page] == []
    address = f"/quiz/result/share/{link.pk}/revoke/"
    assert f'action="{address}"' in page
    assert (
        "That link no longer works."
        in held.client.post(address, follow=True).content.decode()
    )
    assert Client().get(f"/r/{link.token}/").status_code == 404


def test_held_result_is_neither_corrected_nor_gone_on_with(
    coach: Coach, until: datetime
) -> None:
    guest = Guest(invite(coach, held_until=until, form="short"))
    guest.share()
    guest.answer_all("clear_short")
    for address in ("/quiz/result/1/correct/", "/quiz/result/1/more/"):
        assert (
            guest.client.post(address, {"question": "T1"})["Location"]
            == "/quiz/result/1/"
        )
    assert Attempt.objects.count() == 1


def test_coachs_link_to_a_held_result_has_no_address_on_the_owners_page(
    held: Guest,
) -> None:
    link = clients.make_onward_link(
        Participation.objects.get(), scope="summary", label="Her manager", days=30
    )
    held.take_again("both")
    page = held.client.get("/quiz/result/share/").content.decode()
    assert "Made by Carla, as you agreed." in page
    assert "Its address appears here once the result is open to you." in page
    assert link.token not in page
    assert f"/quiz/result/share/{link.pk}/revoke/" in page
    held.client.post("/quiz/result/1/open/")
    assert link.token in held.client.get("/quiz/result/share/").content.decode()


def test_careless_result_is_not_held(coach: Coach, until: datetime) -> None:
    guest = Guest(invite(coach, held_until=until))
    guest.share()
    guest.answer_all("careless")
    assert "too fast (or too alike)" in text_of(
        guest.client.get("/quiz/result/").content
    )
    assert Result.objects.get().outcome == "careless"


def test_earlier_result_stays_open_beside_a_held_one(
    coach: Coach, until: datetime
) -> None:
    guest = Guest(invite(coach, held_until=until))
    guest.take("both")
    guest.share(what="answers")
    for number in range(1, 7):
        guest.answer(number, answers_of("clear_project"))
    Attempt.objects.filter(finished_at=None).update(seconds=300)
    guest.client.post("/quiz/review/")
    assert "waits for your talk" in text_of(guest.client.get("/quiz/result/").content)
    assert "You would enjoy both" in text_of(
        guest.client.get("/quiz/result/1/").content
    )
