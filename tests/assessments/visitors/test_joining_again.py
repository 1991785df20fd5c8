"""An invitation opened by somebody who has answers, results or a grant already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.actions import invitations
from assessments.models import Attempt, Coach, Owner, Participation
from assessments.queries import clients, grants
from assessments.visitors.owner_cookie import COOKIE
from tests.support.coaching import invite
from tests.support.guest import KEY, Guest
from tests.support.pages import text_of
from tests.support.taker import Taker, answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_open_answers_are_gone_on_with(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.start("short")
    guest.answer(1, answers_of("both"))
    assert (
        "The answers that I have begun here, 4 so far, once I finish them"
        in guest.terms()
    )
    response = guest.share(what="answers")
    assert response["Location"] == "/quiz/2/"
    assert COOKIE not in response.cookies
    given = Participation.objects.get()
    assert (given.attempt, given.attempt.form) == (guest.attempt, "full")


def test_private_way_goes_on_with_open_answers(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.start("short")
    guest.answer(1, answers_of("both"))
    assert (
        guest.client.post(guest.address, {"action": "private"})["Location"]
        == "/quiz/2/"
    )
    assert (Attempt.objects.count(), guest.attempt.form) == (1, "short")
    assert not Participation.objects.exists()


@pytest.mark.parametrize("by", ["this coach", "another coach"])
def test_private_way_asks_first_where_the_open_answers_are_shared_already(
    coach: Coach, other_coach: Coach, by: str
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer(1, answers_of("both"))
    if by == "another coach":
        guest.address = f"/join/{invite(other_coach).code}/"
        assert (
            "The answers you have begun here are shared with Carla already."
            in guest.terms()
        )
    asks = guest.client.post(guest.address, {"action": "private"})
    assert asks.status_code == 409
    assert "agreed that Carla may see their result" in text_of(asks.content)
    assert 'href="/quiz/result/sees/">Who can see what</a>' in asks.content.decode()
    assert Participation.objects.count() == 1
    assert (
        guest.client.post(guest.address, {"action": "take_back"})["Location"]
        == "/quiz/2/"
    )
    assert not Participation.objects.exists()
    assert (Attempt.objects.count(), len(guest.attempt.answers)) == (1, 4)


def test_private_way_asks_with_the_name_of_every_coach(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.address = f"/join/{invite(other_coach).code}/"
    guest.share(what="answers")
    asks = guest.client.post(guest.address, {"action": "private"})
    assert (asks.status_code, Participation.objects.count()) == (409, 2)
    assert "Go on, shared with Otto and Carla" in text_of(asks.content)
    guest.client.post(guest.address, {"action": "take_back"})
    assert not Participation.objects.exists()


def test_private_way_after_a_shared_result_is_a_new_private_sitting(
    coach: Coach,
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    guest.answer_all("clear_project")
    assert (
        guest.client.post(guest.address, {"action": "private"})["Location"]
        == "/quiz/1/"
    )
    assert "You share the result" not in text_of(guest.client.get("/quiz/1/").content)
    assert Participation.objects.get().attempt != guest.attempt


def test_full_invitation_says_that_open_answers_are_shared_with_another_coach(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    closed = invite(other_coach)
    invitations.close(closed)
    guest.address = f"/join/{closed.code}/"
    assert "The answers you have begun here are shared with Carla." in guest.terms()


def test_finished_result_is_attached_and_never_held(coach: Coach) -> None:
    invitation = invite(coach, held_until=timezone.now() + timedelta(days=3))
    guest = Guest(invitation)
    guest.take("clear_project")
    day = f"{timezone.now():%-d %B %Y}"
    assert (
        f"My result 1, {day}, full form: points clearly to project management"
        in guest.terms()
    )
    response = guest.share(what="1")
    assert response["Location"] == "/quiz/result/sees/"
    assert (
        f"Carla can see your result 1, {day}, now."
        in guest.client.get("/quiz/result/sees/").content.decode()
    )
    assert [row.result for row in clients.visible_clients(invitation)] == [
        guest.result()
    ]
    assert (
        "Your answers point clearly to"
        in guest.client.get("/quiz/result/").content.decode()
    )


def test_whoever_has_a_result_may_answer_afresh(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    assert guest.share(what="answers")["Location"] == "/quiz/1/"
    assert Participation.objects.get().attempt == guest.attempt
    assert Owner.objects.count() == 1


@pytest.mark.parametrize("what", ["2", "", "everything"])
def test_nothing_but_ones_own_results_can_be_chosen(
    coach: Coach, stranger: Taker, what: str
) -> None:
    stranger.take("both")
    guest = Guest(invite(coach))
    guest.take("close")
    assert guest.share(what=what).status_code == 422
    assert not Participation.objects.exists()


def test_careless_result_is_not_offered(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("careless")
    assert "My result 1" not in guest.terms()
    assert guest.share(what="1").status_code == 422


def test_held_outcome_is_not_told_by_another_coachs_page(
    coach: Coach, other_coach: Coach
) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("clear_project")
    guest.address = f"/join/{invite(other_coach).code}/"
    text = guest.terms()
    assert "full form: held for a talk" in text
    assert "points clearly" not in text


def test_not_you_starts_with_a_key_of_ones_own(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    before = guest.key
    assert '<a href="?who=new">Not you?' in guest.terms()
    page = guest.client.get(guest.address, {"who": "new"}).content.decode()
    assert "My result 1" not in page
    assert '<input type="hidden" name="who" value="new">' in page
    key = KEY.search(page)[1]
    data = {"who": "new", "key": key, "name": "Ben", "agree": "on", "action": "share"}
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/1/"
    assert guest.key == key != before
    assert Owner.objects.count() == 2


def test_whoever_is_in_goes_on_and_may_show_another_result(coach: Coach) -> None:
    guest = Guest(invite(coach, max_uses=1))
    guest.take("both")
    guest.share(what="answers")
    text = guest.terms()
    assert "You have joined Carla already" in text
    assert '<a class="button" href="/quiz/1/"> Continue </a>' in text
    assert 'value="private"' not in text
    assert guest.share(what="1")["Location"] == "/quiz/result/sees/"
    assert Participation.objects.count() == 2
    assert 'name="agree"' not in guest.terms()


def test_result_attached_twice_is_shown_once(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.take("both")
    data = {"name": "Ann", "agree": "on", "action": "share", "what": "1"}
    assert guest.client.post(guest.address, data)["Location"] == "/quiz/result/sees/"
    assert guest.client.post(guest.address, data)["Location"] == guest.address
    assert Participation.objects.count() == 1


def test_key_without_anything_behind_it_is_somebody_new(coach: Coach) -> None:
    guest = Guest(invite(coach))
    guest.client.cookies[COOKIE] = "7K3M9Q2RTX0F5HJ8WYZ4"
    assert guest.share()["Location"] == "/quiz/1/"


def test_sitting_says_quietly_with_whom_it_is_shared(
    coach: Coach, visitor: Taker
) -> None:
    guest = Guest(invite(coach))
    guest.share()
    for address in ("/quiz/1/", "/quiz/review/"):
        assert "You share the result of these answers with Carla." in text_of(
            guest.client.get(address).content
        )
    visitor.start()
    assert "You share the result" not in text_of(visitor.client.get("/quiz/1/").content)


def test_careless_result_says_that_the_coach_sees_nothing_of_it(coach: Coach) -> None:
    guest = Guest(invite(coach, held_until=timezone.now() + timedelta(days=3)))
    guest.share()
    guest.answer_all("careless")
    text = text_of(guest.client.get("/quiz/result/").content)
    assert (
        "Carla sees nothing of it: a result that says nothing fair is shown to no"
        " coach." in text
    )
    assert grants.grants_of(guest.owner)[0].shown is False


def test_invitation_gone_with_its_coach_is_not_there(coach: Coach) -> None:
    guest = Guest(invite(coach))
    coach.delete()
    assert guest.client.get(guest.address).status_code == 404
