"""An invitation as its client meets it.

The code, the terms, consent or the private way.
"""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assessments.actions import invitations as invitation_actions
from assessments.models import (
    Attempt,
    Coach,
    Invitation,
    Owner,
    Participation,
    RateCount,
)
from assessments.queries import clients
from assessments.queries import invitations as invitation_queries
from assessments.results.scopes import COACH_MAY, left_out_at, shown_at
from assessments.visitors import joining
from assessments.visitors.owner_cookie import COOKIE
from assessments.zones import end_of, hour_words
from tests.support.coaching import invite, join
from tests.support.dom import parse
from tests.support.guest import KEY, Guest
from tests.support.pages import template_of
from tests.support.taker import Taker, answers_of

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
    page = parse(response)
    assert page.values(".error-summary a") == ["#id_code"]
    assert page.one("head title").text.startswith("Error: ")


def test_guesses_are_counted(coach: Coach, client: Client, settings: Settings) -> None:
    settings.ADDRESS_LIMIT = 2
    assert client.post("/join/", {"code": "7K3M9"}).status_code == 422  # no guess
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
        assert parse(response).values("meta[name=robots]") == ["noindex"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


# The terms


@pytest.mark.parametrize("scope", ["summary", "strengths", "answers"])
def test_page_says_who_invites_for_what_and_exactly_what_is_seen(
    coach: Coach, scope: str
) -> None:
    page = parse(Guest(invite(coach, scope=scope, label="Spring course")).look())
    assert "Carla" in page.one("h1").text
    assert "Spring course" in page.one(".kicker").text
    assert page.texts("#would-see li") == [*shown_at(scope)]
    # Besides: unfinished answers, other results, the key.
    assert page.texts("#would-not-see li")[:-3] == [*left_out_at(scope)]


def test_share_page_has_the_same_words(visitor: Taker) -> None:
    visitor.take("both")
    page = visitor.client.get("/quiz/result/share/").content.decode().lower()
    assert [line for line in shown_at("answers") if line not in page] == []


def test_three_lines_and_details_say_whether_it_is_passed_on(coach: Coach) -> None:
    pages = [
        parse(Guest(invite(coach, onward=onward)).look()) for onward in (True, False)
    ]
    for part in ("#terms", "#uses"):
        passed_on, kept = (page.one(part).text for page in pages)
        assert passed_on != kept


def test_three_lines_say_how_much_is_seen(coach: Coach) -> None:
    lines = {
        parse(Guest(invite(coach, scope=scope)).look()).texts("#terms li")[0]
        for scope in ("summary", "strengths", "answers")
    }
    assert len(lines) == 3


def test_page_says_what_is_done_with_it_and_what_cannot_be_taken_back(
    coach: Coach,
) -> None:
    page = parse(Guest(invite(coach)).look())
    assert COACH_MAY in page.one("#uses").text
    assert "printed or saved" in page.one("#stopping").text
    # The consent is to the page around it, whose details are folded and not left out.
    assert len(page.texts("#terms li")) == 3
    assert page.texts(".consent label[for=id_agree]")


def test_page_says_whether_and_until_which_hour_it_is_held(coach: Coach) -> None:
    Coach.objects.update(time_zone="America/New_York")
    until = timezone.now() + timedelta(days=3)
    response = Guest(invite(Coach.objects.get(), held_until=until)).look()
    assert response.context["held_until"] == until
    page = parse(response)
    assert hour_words(until, ZoneInfo("America/New_York")) in page.one("#terms").text
    assert "New York time" in page.one("#terms").text
    assert page.has("#hold")
    other = Guest(invite(coach)).look()
    assert other.context["held_until"] is None
    assert not parse(other).has("#hold")


def test_last_day_that_is_over_is_the_day_that_counted(coach: Coach) -> None:
    Coach.objects.update(time_zone="America/New_York")
    zone = ZoneInfo("America/New_York")
    day = timezone.localtime(timezone.now(), zone).date() + timedelta(days=1)
    guest = Guest(invite(Coach.objects.get(), expires_at=end_of(day, zone)))
    with time_machine.travel(end_of(day, zone) - timedelta(seconds=1), tick=False):
        assert guest.look().context["open"]
    with time_machine.travel(end_of(day, zone), tick=False):
        said = parse(guest.look()).one("#not-open").text
    assert f"{day:%B %-d, %Y}" in said


def test_hold_that_is_over_is_no_part_of_the_terms(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert guest.look().context["held_until"] is None


def test_box_is_unticked_and_both_buttons_are_of_one_kind(coach: Coach) -> None:
    page = parse(Guest(invite(coach)).look())
    assert page.one("[name=agree]").attributes.get("checked") is None
    buttons = page.all(".choice button")
    assert [button.value for button in buttons] == ["share", "private"]
    assert [button.attributes["class"] for button in buttons] == ["button", "button"]


def test_what_a_coach_writes_is_text(coach: Coach) -> None:
    Coach.objects.update(name="<b>Carla</b>")
    page = parse(Client().get(f"/join/{invite(coach, label='<i>Course</i>').code}/"))
    assert "<b>Carla</b>" in page.one("h1").text
    assert "<i>Course</i>" in page.one(".kicker").text


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
    ("data", "field"),
    [
        ({"name": "Ann"}, "agree"),
        ({"name": " ", "agree": "on"}, "name"),
        ({"name": "x" * 61, "agree": "on"}, "name"),
    ],
)
def test_without_consent_or_name_nothing_is_written(
    coach: Coach, data: dict[str, str], field: str
) -> None:
    guest = Guest(invite(coach))
    response = guest.client.post(guest.address, data | {"action": "share"})
    assert response.status_code == 422
    page = parse(response)
    assert page.values(".error-summary a") == [f"#id_{field}"]
    assert page.one("head title").text.startswith("Error: ")
    assert not Owner.objects.exists()


def test_pressing_twice_makes_one_person(coach: Coach) -> None:
    guest = Guest(invite(coach))
    data = {
        "name": "Ann",
        "agree": "on",
        "action": "share",
        "nonce": KEY.search(guest.terms())[1],
    }
    lost = Client()  # the same browser, which never gets the answer
    lost.cookies = SimpleCookie(guest.client.cookies.output(header=""))
    assert lost.post(guest.address, data)["Location"] == "/quiz/1/"
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/1/"
    assert (
        guest.client.post(guest.address, data)["Location"] == guest.address
    )  # now with the cookie
    assert (
        Owner.objects.count(),
        Attempt.objects.count(),
        Participation.objects.count(),
    ) == (1, 1, 1)


@pytest.mark.parametrize("held", [False, True])
def test_guest_reads_of_the_coachs_notes_before_joining(
    coach: Coach, held: bool
) -> None:
    until = timezone.now() + timedelta(days=3) if held else None
    page = parse(Guest(invite(coach, held_until=until)).look())
    assert coach.name in page.one("#notes summary").text
    assert page.one("#notes p").text


@pytest.mark.parametrize("nonce", ["1", "", "0" * 20])
def test_form_never_chooses_the_key(coach: Coach, nonce: str) -> None:
    guest = Guest(invite(coach))
    chosen = "7K3M9Q2RTX0F5HJ8WYZ4"
    assert guest.share(nonce=nonce, key=chosen)["Location"] == "/quiz/1/"
    assert guest.key not in (nonce, chosen)
    assert len(guest.key) == 20


def test_whoever_has_noted_the_form_does_not_get_the_key(coach: Coach) -> None:
    """In a browser of their own they become somebody else."""
    guest = Guest(invite(coach))
    noted = KEY.search(guest.terms())[1]
    guest.share(nonce=noted)
    thief = Guest(Invitation.objects.get())
    thief.share("Thea", nonce=noted)
    assert thief.client.cookies[COOKIE].value != guest.client.cookies[COOKIE].value
    assert Owner.objects.count() == 2
    thief.client.cookies[COOKIE] = noted
    assert thief.client.get("/quiz/1/").status_code == 302


def test_form_that_is_posted_again_later_in_the_same_browser_gives_no_key(
    coach: Coach,
) -> None:
    """Whoever comes next to a shared computer may go back to it."""
    guest = Guest(invite(coach))
    noted = KEY.search(guest.terms())[1]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guest.share(nonce=noted)
        guest.answer(1, answers_of("clear_project"))
        clock.shift(timedelta(seconds=11))
        del guest.client.cookies[COOKIE]
        response = guest.share("Thea", nonce=noted)
    assert (response["Location"], COOKIE in response.cookies) == (guest.address, False)
    assert Owner.objects.count() == 1


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
    page = guest.client.get("/quiz/result/")
    assert template_of(page) == "assessments/result.html"
    assert invitation_queries.status_of(invitation) == invitation_queries.Status(
        0, 0, 0
    )


def test_post_is_counted(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, half_past: object
) -> None:
    monkeypatch.setattr(joining, "MAX_JOINS", 1)
    guest = Guest(invite(coach))
    # The first makes the owner and counts for the address alone.
    assert [
        guest.client.post(guest.address, {"action": "private"}).status_code
        for _ in range(3)
    ] == [302, 302, 429]


def test_only_valid_posts_of_new_people_count_for_the_address(
    coach: Coach, settings: Settings, half_past: object
) -> None:
    settings.ADDRESS_LIMIT = 1
    invitation = invite(coach)
    for _ in range(3):
        assert Client().post(f"/join/{invitation.code}/", {}).status_code == 422
    assert [Guest(invitation).share(name).status_code for name in ("Ann", "Bo")] == [
        302,
        429,
    ]
    assert Participation.objects.count() == 1


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
    guest = Guest(invitation)
    with time_machine.travel(
        timezone.now() + timedelta(days=2 if why == "expired" else 0)
    ):
        response = guest.look()
        assert (response.context["open"], response.context["state"]) == (False, why)
        page = parse(response)
        headline = page.one("h1").text
        assert headline == joining.NOT_OPEN[invitation_queries.State(why)]
        assert page.one("head title").text.startswith(f"{headline}. ")
        assert page.has(".begin #not-open")
        # The right person on a second device can use the key.
        assert page.values("main form") == ["/quiz/resume/"]
        assert page.has("main form [name=key]")
        assert page.values("main a.button") == ["/quiz/"]
        # A page from before.
        assert guest.share(key="7K3M9Q2RTX0F5HJ8WYZ4")["Location"] == guest.address
    assert Participation.objects.count() == (1 if why == "full" else 0)


def test_key_on_a_full_invitation_opens_the_answers_of_a_second_device(
    coach: Coach,
) -> None:
    invitation = invite(coach, max_uses=1)
    guest = Guest(invitation)
    guest.share()
    guest.answer(1, answers_of("both"))
    laptop = Guest(invitation)
    assert not laptop.look().context["open"]
    address = parse(laptop.look()).one("main form").value
    laptop.client.post(address, {"key": guest.key})
    page = laptop.look()
    assert (page.context["open"], page.context["guest"].stage) == (True, "begun")


def test_guesses_in_the_address_are_counted_and_then_nobody_learns_of_a_code(
    coach: Coach, client: Client, monkeypatch: pytest.MonkeyPatch, half_past: object
) -> None:
    monkeypatch.setattr("assessments.visitors.joining.MAX_GUESSES", 3)
    real = f"/join/{invite(coach).code}/"
    guesses = [client.get(f"/join/ABCDE0000{number}/") for number in range(5)]
    assert [guess.status_code for guess in guesses] == [404, 404, 404, 429, 429]
    assert client.get(real).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.77")
    assert elsewhere.get(real).status_code == 200


def test_real_code_read_any_number_of_times_counts_nothing(
    coach: Coach, client: Client
) -> None:
    real = f"/join/{invite(coach).code}/"
    assert [client.get(real).status_code for _ in range(3)] == [200] * 3
    assert not RateCount.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Ann\u200b \u202eB ", "Ann B"), ("\uff21nn", "Ann"), ("\u200b\u3164", None)],
)
def test_name_is_one_line_of_visible_characters(
    coach: Coach, typed: str, kept: str | None
) -> None:
    response = Guest(invite(coach)).share(typed)
    assert response.status_code == (302 if kept else 422)
    names = Participation.objects.values_list("name", flat=True)
    assert list(names) == ([kept] if kept else [])
