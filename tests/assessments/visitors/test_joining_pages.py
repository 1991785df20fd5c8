"""An invitation as its client meets it:

the code, the terms, consent or the private way.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments.actions import invitations as invitation_actions
from assessments.models import Attempt, Coach, Owner, Participation
from assessments.queries import clients
from assessments.queries import invitations as invitation_queries
from assessments.results.scopes import left_out_at, shown_at
from assessments.visitors import joining
from assessments.visitors.owner_cookie import COOKIE
from tests.support.coaching import invite, join
from tests.support.guest import KEY, Guest
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db


# The code


def test_typed_code_leads_to_the_invitation_however_it_is_typed(
    coach: Coach, client: Client
) -> None:
    code = invite(coach).code
    for typed in (code, f" {code[:5].lower()}-{code[5:]} "):
        assert client.post("/join/", {"code": typed})["Location"] == f"/join/{code}/"


@pytest.mark.parametrize("typed", ["", "7K3M9", "x" * 201, "0000000000"])
def test_code_that_cannot_be_or_is_not_there_is_explained(
    coach: Coach, client: Client, typed: str
) -> None:
    response = client.post("/join/", {"code": typed})
    assert response.status_code == 422
    assert 'class="error-summary"' in response.content.decode()
    assert "<title>Error: " in response.content.decode()


def test_guesses_are_counted(
    coach: Coach, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MAX_CODES", 2)
    statuses = [
        client.post("/join/", {"code": "0000000000"}).status_code for _ in range(3)
    ]
    assert statuses == [422, 422, 429]


def test_unknown_code_in_the_address_is_not_there(coach: Coach, client: Client) -> None:
    assert client.get("/join/ABCDE00000/").status_code == 404
    assert client.post("/join/ABCDE00000/", {"action": "private"}).status_code == 404
    assert not Owner.objects.exists()


def test_pages_are_kept_out_of_caches_and_search_and_give_no_referrer(
    coach: Coach, client: Client
) -> None:
    for address in ("/join/", f"/join/{invite(coach).code}/"):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
        assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex, nofollow"


# The terms


@pytest.mark.parametrize("scope", ["summary", "strengths", "answers"])
def test_page_says_who_invites_for_what_and_exactly_what_is_seen(
    coach: Coach, scope: str
) -> None:
    text = Guest(invite(coach, scope=scope, label="Spring course")).terms()
    for words in (
        "Carla invites you",
        "An invitation: Spring course",
        *shown_at(scope),
        *left_out_at(scope),
    ):
        assert words in text
    seen, kept = text.split("What Carla would see")[1].split("What stays yours")
    assert all(f"<li>{line}</li>" in seen for line in shown_at(scope))
    assert all(
        f"<li>{line}</li>" in kept.split("Passing it on")[0]
        for line in left_out_at(scope)
    )


def test_share_page_has_the_same_words(visitor: Taker) -> None:
    visitor.take("both")
    page = visitor.client.get("/quiz/result/share/").content.decode().lower()
    assert [line for line in shown_at("answers") if line not in page] == []


@pytest.mark.parametrize(
    ("onward", "words", "label"),
    [
        (True, "Carla may make links that show others", "may pass links to it on"),
        (False, "Only you can.", "may not make links to it"),
    ],
)
def test_page_and_consent_say_whether_it_is_passed_on(
    coach: Coach, onward: bool, words: str, label: str
) -> None:
    text = Guest(invite(coach, onward=onward)).terms()
    assert words in text
    assert label in text


def test_page_and_consent_say_what_is_done_with_it_and_what_cannot_be_taken_back(
    coach: Coach,
) -> None:
    terms, consent = Guest(invite(coach)).terms().split("Your choice")
    for text in (terms, consent):
        for words in (
            "a picture of the group without names",
            "beside another client’s result",
            "print it",
            "save it as a file",
        ):
            assert words in text
    assert "What is already printed or saved stays with Carla." in terms
    assert "what is printed or saved by then stays with Carla." in consent


def test_page_and_consent_say_whether_and_until_when_it_is_held(coach: Coach) -> None:
    until = timezone.now() + timedelta(days=3)
    text = Guest(invite(coach, held_until=until)).terms()
    assert f"by itself on <b>{until:%A, %-d %B %Y}</b>" in text
    assert f"opens for me on {until:%-d %B %Y}, or earlier if I choose to" in text
    assert "Nothing is held back from you." in Guest(invite(coach)).terms()


def test_hold_that_is_over_is_no_part_of_the_terms(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert "Nothing is held back from you." in guest.terms()


def test_box_is_unticked_and_both_buttons_are_of_one_kind(coach: Coach) -> None:
    text = Guest(invite(coach)).terms()
    assert "checked" not in text
    assert (
        '<button class="button" name="action" value="share">Share with Carla and'
        " start</button>" in text
    )
    assert (
        '<button class="button" name="action" value="private">Take it'
        " privately</button>" in text
    )


def test_what_a_coach_writes_is_text(coach: Coach) -> None:
    Coach.objects.update(name="<b>Carla</b>")
    page = (
        Client()
        .get(f"/join/{invite(coach, label='<i>Course</i>').code}/")
        .content.decode()
    )
    assert "<b>Carla" not in page
    assert "<i>Course" not in page


# Consent


def test_somebody_new_consents_answers_and_is_seen(coach: Coach) -> None:
    invitation = invite(coach, scope="strengths", onward=True)
    guest = Guest(invitation)
    response = guest.share("Ann")
    assert response["Location"] == "/quiz/1/"
    assert response.cookies[COOKIE]["max-age"] == 30 * 24 * 3600
    given = Participation.objects.get()
    assert (given.name, given.scope, given.onward) == ("Ann", "strengths", True)
    guest.answer_all("clear_project")
    assert [row.result for row in clients.visible_clients(invitation)] == [
        guest.result()
    ]


def test_shared_computer_keeps_the_key_until_the_browser_closes(coach: Coach) -> None:
    assert (
        Guest(invite(coach)).share(shared_computer="on").cookies[COOKIE]["max-age"]
        == ""
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"name": "Ann"},
            (
                "Tick the box if you agree that Carla sees your result. If you do not,"
                " take it privately."
            ),
        ),
        ({"name": " ", "agree": "on"}, "Type a name by which Carla will know you."),
        (
            {"name": "x" * 61, "agree": "on"},
            "Use no more than 60 characters for the name.",
        ),
    ],
)
def test_without_consent_or_name_nothing_is_written(
    coach: Coach, data: dict[str, str], words: str
) -> None:
    guest = Guest(invite(coach))
    response = guest.client.post(guest.address, data | {"action": "share"})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert 'class="error-summary"' in page
    assert "<title>Error: " in page
    assert not Owner.objects.exists()


def test_pressing_twice_makes_one_person(coach: Coach) -> None:
    guest = Guest(invite(coach))
    data = {
        "name": "Ann",
        "agree": "on",
        "action": "share",
        "key": KEY.search(guest.terms())[1],
    }
    assert (
        Client().post(guest.address, data)["Location"] == "/quiz/1/"
    )  # its answer never arrives
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/1/"
    assert (
        guest.client.post(guest.address, data)["Location"] == guest.address
    )  # now with the cookie
    assert (
        Owner.objects.count(),
        Attempt.objects.count(),
        Participation.objects.count(),
    ) == (1, 1, 1)


def test_key_that_was_tampered_with_is_replaced(coach: Coach) -> None:
    guest = Guest(invite(coach))
    assert guest.share(key="1")["Location"] == "/quiz/1/"
    assert guest.key != "1"


def test_private_way_tells_the_coach_nothing(coach: Coach) -> None:
    invitation = invite(
        coach, form="short", held_until=timezone.now() + timedelta(days=3)
    )
    guest = Guest(invitation)
    response = guest.client.post(
        guest.address, {"name": "", "action": "private", "shared_computer": "on"}
    )
    assert response["Location"] == "/quiz/1/"
    assert response.cookies[COOKIE]["max-age"] == ""
    assert list(Attempt.objects.values_list("form", flat=True)) == ["short"]
    guest.answer_all("clear_short")
    assert (
        "Your answers point clearly to"
        in guest.client.get("/quiz/result/").content.decode()
    )
    assert invitation_queries.status_of(invitation) == invitation_queries.Status(
        0, 0, 0
    )


def test_post_is_counted(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_JOINS", 1)
    guest = Guest(invite(coach))
    assert [
        guest.client.post(guest.address, {"action": "private"}).status_code
        for _ in range(2)
    ] == [302, 429]


@pytest.mark.parametrize("why", ["closed", "expired", "full"])
def test_invitation_that_takes_nobody_says_so_and_offers_the_private_way(
    coach: Coach, why: str
) -> None:
    invitation = invite(
        coach, max_uses=1, expires_at=timezone.now() + timedelta(days=1)
    )
    if why == "closed":
        invitation_actions.close(invitation)
    if why == "full":
        join(invitation)
    heading = {
        "closed": "This invitation is closed",
        "expired": "This invitation is over",
        "full": "Every place is taken",
    }[why]
    guest = Guest(invitation)
    with time_machine.travel(
        timezone.now() + timedelta(days=2 if why == "expired" else 0)
    ):
        text = guest.terms()
        assert f"<h1>{heading}</h1>" in text
        assert 'name="agree"' not in text
        assert (
            '<a class="button" href="/quiz/">Take the questions privately</a>' in text
        )
        # a page from before
        assert guest.share(key="7K3M9Q2RTX0F5HJ8WYZ4")["Location"] == guest.address
    assert Participation.objects.count() == (1 if why == "full" else 0)
