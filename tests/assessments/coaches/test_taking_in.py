"""A coach asks for the result behind a link; the owner reads it and decides."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from assessments.actions import share_links
from assessments.models import Coach, Participation, Result, ResultRequest, ShareLink
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.dom import parse
from tests.support.pages import levels
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
TAKE, SEES = "/coach/take/", "/quiz/result/sees/"


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


@pytest.fixture
def taker(questionnaire: object) -> Taker:
    taker = Taker()
    taker.take("clear_project")
    return taker


@pytest.fixture
def link(taker: Taker) -> ShareLink:
    return share_links.make_share_link(
        Result.objects.get(), scope="strengths", label="", days=7
    )


def ask(carla: Client, given: ShareLink, **changes: str) -> int:
    data = {"link": f"https://rolefit.example/r/{given.token}/", "label": "Our talk"}
    return carla.post(TAKE, data | changes).status_code


def decide(taker: Taker, **changes: str) -> int:
    asked = ResultRequest.objects.get()
    data = {"action": "agree", "name": "Ann", "agree": "on"} | changes
    address = f"/quiz/result/asked/{asked.pk}/"
    return taker.client.post(address, data).status_code


def test_owner_reads_who_asks_and_agrees(
    carla: Client, link: ShareLink, taker: Taker
) -> None:
    assert ask(carla, link) == 302
    [listed] = parse(carla.get(TAKE)).all("#requests li")
    assert "Our talk" in listed.text
    address = f"/quiz/result/asked/{ResultRequest.objects.get().pk}/"
    for page in ("/quiz/result/", SEES):
        shown = parse(taker.client.get(page))
        assert shown.has(f'a[href="{address}"]')
    terms = parse(taker.client.get(address))
    assert "Carla" in terms.one("h1").text
    assert decide(taker) == 302
    grant = Participation.objects.get()
    assert (grant.name, grant.scope) == ("Ann", "strengths")
    assert carla.get(f"/coach/client/{grant.pk}/").status_code == 200
    assert not parse(carla.get(TAKE)).has("#requests")
    taker.client.post(f"{SEES}{grant.pk}/withdraw/")
    taker.client.get(SEES)
    assert not parse(taker.client.get("/quiz/result/")).has(f'a[href="{address}"]')


def test_owner_says_no(carla: Client, link: ShareLink, taker: Taker) -> None:
    ask(carla, link)
    assert decide(taker, action="decline", name="", agree="") == 302
    assert not Participation.objects.exists()
    assert not parse(taker.client.get(SEES)).has(".notice a")
    assert ask(carla, link) == 422
    assert parse(carla.get(TAKE)).has("#requests li")


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"agree": ""}, {"name": "x" * 61}, {"action": ""}]
)
def test_agreeing_needs_a_name_and_a_check(
    carla: Client, link: ShareLink, taker: Taker, change: dict[str, str]
) -> None:
    ask(carla, link)
    expected = 302 if "action" in change else 422
    assert decide(taker, **change) == expected
    assert Participation.objects.exists() == (expected == 302)


@pytest.mark.parametrize(
    "change",
    [
        {"link": ""},
        {"link": "https://rolefit.example/r/00000000000000000000000000/"},
        {"link": "hello"},
        {"link": "x" * 501},
        {"label": ""},
        {"label": "x" * 81},
    ],
)
def test_what_opens_no_result_comes_back_with_the_reason(
    carla: Client, link: ShareLink, change: dict[str, str]
) -> None:
    assert ask(carla, link, **change) == 422
    assert not ResultRequest.objects.exists()


@pytest.mark.parametrize(
    "around",
    [
        "Look: <HTTPS://x.example/r/{}>.",
        "http://x.example/R/{}/ Thanks, Ann",
        "x.example/r/{}/?from=mail#top",
        "{}",
    ],
)
def test_pasted_link_may_have_more_around_it(
    carla: Client, link: ShareLink, around: str
) -> None:
    assert ask(carla, link, link=around.format(link.token.upper())) == 302
    assert ResultRequest.objects.exists()


def test_result_of_an_own_client_leads_to_its_page(carla: Client, coach: Coach) -> None:
    grant = joined(invite(coach))
    own = share_links.make_share_link(
        grant.attempt.result, scope="summary", label="", days=7
    )
    response = carla.post(
        TAKE, {"link": f"/r/{own.token}/", "label": "Our talk"}, follow=True
    )
    assert response.redirect_chain == [(f"/coach/client/{grant.pk}/", 302)]
    assert levels(response) == ["info"]


def test_others_do_not_answer(
    carla: Client, link: ShareLink, taker: Taker, stranger: Taker
) -> None:
    ask(carla, link)
    asked = ResultRequest.objects.get()
    address = f"/quiz/result/asked/{asked.pk}/"
    assert Client().get(address)["Location"] == "/quiz/"
    stranger.take("both")
    assert stranger.client.get(address).status_code == 404
    assert stranger.client.post(address, {"action": "decline"})["Location"] == SEES
    asked.refresh_from_db()
    assert asked.declined_at is None
    assert not parse(stranger.client.get(SEES)).has(".notice a")


def test_request_is_in_the_owners_download(
    carla: Client, link: ShareLink, taker: Taker
) -> None:
    ask(carla, link)
    response = taker.client.get("/quiz/data/rolefit.json")
    read = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert [(row["coach"], row["label"]) for row in read["requests"]] == [
        ("Carla", "Our talk")
    ]
