"""Limits count people where they have a key, and addresses only at the door."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings as site
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from assessments.actions import attempts
from assessments.coaches import clients, groups
from assessments.models import (
    Attempt,
    Coach,
    Invitation,
    Owner,
    Participation,
    RateCount,
    Result,
    ShareLink,
)
from assessments.visitors import changing, results, sharing, taking
from assessments.web import client_network, read_address
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.dom import parse
from tests.support.guest import Guest
from tests.support.pages import template_of
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db
LINK = {"label": "", "name": "", "scope": "summary", "days": "30"}
ROOM = 20
ANSWERS = {
    question: int(button) for question, button in answers_of("clear_project").items()
}


def fill_in(taker: Taker) -> None:
    """Every answer at once, as rows; the saves of pages have tests of their own."""
    Attempt.objects.filter(finished_at=None, owner__key_sha256=taker._digest()).update(
        answers=ANSWERS, seconds=300
    )


def one_of_the_room(invitation: Invitation, *, starts_first: bool) -> list[int]:
    """Start, join, finish, make three links; the status of every answer.

    Who joins without a start before gets the key there.
    """
    guest = Guest(invitation)
    answers = [guest.start().status_code] if starts_first else []
    form = {"name": "Ann", "agree": "on", "action": "share", "what": "answers"}
    answers.append(guest.client.post(guest.address, form).status_code)
    fill_in(guest)
    answers.append(guest.client.post("/quiz/review/").status_code)
    answers += [
        guest.client.post("/quiz/result/share/", LINK).status_code for _ in range(3)
    ]
    return answers


@pytest.mark.database
def test_room_behind_one_address_is_not_refused_and_a_loop_is(coach: Coach) -> None:
    invitation = invite(coach)
    # An hour of the clock may not end meanwhile.
    hour = timezone.now().replace(minute=5)
    with time_machine.travel(hour, tick=False):
        answers = [
            answer
            for person in range(ROOM)
            for answer in one_of_the_room(invitation, starts_first=person % 2 == 0)
        ]
        assert set(answers) == {302}
        assert (
            Owner.objects.count(),
            Participation.objects.count(),
            Result.objects.count(),
            ShareLink.objects.count(),
        ) == (ROOM, ROOM, ROOM, 3 * ROOM)
        # Two counts are of the address: starts and joins. The most that one person is
        # counted for is three links.
        hits = RateCount.objects.order_by("-hits").values_list("hits", flat=True)
        assert list(hits[:3]) == [ROOM / 2, ROOM / 2, 3]
        looper = Taker()
        looper.start()
        fill_in(looper)
        looper.client.post("/quiz/review/")
        loop = [
            looper.client.post("/quiz/result/1/change/T1/", {"T1": str(button)})
            for button in (2, 3, 4) * 21
        ]
        kept = Result.objects.filter(owner__key_sha256=looper._digest()).count()
    assert kept == 1 + changing.MAX_CHANGES
    assert [answer.status_code for answer in loop] == [302] * changing.MAX_CHANGES + [
        429
    ] * (len(loop) - changing.MAX_CHANGES)
    assert loop[-1]["Retry-After"] == str(55 * 60 - hour.second)


def test_lecture_hall_starts_behind_one_address() -> None:
    """Five hundred people, each of them twice."""
    assert site.ADDRESS_LIMIT >= 2 * 500


def assert_asked_to_wait(response: HttpResponse) -> None:
    """29 minutes and 59 seconds are left of the hour."""
    assert (response.status_code, template_of(response)) == (
        429,
        "assessments/too_often.html",
    )
    assert response["Retry-After"] == "1799"
    assert response.context["minutes"] == 30


def test_finishing_is_limited_for_each_owner(
    visitor: Taker,
    stranger: Taker,
    half_past: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking, "MAX_FINISHES", 1)
    visitor.start()
    assert visitor.client.post("/quiz/review/").status_code == 422
    assert_asked_to_wait(visitor.client.post("/quiz/review/"))
    stranger.start()
    fill_in(stranger)
    assert stranger.client.post("/quiz/review/").status_code == 302


@pytest.mark.parametrize("verb", ["correct", "more"])
def test_reopening_is_limited_for_each_owner(
    visitor: Taker, half_past: object, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MAX_REOPENED", 1)
    visitor.take("clear_short")
    address = f"/quiz/result/1/{verb}/"
    assert visitor.client.post(address).status_code == 302
    assert_asked_to_wait(visitor.client.post(address))


def test_starting_again_is_limited_by_owner_and_starting_anew_by_address(
    visitor: Taker,
    half_past: object,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    monkeypatch.setattr(taking, "MAX_STARTS", 1)
    settings.ADDRESS_LIMIT = 1
    visitor.start()
    refused = Taker().start()
    assert_asked_to_wait(refused)
    assert refused.context["network"]
    assert visitor.start(who="same").status_code == 302
    again = visitor.start(who="same")
    assert_asked_to_wait(again)
    assert not again.context["network"]
    assert Owner.objects.count() == 1


def test_posts_with_errors_do_not_count_for_the_address(
    visitor: Taker, settings: Settings
) -> None:
    settings.ADDRESS_LIMIT = 1
    for _ in range(3):
        assert Client().post("/quiz/", {}).status_code == 422
        assert Client().post("/quiz/resume/", {"key": "short"}).status_code == 422
        assert Client().post("/join/", {"code": "short"}).status_code == 422
    assert not RateCount.objects.exists()
    assert visitor.start().status_code == 302


def test_keys_that_can_be_count_for_the_address(
    visitor: Taker, half_past: object, settings: Settings
) -> None:
    settings.ADDRESS_LIMIT = 1
    wrong = {"key": "0" * 20}
    assert Client().post("/quiz/resume/", wrong).status_code == 422
    assert_asked_to_wait(Client().post("/quiz/resume/", wrong))


def test_links_are_limited_for_each_owner(
    visitor: Taker,
    stranger: Taker,
    half_past: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sharing, "MAX_LINKS_PER_HOUR", 1)
    for taker in (visitor, stranger):
        taker.take("clear_project")
        assert taker.client.post("/quiz/result/share/", LINK).status_code == 302
    assert_asked_to_wait(visitor.client.post("/quiz/result/share/", LINK))


@pytest.fixture
def full(visitor: Taker, monkeypatch: pytest.MonkeyPatch) -> Taker:
    visitor.take("clear_short")
    monkeypatch.setattr(attempts, "MAX_RESULTS", 1)
    return visitor


@pytest.mark.parametrize("verb", ["correct", "more"])
def test_owner_with_all_results_is_told_on_the_result(full: Taker, verb: str) -> None:
    response = full.client.post(f"/quiz/result/1/{verb}/", follow=True)
    assert response.redirect_chain == [("/quiz/result/1/", 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_owner_with_all_results_is_told_where_an_answer_is_changed(
    full: Taker,
) -> None:
    response = full.client.post("/quiz/result/1/change/T1/", {"T1": "5"})
    assert response.status_code == 422
    assert parse(response).has(".error-summary li")


def test_owner_with_all_results_can_start_under_a_new_key(full: Taker) -> None:
    key = full.key
    response = full.start(who="same")
    assert response.status_code == 422
    assert parse(response).has(".error-summary li")
    assert full.start(who="new").status_code == 302
    assert full.key != key


@pytest.mark.parametrize("action", ["share", "private"])
def test_owner_with_all_results_is_told_on_the_invitation(
    full: Taker, coach: Coach, action: str
) -> None:
    guest = Guest(invite(coach), full.client)
    data = {"name": "Ann", "agree": "on", "what": "answers", "action": action}
    response = full.client.post(guest.address, data, follow=True)
    assert response.redirect_chain == [(guest.address, 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert not Participation.objects.exists()


@pytest.mark.parametrize("action", ["continue", "autosave"])
def test_section_that_cannot_be_saved_yet_keeps_its_choices(
    visitor: Taker, half_past: object, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.start()
    page = visitor.page(1)
    chosen = answers_of("clear_project")
    visitor.answer(1, {"T1": "5"}, page=page, action="autosave")
    monkeypatch.setattr(attempts, "MAX_SAVES", 1)
    page = visitor.page(1)
    response = visitor.answer(1, chosen, page=page, action=action)
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert visitor.attempt.answers == {"T1": 5}
    shown = parse(response)
    assert shown.has(".error-summary[role=alert]")
    ours = {name[4:] for name in page if name.startswith("was-")}
    checked = shown.all("input[type=radio][checked]")
    assert {
        button.attributes["name"]: button.attributes["value"] for button in checked
    } == {question: chosen[question] for question in ours}
    # The page still knows what is stored, so the next press saves.
    monkeypatch.undo()
    again = {name: page[name] for name in page}
    assert visitor.answer(1, chosen, page=again).status_code == 302


def new_invitation(client: Client) -> HttpResponse:
    form = parse(client.get("/coach/new/"))
    data = {
        "code": form.one("[name=code]").attributes["value"],
        "label": "Spring course",
        "form": "full",
        "scope": "answers",
    }
    response = client.post("/coach/new/", data)
    client.get("/coach/")  # shows the message, and so empties its cookie
    return response


def onward_link(client: Client, coach: Coach) -> HttpResponse:
    [client_of] = Participation.objects.filter(invitation__coach=coach)
    data = {"label": "", "scope": "summary", "days": "30"}
    return client.post(reverse("coach_make_link", args=[client_of.pk]), data)


def test_invitations_are_limited_for_each_coach(
    coach: Coach,
    other_coach: Coach,
    half_past: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "MAX_INVITATIONS_PER_HOUR", 1)
    carla = signed_in_as(coach.user)
    assert new_invitation(carla).status_code == 302
    refused = new_invitation(carla)
    assert_asked_to_wait(refused)
    assert not refused.context["network"]
    assert new_invitation(signed_in_as(other_coach.user)).status_code == 302


def test_links_onward_are_limited_for_each_coach(
    coach: Coach,
    other_coach: Coach,
    half_past: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clients, "MAX_ONWARD_LINKS_PER_HOUR", 1)
    for each in (coach, other_coach):
        joined(invite(each, onward=True))
        assert onward_link(signed_in_as(each.user), each).status_code == 302
    assert_asked_to_wait(onward_link(signed_in_as(coach.user), coach))
    assert ShareLink.objects.count() == 2


def test_requests_for_a_workspace_are_limited_for_each_address(
    article: None, half_past: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MAX_REQUESTS_PER_HOUR", 1)
    data = {"name": "Ann", "email": "ann@example.org", "works_with": "Pupils"}
    assert Client().post("/coach/ask/", {}).status_code == 422
    assert Client().post("/coach/ask/", data).status_code == 200
    refused = Client().post("/coach/ask/", data)
    assert_asked_to_wait(refused)
    assert refused.context["network"]
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert elsewhere.post("/coach/ask/", data).status_code == 200


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:5678 ", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:5678", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%eth0]:80", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
        ("", None),
        ("unknown", None),
        ("_hidden:80", None),
        ("192.0.2.300", None),
        ("[", None),
    ],
)
def test_address_is_read_in_every_spelling(text: str, address: str | None) -> None:
    found = read_address(text)
    assert (str(found) if found else None) == address


@pytest.mark.parametrize(
    ("proxies", "address"),
    [(0, "203.0.113.9"), (1, "192.0.2.1"), (2, "2001:db8::/64"), (3, "2001:db8::/64")],
)
def test_address_is_that_in_front_of_our_proxies(
    rf: RequestFactory, settings: Settings, proxies: int, address: str
) -> None:
    settings.PROXIES = proxies
    request = rf.get(
        "/",
        HTTP_X_FORWARDED_FOR="[2001:db8::7]:4711, 192.0.2.1:80",
        REMOTE_ADDR="203.0.113.9",
    )
    assert client_network(request) == address


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1:4711", True),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "[2001:db8::1]:4711", True),
        ("2001:db8::1", "[2001:db8::ffff:0:0:9]", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_one_network_has_one_count(
    questionnaire: object,
    half_past: object,
    settings: Settings,
    first: str,
    second: str,
    is_same: bool,
) -> None:
    settings.ADDRESS_LIMIT, settings.PROXIES = 1, 1
    senders = [Client(HTTP_X_FORWARDED_FOR=address) for address in (first, second)]
    answers = [Taker(sender).start().status_code for sender in senders]
    assert answers == [302, 429 if is_same else 302]
