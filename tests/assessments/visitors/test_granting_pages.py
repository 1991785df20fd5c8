"""Who can see what.

Listed, taken back with one button, widened by a new consent alone.
"""

from __future__ import annotations

import pytest
from django.test import Client

from assessments.actions import clients as client_actions
from assessments.actions import grants
from assessments.models import (
    Coach,
    Departure,
    NextStep,
    Owner,
    Participation,
    ShareLink,
)
from assessments.queries import clients as client_queries
from assessments.queries.departures import Withdrawn
from assessments.results.scopes import shown_at
from assessments.visitors.owner_cookie import COOKIE
from tests.support.coaching import invite, seen
from tests.support.dom import Element, parse
from tests.support.guest import Guest
from tests.support.pages import levels, steps_shown
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
        given, scope="summary", label="The manager", days=30
    )
    return guest


def sees(taker: Taker) -> Element:
    return parse(taker.client.get(SEES))


def asks_for_newer(taker: Taker) -> list[bool]:
    """Whether each row of the page asks for consent to a newer result."""
    rows = taker.client.get(SEES).context["rows"]
    return [row.form is not None for row in rows]


def test_result_says_in_a_line_who_can_see_it(client_of: Guest) -> None:
    response = client_of.client.get("/quiz/result/")
    assert [grant.shown for grant in response.context["grants"]] == [True]
    [line] = [
        note.text
        for note in parse(response).all(".note")
        if note.has("a[href='#seen']")
    ]
    assert "Carla" in line
    assert SEES in parse(client_of.client.get("/quiz/data/")).values("main a")


def test_page_lists_every_grant_with_all_that_was_agreed(client_of: Guest) -> None:
    given = Participation.objects.get()
    page = sees(client_of)
    day = f"{given.consented_at:%B %-d, %Y}"
    terms = dict(zip(page.texts(".grant dt"), page.texts(".grant dd"), strict=True))
    assert terms["For"] == "Spring course"
    assert day in terms["What"]
    assert page.texts(".grant li") == shown_at("strengths")
    assert day in terms["Since"]
    assert "Ann" in terms["Since"]
    assert page.values(".grant a") == ["/quiz/result/1/", "/quiz/result/share/"]
    private = [given.notes, *given.steps.values_list("text", flat=True)]
    assert len(private) == 2
    assert [words for words in private if not words or words in page.text] == []


def test_next_steps_are_there_once_the_coach_shares_them(client_of: Guest) -> None:
    given = Participation.objects.get()
    assert steps_shown(client_of.client.get("/quiz/result/")) == []
    client_actions.share_steps(given, shared=True)
    step = client_actions.add_step(given, text="Ask <b>Bo</b>")
    client_actions.toggle_step(step, done=True)
    steps = steps_shown(client_of.client.get("/quiz/result/"))
    assert steps == ["Read chapter 3", "Ask <b>Bo</b>"]
    assert "Ask <b>Bo</b>" in sees(client_of).text


def test_client_marks_steps_that_the_coach_shows(
    client_of: Guest, stranger: Taker
) -> None:
    given, step = Participation.objects.get(), NextStep.objects.get()
    address = f"/quiz/result/step/{step.pk}/tick/"
    assert client_of.client.post(address, {"done": "yes"}).status_code == 404
    client_actions.share_steps(given, shared=True)
    [form] = parse(client_of.client.get("/quiz/result/")).all(".checklist form")
    assert form.attributes["action"] == address
    marked = client_of.client.post(address, {"done": "yes", "page": "1"})
    assert marked["Location"] == f"/quiz/result/1/#steps-{given.pk}"
    step.refresh_from_db()
    assert step.done_by_client
    assert parse(client_of.client.get("/quiz/result/")).has(".checklist .done")
    for page in ("", "x", "99999999", "²"):
        undone = client_of.client.post(address, {"done": "no", "page": page})
        assert undone["Location"] == f"{SEES}#steps-{given.pk}"
    step.refresh_from_db()
    assert step.done_at is None
    stranger.take("both")
    assert stranger.client.post(address, {"done": "yes"}).status_code == 404
    assert Client().post(address, {"done": "yes"})["Location"] == "/quiz/"
    client_of.client.post(f"{SEES}{given.pk}/withdraw/")
    assert client_of.client.post(address, {"done": "yes"}).status_code == 404


def test_taking_it_back_confirms_what_went_and_nothing_is_left(
    client_of: Guest, coach: Coach
) -> None:
    given, token = Participation.objects.get(), ShareLink.objects.get().token
    assert Client().get(f"/r/{token}/").status_code == 200
    assert client_of.client.post(f"{SEES}{given.pk}/withdraw/")["Location"] == SEES
    page = sees(client_of)
    receipt = page.one("[role=status]").text
    for deleted in ("private notes", "1 next step", "1 link"):
        assert deleted in receipt
    assert not page.has(".grant")
    assert seen(coach, given) is None
    assert Client().get(f"/r/{token}/").status_code == 404
    result = client_of.client.get("/quiz/result/")
    assert (result.status_code, parse(result).has("#seen")) == (200, False)


def test_answers_not_finished_are_listed_and_can_be_taken_back(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    [row] = guest.client.get(SEES).context["rows"]
    assert row.grant.result is None
    guest.client.post(f"{SEES}{Participation.objects.get().pk}/withdraw/")
    page = guest.client.get(SEES)
    assert (page.context["rows"], levels(page)) == ([], ["success"])
    assert guest.attempt.pk


def test_second_press_finds_nothing_and_says_so(client_of: Guest) -> None:
    address = f"{SEES}{Participation.objects.get().pk}/withdraw/"
    client_of.client.post(address)
    again = client_of.client.post(address)
    assert (again.status_code, again.context["grant_is_missing"]) == (404, True)
    assert parse(again).has(".notice[role=status]")


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


def test_what_writes_is_not_done_by_get(client_of: Guest) -> None:
    pk = Participation.objects.get().pk
    assert client_of.client.get(f"{SEES}{pk}/newer/").status_code == 405
    assert client_of.client.get(f"{SEES}removed/").status_code == 405


def test_before_taking_it_back_the_client_reads_what_goes(client_of: Guest) -> None:
    given = Participation.objects.get()
    address = f"{SEES}{given.pk}/withdraw/"
    assert address in sees(client_of).values("main a")
    response = client_of.client.get(address)
    assert response.context["goes"] == Withdrawn(notes=True, steps=1, links=1)
    page = parse(response)
    assert "private notes, 1 next step, and 1 link" in page.one("main").text
    assert given.notes not in page.text
    assert page.values("main form") == [address]
    assert SEES in page.values("main a.button")
    assert Participation.objects.exists()
    Participation.objects.update(notes="")
    NextStep.objects.all().delete()
    ShareLink.objects.all().delete()
    bare = client_of.client.get(address)
    assert bare.context["goes"] == Withdrawn(notes=False, steps=0, links=0)


def test_question_about_another_owners_grant_is_404(
    client_of: Guest, stranger: Taker
) -> None:
    stranger.take("both")
    pk = Participation.objects.get().pk
    response = stranger.client.get(f"{SEES}{pk}/withdraw/")
    assert response.status_code == 404
    assert b"Carla" not in response.content


# Removed by the coach


def test_removed_client_reads_it_until_they_say_so(client_of: Guest) -> None:
    grants.remove_client(Participation.objects.get())
    for address in (SEES, "/quiz/result/"):
        page = parse(client_of.client.get(address))
        notice = page.one(".removals").text
        assert "Carla" in notice
        assert "Spring course" in notice
        assert page.values("form.removals") == [f"{SEES}removed/"]
    assert client_of.client.post(f"{SEES}removed/")["Location"] == SEES
    for address in (SEES, "/quiz/result/"):
        assert not parse(client_of.client.get(address)).has(".removals")
    assert Departure.objects.get().owner is None


def test_removed_client_without_a_result_reads_it(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.share()
    grants.remove_client(Participation.objects.get())
    assert sees(guest).has(".removals")


def test_nobody_else_reads_of_a_removal_or_puts_it_away(
    client_of: Guest, stranger: Taker
) -> None:
    grants.remove_client(Participation.objects.get())
    stranger.take("both")
    assert not sees(stranger).has(".removals")
    stranger.client.post(f"{SEES}removed/")
    assert Client().post(f"{SEES}removed/")["Location"] == "/quiz/"
    unknown = Client()
    unknown.cookies[COOKIE] = "7K3M9Q2RTX0F5HJ8WYZ4"
    assert unknown.post(f"{SEES}removed/")["Location"] == SEES
    assert Departure.objects.get().owner is not None


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
    result = client_of.client.get("/quiz/result/")
    assert [grant.result.number for grant in result.context["newer_for"]] == [1]
    assert asks_for_newer(client_of) == [True]
    box = sees(client_of).one("input[type=checkbox]")
    assert "checked" not in box.attributes
    refused = client_of.client.post(
        address, {name: value for name, value in data.items() if "agree" not in name}
    )
    assert refused.status_code == 422
    assert refused.context["refused"].errors.keys() == {"agree"}
    assert parse(refused).one("head title").text.startswith("Error: ")
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
    assert asks_for_newer(client_of) == [False, False]


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
    assert asks_for_newer(client_of) == [False]
    pk = Participation.objects.get().pk
    assert (
        client_of.client.post(
            f"{SEES}{pk}/newer/", {f"newer-{pk}-result": "2", f"newer-{pk}-agree": "on"}
        ).status_code
        == 404
    )


# The coach's links, and the end of everything


def test_owner_sees_and_ends_the_coachs_link_on_the_share_page(
    client_of: Guest,
) -> None:
    link = ShareLink.objects.get()
    [item] = parse(client_of.client.get("/quiz/result/share/")).texts(".link-list li")
    assert item.startswith("The manager")
    assert "Carla" in item
    client_of.client.post(f"/quiz/result/share/{link.pk}/revoke/")
    assert Client().get(f"/r/{link.token}/").status_code == 404
    assert sees(client_of).values(".grant a") == ["/quiz/result/1/"]


def test_receipt_counts_what_coaches_could_see(client_of: Guest) -> None:
    response = client_of.client.post("/quiz/data/", {"sure": "on"})
    deleted = response.context["deleted"]
    assert (deleted.results, deleted.attempts) == (1, 1)
    assert (deleted.share_links, deleted.participations) == (1, 1)


def test_data_page_lists_what_coaches_may_see(client_of: Guest) -> None:
    response = client_of.client.get("/quiz/data/")
    coaches = [
        grant.participation.invitation.coach.name
        for grant in response.context["grants"]
    ]
    assert coaches == ["Carla"]
    assert "Carla" in parse(response).one("main").text
