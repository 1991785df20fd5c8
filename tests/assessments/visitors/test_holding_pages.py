"""A result held for a talk.

Nothing of it on its owner's pages, until the clock or the owner opens it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.actions import clients, invitations
from assessments.models import Attempt, Coach, Participation, Result, ShareLink
from tests.support.coaching import invite
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import levels, template_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
WOULD_SHOW = [
    "/quiz/result/",
    "/quiz/result/1/",
    "/quiz/result/1/preview/summary/",
    "/quiz/result/1/preview/answers/",
]
HELD, RESULT = "assessments/held.html", "assessments/result.html"
# What the page of the result says once it is open.
TOLD = ("point clearly", "to project management", "toward project", "Strong pull")


def told(response: HttpResponse) -> list[str]:
    text = parse(response).one("main").text
    return [words for words in TOLD if words in text]


def is_open(guest: Guest) -> bool:
    return template_of(guest.client.get("/quiz/result/")) == RESULT


def hold_stage(guest: Guest) -> str | None:
    """What the page about grants says of the hold of the only one."""
    response = guest.client.get("/quiz/result/sees/")
    [row] = response.context["rows"]
    stage: str | None = row.hold_stage
    return stage


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
    page = parse(response)
    assert (response.status_code, template_of(response)) == (200, HELD)
    assert "Carla" in page.one("h1").text
    assert f"{until:%A, %B %-d, %Y}" in page.one(".lead").text
    assert told(response) == []


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
def test_no_other_page_of_the_owner_tells_it_either(held: Guest, address: str) -> None:
    assert told(held.client.get(address, follow=True)) == []


def test_owner_has_answers_and_download_all_the_same(held: Guest) -> None:
    review = held.client.get("/quiz/review/")
    assert template_of(review) == "assessments/review_finished.html"
    assert parse(review).text.count("Much more A") == 2
    assert not parse(review).has("a[href*=/change/]")
    data = json.loads(held.client.post("/quiz/data/rolefit.json").getvalue())
    assert data["results"][0]["reply"]["outcome"] == "clear_project"


def test_it_opens_by_itself(held: Guest, until: datetime) -> None:
    with time_machine.travel(until, tick=False):
        for address in WOULD_SHOW:
            assert template_of(held.client.get(address)) != HELD
        assert told(held.client.get("/quiz/result/")) == [*TOLD]
        access = parse(held.client.get("/quiz/result/sees/"))
        assert access.values(".grant a") == ["/quiz/result/1/"]
        assert hold_stage(held) == "over"
        assert held.client.get("/quiz/result/1/open/")["Location"] == "/quiz/result/1/"


def test_coach_may_release_it_sooner(held: Guest) -> None:
    invitations.release(Participation.objects.get().invitation)
    assert is_open(held)


def test_whoever_joins_after_the_release_agrees_to_no_hold(
    coach: Coach, until: datetime
) -> None:
    invitation = invite(coach, held_until=until)
    invitations.release(invitation)
    guest = Guest(invitation)
    guest.share()
    assert Participation.objects.get().held_until is None
    assert hold_stage(guest) is None
    guest.answer_all("clear_project")
    assert hold_stage(guest) is None


def test_hold_that_ends_before_the_answers_holds_nothing(
    coach: Coach, until: datetime
) -> None:
    guest = Guest(invite(coach, held_until=until))
    guest.share()
    assert hold_stage(guest) == "ahead"
    with time_machine.travel(until):
        assert hold_stage(guest) is None
        guest.answer_all("clear_project")
        assert is_open(guest)
        assert hold_stage(guest) is None


def test_owner_opens_it_early_after_one_warning(held: Guest) -> None:
    warning = held.client.get("/quiz/result/1/open/")
    assert template_of(warning) == "assessments/open_early.html"
    assert Participation.objects.get().opened_early_at is None
    assert held.client.post("/quiz/result/1/open/")["Location"] == "/quiz/result/1/"
    first = Participation.objects.get().opened_early_at
    assert first is not None
    assert held.client.post("/quiz/result/1/open/").status_code == 302  # a double click
    assert Participation.objects.get().opened_early_at == first
    assert is_open(held)
    access = parse(held.client.get("/quiz/result/sees/"))
    assert access.values(".grant a") == ["/quiz/result/1/"]


def test_withdrawing_opens_it(held: Guest) -> None:
    held.client.post(f"/quiz/result/sees/{Participation.objects.get().pk}/withdraw/")
    assert is_open(held)


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
    assert told(response) == []
    assert not ShareLink.objects.exists()
    page = held.client.get("/quiz/result/share/")
    assert (page.status_code, parse(page).has("[name=scope]")) == (200, False)


def test_owner_sees_and_ends_the_coachs_link_while_it_is_held(
    held: Guest, until: datetime
) -> None:
    link = clients.make_onward_link(
        Participation.objects.get(), scope="summary", label="The manager", days=30
    )
    access = parse(held.client.get("/quiz/result/sees/"))
    links = ["/quiz/result/1/", "/quiz/result/1/open/", "/quiz/result/share/"]
    assert access.values(".grant a") == links
    response = held.client.get("/quiz/result/share/")
    page = parse(response)
    [item] = page.texts(".link-list li")
    assert "The manager" in item
    said = page.one("main").text
    assert all(f"{until:{part}}" in said for part in ("%B", "%-d", "%Y"))
    assert told(response) == []
    assert link.token not in response.content.decode()
    assert page.values("main a") == ["/quiz/result/1/open/", "/quiz/result/sees/"]
    address = f"/quiz/result/share/{link.pk}/revoke/"
    assert address in page.values("main form")
    assert levels(held.client.post(address, follow=True)) == ["success"]
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
        Participation.objects.get(), scope="summary", label="The manager", days=30
    )
    held.take_again("both")
    page = parse(held.client.get("/quiz/result/share/"))
    [item] = page.texts(".link-list li")
    assert "Carla" in item
    assert page.values(".link-list input[readonly]") == []
    assert f"/quiz/result/share/{link.pk}/revoke/" in page.values("main form")
    held.client.post("/quiz/result/1/open/")
    page = parse(held.client.get("/quiz/result/share/"))
    [address] = page.values(".link-list input[readonly]")
    assert address.endswith(f"/r/{link.token}/")


def test_careless_result_is_not_held(coach: Coach, until: datetime) -> None:
    guest = Guest(invite(coach, held_until=until))
    guest.share()
    guest.answer_all("careless")
    assert template_of(guest.client.get("/quiz/result/")) == RESULT
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
    assert template_of(guest.client.get("/quiz/result/")) == HELD
    earlier = guest.client.get("/quiz/result/1/")
    assert template_of(earlier) == RESULT
    assert earlier.context["report"].outcome == "both"


def test_download_warns_first_and_then_counts_as_opened(held: Guest) -> None:
    for _ in range(2):
        response = held.client.get("/quiz/data/rolefit.json")
        page = parse(response)
        assert "Carla" in page.one("main").text
        assert page.has("form[action=/quiz/data/rolefit.json]")
        assert told(response) == []
    assert Participation.objects.get().opened_early_at is None
    response = held.client.post("/quiz/data/rolefit.json")
    assert json.loads(response.getvalue())["results"][0]["reply"]["lean"] == "425/8"
    opened = Participation.objects.get().opened_early_at
    assert opened is not None
    assert is_open(held)
    assert held.client.get("/quiz/data/rolefit.json")["Content-Type"] == (
        "application/json"
    )
    assert Participation.objects.get().opened_early_at == opened
