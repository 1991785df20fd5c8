"""Who can see what:

listed, taken back with one button, widened by a new consent alone.
"""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions import clients as client_actions
from assessments.models import Coach, Owner, Participation, ShareLink
from assessments.queries import clients as client_queries
from assessments.results.scopes import shown_at
from tests.support.coaching import invite, seen
from tests.support.guest import Guest
from tests.support.pages import text_of
from tests.support.taker import Taker

pytestmark = pytest.mark.django_db
SEES = "/quiz/result/sees/"


@pytest.fixture
def client_of(coach: Coach) -> Guest:
    """Ann has joined Carla's course and finished; Carla has notes, a next step and a
    link.
    """
    guest = Guest(invite(coach, onward=True, scope="strengths"))
    guest.share("Ann")
    guest.answer_all("clear_project")
    given = Participation.objects.get()
    client_actions.set_notes(given, notes="Ask about the team.")
    client_actions.add_step(given, text="Read chapter 3")
    client_actions.make_onward_link(
        given, scope="summary", label="Her manager", days=30
    )
    return guest


def sees(taker: Taker) -> str:
    return text_of(taker.client.get(SEES).content)


def test_result_says_in_a_line_who_can_see_it(client_of: Guest) -> None:
    assert "Carla can see this result: with strengths. Who can see what" in text_of(
        client_of.client.get("/quiz/result/").content
    )
    assert (
        f'<a href="{SEES}">Who can see what</a>'
        in client_of.client.get("/quiz/data/").content.decode()
    )


def test_page_lists_every_grant_with_all_that_was_agreed(client_of: Guest) -> None:
    given = Participation.objects.get()
    page = sees(client_of)
    day = f"{given.consented_at:%-d %B %Y}"
    for words in (
        "Carla For Spring course",
        f"Result 1, {day}",
        "How much With strengths",
        *shown_at("strengths"),
        f"Since {day}, under the name Ann",
        "Carla has made 1 link that works. See and end it",
        "1 share link works: whoever has the address can read.",
    ):
        assert words in page
    assert "Read chapter 3" not in page
    assert "Ask about" not in page


def test_next_steps_are_there_once_the_coach_shares_them(client_of: Guest) -> None:
    given = Participation.objects.get()
    assert "Read chapter 3" not in text_of(
        client_of.client.get("/quiz/result/").content
    )
    client_actions.share_steps(given, shared=True)
    step = client_actions.add_step(given, text="Ask <b>Bo</b>")
    client_actions.toggle_step(step, done=True)
    page = client_of.client.get("/quiz/result/").content.decode()
    assert "Next steps with Carla" in page
    assert "Read chapter 3" in page
    assert "Ask &lt;b&gt;Bo&lt;/b&gt;" in page
    assert "Next steps Read chapter 3 Ask <b>Bo</b> (done)" in sees(client_of)


def test_taking_it_back_confirms_what_went_and_nothing_is_left(
    client_of: Guest, coach: Coach
) -> None:
    given, token = Participation.objects.get(), ShareLink.objects.get().token
    assert Client().get(f"/r/{token}/").status_code == 200
    assert client_of.client.post(f"{SEES}{given.pk}/withdraw/")["Location"] == SEES
    page = sees(client_of)
    assert (
        "Taken back. Carla sees nothing of it any more. Deleted with it, of Carla’s:"
        " private notes, 1 next step, 1 link." in page
    )
    assert "Nobody but you sees anything of yours." in page
    assert seen(coach, given) is None
    assert Client().get(f"/r/{token}/").status_code == 404
    assert "Carla" not in text_of(client_of.client.get("/quiz/result/").content)


def test_answers_not_finished_are_listed_and_can_be_taken_back(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    assert "The result of the answers you have begun, once you finish" in sees(guest)
    guest.client.post(f"{SEES}{Participation.objects.get().pk}/withdraw/")
    assert "Taken back. Carla sees nothing of it any more. " in sees(guest)
    assert guest.attempt.pk


def test_second_press_finds_nothing_and_says_so(client_of: Guest) -> None:
    address = f"{SEES}{Participation.objects.get().pk}/withdraw/"
    client_of.client.post(address)
    again = client_of.client.post(address)
    assert again.status_code == 404
    assert "Either it is taken back already, or it was never yours." in text_of(
        again.content
    )


def test_stranger_takes_nothing_back_and_shows_nothing(
    client_of: Guest, stranger: Taker
) -> None:
    pk = Participation.objects.get().pk
    posts = [
        (f"{SEES}{pk}/withdraw/", {}),
        (f"{SEES}{pk}/newer/", {f"newer-{pk}-agree": "on", f"newer-{pk}-result": "1"}),
    ]
    assert [Client().post(address, data)["Location"] for address, data in posts] == [
        "/quiz/",
        "/quiz/",
    ]
    stranger.take("both")
    for address, data in posts:
        response = stranger.client.post(address, data)
        assert response.status_code == 404
        assert b"Carla" not in response.content
    assert Participation.objects.count() == 1


def test_page_needs_a_key_with_something_behind_it(client_of: Guest) -> None:
    assert Client().get(SEES)["Location"] == "/quiz/"
    Owner.objects.all().delete()
    assert client_of.client.get(SEES).status_code == 404
    assert client_of.client.post(f"{SEES}1/withdraw/").status_code == 404


@pytest.mark.parametrize("address", ["withdraw/", "newer/"])
def test_what_writes_is_not_done_by_get(client_of: Guest, address: str) -> None:
    assert (
        client_of.client.get(
            f"{SEES}{Participation.objects.get().pk}/{address}"
        ).status_code
        == 405
    )


# A newer result


def newer(guest: Guest) -> tuple[str, dict[str, str]]:
    """A second result, and what the form for it sends."""
    guest.take_again("both")
    pk = Participation.objects.earliest("pk").pk
    return f"{SEES}{pk}/newer/", {f"newer-{pk}-result": "2", f"newer-{pk}-agree": "on"}


def test_newer_result_is_shown_after_a_new_consent_alone(
    client_of: Guest, coach: Coach
) -> None:
    address, data = newer(client_of)
    invitation = Participation.objects.get().invitation
    assert "Carla sees an earlier result of yours, not this one." in text_of(
        client_of.client.get("/quiz/result/").content
    )
    assert "Let Carla see this newer result, too" in sees(client_of)
    assert "checked" not in client_of.client.get(SEES).content.decode()
    refused = client_of.client.post(
        address, {name: value for name, value in data.items() if "agree" not in name}
    )
    assert refused.status_code == 422
    assert "Tick the box if Carla may see your newer result." in text_of(
        refused.content
    )
    assert b"<title>Error: " in refused.content
    assert [
        row.result.number
        for row in client_queries.visible_clients(invitation)
        if row.result
    ] == [1]
    assert client_of.client.post(address, data)["Location"] == SEES
    assert sorted(
        row.result.number
        for row in client_queries.visible_clients(invitation)
        if row.result
    ) == [1, 2]
    assert "Let Carla see this newer result" not in sees(client_of)


def test_earlier_grant_stays_until_it_is_taken_back(client_of: Guest) -> None:
    address, data = newer(client_of)
    client_of.client.post(address, data)
    invitation = Participation.objects.latest("pk").invitation
    client_of.client.post(f"{SEES}{Participation.objects.earliest('pk').pk}/withdraw/")
    assert [
        row.result.number
        for row in client_queries.visible_clients(invitation)
        if row.result
    ] == [2]


@pytest.mark.parametrize(("number", "status"), [("3", 404), ("0", 422), ("x", 422)])
def test_newer_result_must_be_there(client_of: Guest, number: str, status: int) -> None:
    address, data = newer(client_of)
    data = {
        name: number if name.endswith("result") else value
        for name, value in data.items()
    }
    assert client_of.client.post(address, data).status_code == status
    assert Participation.objects.count() == 1


def test_careless_newer_result_is_not_offered_and_not_shown(client_of: Guest) -> None:
    client_of.take_again("careless")
    assert "Let Carla see" not in sees(client_of)
    pk = Participation.objects.get().pk
    assert (
        client_of.client.post(
            f"{SEES}{pk}/newer/", {f"newer-{pk}-result": "2", f"newer-{pk}-agree": "on"}
        ).status_code
        == 404
    )


# The coach's links, and the end of everything


def test_owner_sees_and_ends_the_coachs_link_on_her_share_page(
    client_of: Guest,
) -> None:
    link = ShareLink.objects.get()
    page = text_of(client_of.client.get("/quiz/result/share/").content)
    assert "Her manager" in page
    assert "Made by Carla, as you agreed." in page
    client_of.client.post(f"/quiz/result/share/{link.pk}/revoke/")
    assert Client().get(f"/r/{link.token}/").status_code == 404
    assert "Carla may make links, and has none that works." in sees(client_of)


def test_receipt_counts_what_coaches_could_see(client_of: Guest) -> None:
    response = client_of.client.post("/quiz/data/", {"sure": "on"})
    text = text_of(response.content)
    assert (
        "1 result, 1 set of answers and 1 share link were deleted. With them went 1"
        " permission for coaches" in text
    )


def test_data_page_lists_what_coaches_may_see(client_of: Guest) -> None:
    assert "What Carla may see, since " in text_of(
        client_of.client.get("/quiz/data/").content
    )
