"""A refused form says what is wrong once, before the headline of its page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from assessments.actions import invitations, share_links
from assessments.models import Coach, Participation, Questionnaire, ResultRequest
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.panel import rated
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
LONG = "x" * 10_001
AGREED = {"action": "agree"}


def expect_one_summary(pages: dict[str, HttpResponse]) -> None:
    """By its role, in the order of the page, and by every id on it."""
    for name, response in pages.items():
        page = parse(response)
        assert len(page.all("[role=alert]")) == 1, name
        said, headline, *_ = page.one("main").headings()
        assert said.attributes.get("id") == "error-title", name
        assert headline.tag == "h1", name
        assert len(page.all("h1")) == 1, name
        ids = [element.attributes["id"] for element in page.all("[id]")]
        assert sorted(ids) == sorted(set(ids)), name
        there = [f"#{each}" for each in ids]
        assert {*page.values("[role=alert] a[href^=#]")} <= {*there}, name


def test_pages_before_a_result(visitor: Taker, coach: Coach) -> None:
    pages = {
        "start": Client().post("/quiz/", {"form": "long"}),
        "key": Client().post("/quiz/resume/", {"key": "nonsense"}),
        "code": Client().post("/join/", {"code": "nonsense"}),
    }
    visitor.start()
    pages["section"] = visitor.answer(1, {"T1": "1"})
    pages["review"] = visitor.client.post("/quiz/review/")
    guest = Guest(invite(coach))
    pages["terms"] = guest.client.post(guest.address, {"action": "share"})
    expect_one_summary(pages)


def test_pages_about_a_result(visitor: Taker) -> None:
    visitor.take("clear_project")
    post, result = visitor.client.post, visitor.result()
    for _ in range(share_links.MAX_USABLE_LINKS):
        share_links.make_share_link(result, scope="summary", label="", days=7)
    link = {"label": "", "scope": "summary", "days": "30"}
    expect_one_summary(
        {
            "change": post("/quiz/result/1/change/T6/", {}),
            "share": post("/quiz/result/share/", link),
            "data": post("/quiz/data/", {}),
            "follow-up": post("/quiz/result/1/follow-up/", AGREED),
        }
    )


def test_pages_about_what_coaches_see(coach: Coach, questionnaire: object) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    guest.take_again("both")
    pk = Participation.objects.get().pk
    newer = f"/quiz/result/sees/{pk}/newer/"
    pages = {"newer": guest.client.post(newer, {f"newer-{pk}-result": "2"})}
    taker = Taker()
    taker.take("both")
    link = share_links.make_share_link(
        taker.result(), scope="summary", label="", days=7
    )
    take = {"link": f"https://rolefit.example/r/{link.token}/", "label": "Our talk"}
    signed_in_as(coach.user).post("/coach/take/", take)
    asked = ResultRequest.objects.get().pk
    pages["asked"] = taker.client.post(f"/quiz/result/asked/{asked}/", AGREED)
    expect_one_summary(pages)


def test_pages_of_a_coach(coach: Coach) -> None:
    group = invite(coach, onward=True)
    ann = joined(group)
    post = signed_in_as(coach.user).post
    client, person = f"/coach/client/{ann.pk}", f"/coach/person/{ann.client_id}"
    expect_one_summary(
        {
            "ask": Client().post("/coach/ask/", {}),
            "new": post("/coach/new/", {}),
            "edit": post(f"/coach/{group.pk}/edit/", {}),
            "names": post(f"/coach/{group.pk}/names/", {"action": "check"}),
            "mail": post(f"/coach/{group.pk}/mail/", {"action": "save"}),
            "settings": post("/coach/settings/", {"contact": LONG}),
            "take": post("/coach/take/", {}),
            "words": post(f"{person}/words/", {"tag": LONG}),
            "notes": post(f"{client}/notes/", {"notes": LONG}),
            "step": post(f"{client}/steps/", {"text": ""}),
            "link": post(f"{client}/links/", {"label": LONG}),
            "close": post("/coach/close-account/", {}),
        }
    )


def test_pages_of_an_account(article: None, coach: Coach) -> None:
    post = signed_in_as(coach.user).post
    expect_one_summary(
        {
            "sign-in": Client().post("/accounts/login/", {}),
            "reset": Client().post("/accounts/password/reset/", {}),
            "email": post("/accounts/email/", {"action_add": "", "email": "carla"}),
            "password": post("/accounts/password/change/", {}),
        }
    )


def test_page_of_who_rates_statements(draft: Questionnaire, staff: User) -> None:
    panel = rated(draft, people=1)
    address = f"/rate/{panel.token}/"
    client = Client()
    client.get(address)
    expect_one_summary({"rate": client.post(address, {"s1": "9"})})


def test_page_that_has_closed_since_says_only_that(coach: Coach) -> None:
    group = invite(coach)
    guest = Guest(group)
    invitations.close(group)
    page = parse(guest.client.post(guest.address, {"action": "share"}))
    assert page.has("#not-open")
    assert not page.has("[role=alert]")
